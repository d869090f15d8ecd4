package record

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

func TestAppendFloat(t *testing.T) {
	for _, c := range []struct {
		x      float64
		digits int
		want   string
	}{
		{0, 0, "0.0"},
		{math.Copysign(0, -1), 0, "0.0"},
		{math.Copysign(0, -1), 10, "0.0"},
		{1825, 0, "1825.0"},
		{-3, 0, "-3.0"},
		{0.1, 0, "0.1"},
		{1.0 / 3, 0, "0.3333333333333333"},
		{1.0 / 3, 10, "0.3333333333"},
		{2.0 / 3, 10, "0.6666666667"},
		{1234567, 0, "1234567.0"},
		{1234567, 10, "1234567.0"},
		{123456789012, 10, "1.23456789e+11"},
		{0.5, 10, "0.5"},
		{1e-7, 0, "1e-07"},
		{1.25e-7, 10, "1.25e-07"},
		{1e300, 0, "1e+300"},
		{1e15, 0, "1e+15"},
		{999999999999999, 0, "999999999999999.0"},
	} {
		if got := string(AppendFloat(nil, c.x, c.digits)); got != c.want {
			t.Errorf("AppendFloat(%v, %d) = %s, want %s", c.x, c.digits, got, c.want)
		}
	}
}

func TestFloatsReadBack(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		x := math.Float64frombits(random.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		s := string(AppendFloat(nil, x, 0))
		if got, err := strconv.ParseFloat(s, 64); err != nil || got != x {
			t.Fatalf("%v is written as %s and read as %v, %v", x, s, got, err)
		}
	}
}

// The reader takes every number for what strconv does, and refuses what it refuses.
func TestNumbers(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	fields := []string{"0", "0.0", "00.10", "5.", ".5", ".", "-", "-0", "-0.0", "+5", "1.2.3", "1_000", "0x10", "1e5", "1.5e-7", "12.", " 1", "1825.0", "nan", "Inf", "1e400",
		"9007199254740993.0", "9007199254740992.5", "9007199254740993.5", "0.000000000000000001", "9999999999999999999", "9223372036854775807", "9223372036854775808",
		"18446744073709551615.0", "1844674407370955161.5", "999999999999999999.9", "99999999999999999999", "1.0000000000000000000", "0.30000000000000004"}
	for range 200_000 {
		x := math.Exp(12 * random.NormFloat64())
		whole := strconv.FormatUint(random.Uint64()>>random.IntN(64), 10)
		point := random.IntN(len(whole) + 1)
		fields = append(fields, string(AppendFloat(nil, x, 0)), string(AppendFloat(nil, x, 10)), whole, whole[:point]+"."+whole[point:])
	}
	c := new(csvReader)
	for _, field := range fields {
		for _, column := range []Column{{Kind: Float}, {Kind: Int}} {
			want, err := strconv.ParseFloat(field, 64)
			if column.Kind == Int {
				var n int64
				n, err = strconv.ParseInt(field, 10, 64)
				want = float64(n)
			}
			wanted := err == nil && !math.IsInf(want, 0) && !math.IsNaN(want)
			got, ok := c.cell(&column, nil, []byte(field))
			if ok != wanted || ok && math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("%q as %v is %v, %v, want %v, %v: go test ./study/record -run TestNumbers", field, column.Kind, got, ok, want, wanted)
			}
		}
	}
}

// mixed is a table with every kind, every kind missing, and names that CSV must quote.
func mixed() (*Resource, *Table) {
	r := &Resource{Name: "runs", Doc: "a row a run", Key: []string{"id"}, Columns: []Column{
		{Name: "id", Title: "Run", Kind: Int},
		{Name: "p_roe", Kind: Text, Factor: true},
		{Name: "held", Kind: Bool, Doc: "it <held> & stood"},
		{Name: "front_km", Title: "Front", Unit: "km", Kind: Float},
		{Name: "outcome", Kind: Class, Classes: []string{"lost", "held, barely", `"quiet"`}},
	}}
	t := NewTable(r.Columns)
	roe := func(s string) float64 { return t.Columns[1].Intern(s) }
	no := math.NaN()
	t.Append(0, roe("R2"), 1, 12.5, 0)
	t.Append(1, roe("a,b"), 0, math.Copysign(0, -1), 1)
	t.Append(2, roe("say \"so\"\non two lines"), no, 1e-9, 2)
	t.Append(3, roe(""), 1, no, no)
	t.Append(9007199254740992, roe("R2"), no, no, no)
	return r, t
}

const mixedCSV = `id,p_roe,held,front_km,outcome
0,R2,1,12.5,lost
1,"a,b",0,0.0,"held, barely"
2,"say ""so""
on two lines",,1e-09,"""quiet"""
3,,1,,
9007199254740992,R2,,,
`

func TestCSV(t *testing.T) {
	r, table := mixed()
	if got := string(r.AppendTable(nil, table)); got != mixedCSV {
		t.Errorf("got\n%s\nwant\n%s", got, mixedCSV)
	}
}

// What is written reads back by datapackage.json alone.
func TestReadCSV(t *testing.T) {
	r, table := mixed()
	p, err := parsePackage((&Package{Resources: []Resource{*r}}).JSON())
	if err != nil {
		t.Fatal(err)
	}
	read := p.Resource("runs")
	rows := 0
	for chunk, err := range read.ReadCSV(strings.NewReader(mixedCSV)) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range chunk.Len() {
			for j, got := range chunk.Row(i) {
				want, column := table.Row(rows)[j], &table.Columns[j]
				if column.Kind == Text || column.Kind == Class {
					if got, want := chunk.Columns[j].Label(got), column.Label(want); got != want {
						t.Errorf("row %d, %s: got %q, want %q", rows, column.Name, got, want)
					}
				} else if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("row %d, %s: got %v, want %v", rows, column.Name, got, want)
				}
			}
			rows++
		}
	}
	if rows != table.Len() {
		t.Errorf("%d rows, want %d", rows, table.Len())
	}
	if p.Resources[0].Columns[3].Unit != "km" || !p.Resources[0].Columns[1].Factor || p.Resources[0].Columns[0].Title != "Run" {
		t.Errorf("the columns lost what they say of themselves: %+v", p.Resources[0].Columns)
	}
}

// Some columns are read without looking at the others, and a row still has as many fields as columns.
func TestReadCSVOfSomeColumns(t *testing.T) {
	r, table := mixed()
	rows := 0
	for chunk, err := range r.ReadCSV(strings.NewReader(mixedCSV), "outcome", "none such", "p_roe") {
		if err != nil {
			t.Fatal(err)
		}
		if len(chunk.Columns) != 2 {
			t.Fatalf("got the columns %v, want p_roe and outcome", chunk.Columns)
		}
		for i := range chunk.Len() {
			row, whole := chunk.Row(i), table.Row(rows)
			if roe, outcome := chunk.Columns[0].Label(row[0]), chunk.Columns[1].Label(row[1]); roe != table.Columns[1].Label(whole[1]) || outcome != table.Columns[4].Label(whole[4]) {
				t.Errorf("row %d: got %q and %q, want %q and %q", rows, roe, outcome, table.Columns[1].Label(whole[1]), table.Columns[4].Label(whole[4]))
			}
			rows++
		}
	}
	if rows != table.Len() {
		t.Errorf("%d rows, want %d", rows, table.Len())
	}
	for in, want := range map[string]string{
		"x,R2,9,x,lost\n":         "<nil>",
		"1,R2,1,1.0,won\n":        `runs.csv:2: outcome: "won" is no class`,
		"1,R2,1,1.0\n":            "runs.csv:2: the row has not 5 fields",
		"1,\"a,b\",1,1.0,lost,\n": "runs.csv:2: the row has not 5 fields",
	} {
		for _, err := range r.ReadCSV(strings.NewReader(string(r.AppendHeader(nil))+in), "outcome") {
			if fmt.Sprint(err) != want {
				t.Errorf("%q: got %v, want %s", in, err, want)
			}
		}
	}
}

func TestReadCSVFaults(t *testing.T) {
	r, _ := mixed()
	header := string(r.AppendHeader(nil))
	for name, c := range map[string]struct{ in, want string }{
		"empty file":   {"", "runs.csv:1: the header is not the one that datapackage.json describes"},
		"other header": {"id,p_roe\n", "runs.csv:1: the header is not the one that datapackage.json describes"},
		"too short":    {header + "1,2,1\n", "runs.csv:2: the row has not 5 fields"},
		"too long":     {header + "1,R1,1,2.0,lost,\n", "runs.csv:2: the row has not 5 fields"},
		"no class":     {header + "1,R1,1,2.0,lost\n1,R1,1,2.0,won\n", `runs.csv:3: outcome: "won" is no class`},
		"no bool":      {header + "1,R1,2,2.0,lost\n", `runs.csv:2: held: "2" is no bool`},
		"no int":       {header + "1.5,R1,1,2.0,lost\n", `runs.csv:2: id: "1.5" is no int`},
		"not finite":   {header + "1,R1,1,inf,lost\n", `runs.csv:2: front_km: "inf" is no float`},
		"cut short":    {header + "1,R1,1,2.0,lost", "runs.csv:2: the row has no end"},
		"open quote":   {header + "1,\"R1,1,2.0,lost\n", "runs.csv:3: the row has no end"},
		"endless line": {header + strings.Repeat("9", 2<<20), "runs.csv:2: a row of more than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var got error
			for _, err := range r.ReadCSV(strings.NewReader(c.in)) {
				got = err
			}
			if got == nil || got.Error() != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestReadCSVWithoutRows(t *testing.T) {
	r, _ := mixed()
	tables := 0
	for chunk, err := range r.ReadCSV(strings.NewReader(string(r.AppendHeader(nil)))) {
		if err != nil || chunk.Len() != 0 || len(chunk.Columns) != 5 {
			t.Errorf("got %d rows of %d columns, %v", chunk.Len(), len(chunk.Columns), err)
		}
		tables++
	}
	if tables != 1 {
		t.Errorf("%d tables, want 1", tables)
	}
}

func BenchmarkAppendRow(b *testing.B) {
	r, table := mixed()
	var buf []byte
	for b.Loop() {
		buf = r.AppendRow(buf[:0], table.Row(0))
	}
}

func BenchmarkReadCSV(b *testing.B) {
	r, table := mixed()
	rows := []byte(r.AppendHeader(nil))
	for range 10_000 {
		rows = r.AppendRow(rows, table.Row(0))
	}
	for b.Loop() {
		for _, err := range r.ReadCSV(strings.NewReader(string(rows))) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/row")
}
