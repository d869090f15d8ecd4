//go:build duckdb

package main

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// duckdb carries out SQL in DuckDB (npm install @duckdb/node-api, found by NODE_PATH) and returns the rows of the
// last statement.
func duckdb(t *testing.T, sql ...string) (rows [][]any) {
	t.Helper()
	const script = `
const { DuckDBInstance } = require("@duckdb/node-api");
(async () => {
	const db = await (await DuckDBInstance.create()).connect();
	let rows = [];
	for (const sql of JSON.parse(process.argv[1])) rows = (await db.runAndReadAll(sql)).getRowsJson();
	console.log(JSON.stringify(rows));
})().catch(e => { console.error(e.message); process.exit(1); });`
	list, err := json.Marshal(sql)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", "-e", script, string(list))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v (needs npm install @duckdb/node-api, and its node_modules in NODE_PATH)", err)
	}
	if err := json.Unmarshal(out, &rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

// Another implementation of Parquet reads every cell as it stands in the CSV, and every column with its type.
func TestParquetInDuckDB(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", troops)
	must(t, "run", "troops.toml", "-o", "r", "--events", "all", "--format", "csv,parquet", "--progress", "none")
	for _, name := range []string{"runs", "events"} {
		want := cellsOf(t, "r/"+name+".csv")
		duckdb(t, "COPY (SELECT * FROM 'r/"+name+".parquet') TO '"+name+".csv' (HEADER, NULLSTR '')")
		got := cellsOf(t, name+".csv")
		if len(got) != len(want) || len(want) < 100 {
			t.Fatalf("%s: %d lines, want %d", name, len(got), len(want))
		}
		kinds := kindsOf(t, name)
		for i, row := range want {
			for j, cell := range row {
				if i > 0 && !sameCell(kinds[j], got[i][j], cell) || i == 0 && got[i][j] != cell {
					t.Fatalf("%s, line %d, %s: DuckDB reads %q, the CSV has %q", name, i+1, want[0][j], got[i][j], cell)
				}
			}
		}
		types := map[string]string{"boolean": "BOOLEAN", "integer": "BIGINT", "number": "DOUBLE", "string": "VARCHAR"}
		for j, column := range duckdb(t, "DESCRIBE SELECT * FROM 'r/"+name+".parquet'") {
			if column[0] != want[0][j] || column[1] != types[kinds[j]] {
				t.Errorf("%s: column %d is %v %v, want %s %s", name, j, column[0], column[1], want[0][j], types[kinds[j]])
			}
		}
	}
	unit := duckdb(t, "SELECT value::VARCHAR FROM parquet_kv_metadata('r/runs.parquet') WHERE key::VARCHAR = 'front_max_km.unit'")
	if len(unit) != 1 || unit[0][0] != "km" {
		t.Errorf("the unit of front_max_km is %v, want km", unit)
	}
}

func cellsOf(t *testing.T, name string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(read(t, name))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// kindsOf is the types of the columns of a table, as datapackage.json has them.
func kindsOf(t *testing.T, name string) (kinds []string) {
	t.Helper()
	var p struct {
		Resources []struct {
			Name   string
			Schema struct{ Fields []struct{ Type string } }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "r/datapackage.json")), &p); err != nil {
		t.Fatal(err)
	}
	for _, r := range p.Resources {
		if r.Name == name+"-parquet" {
			for _, f := range r.Schema.Fields {
				kinds = append(kinds, f.Type)
			}
		}
	}
	return kinds
}

// sameCell says whether two cells of CSV say the same: numbers may be written in other words.
func sameCell(kind, a, b string) bool {
	switch {
	case a == "" || b == "" || kind == "string" || kind == "integer":
		return a == b
	case kind == "boolean":
		return a == map[string]string{"0": "false", "1": "true"}[b]
	}
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return errX == nil && errY == nil && x == y
}
