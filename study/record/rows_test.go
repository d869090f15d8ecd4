package record

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// A table can be read from any row on whose place was met, and again, in stretches; errors name the line.
func TestRows(t *testing.T) {
	r, table := mixed()
	all := r.AppendTable(nil, table)
	rows, err := r.RowsAt(bytes.NewReader(all), "id", "outcome")
	if err != nil {
		t.Fatal(err)
	}
	places := []Place{rows.Place}
	for range table.Len() {
		if _, err := rows.Read(rows.Place, 1); err != nil {
			t.Fatal(err)
		}
		places = append(places, rows.Place)
	}
	if end := places[table.Len()]; end != (Place{int64(len(all)), strings.Count(string(all), "\n")}) {
		t.Errorf("after the last row it is at %+v of %d bytes", end, len(all))
	}
	for _, c := range []struct{ from, n, want int }{{3, 1, 1}, {0, 5, 5}, {2, 2, 2}, {4, 1, 1}, {1, 9, 4}, {0, 1, 1}, {1, 2, 2}} {
		got, err := rows.Read(places[c.from], c.n)
		if err != nil || got.Len() != c.want {
			t.Fatalf("%d rows from row %d: got %d, %v", c.n, c.from, got.Len(), err)
		}
		for i := range c.want {
			for k, column := range []int{0, 4} {
				if x, want := got.Row(i)[k], table.Row(c.from + i)[column]; x != want && !(math.IsNaN(x) && math.IsNaN(want)) {
					t.Errorf("row %d, %s: got %v, want %v", c.from+i, r.Columns[column].Name, x, want)
				}
			}
		}
	}
	bad := append(bytes.Clone(all), "5,R2,1,1.0,won\n"...)
	if rows, err = r.RowsAt(bytes.NewReader(bad), "outcome"); err != nil {
		t.Fatal(err)
	}
	if _, err := rows.Read(places[4], 2); err == nil || err.Error() != `runs.csv:8: outcome: "won" is no class` {
		t.Errorf("got %v, want that line 8 is at fault", err)
	}
	if _, err := r.RowsAt(strings.NewReader("id\n")); err == nil {
		t.Error("another header is not refused")
	}
}
