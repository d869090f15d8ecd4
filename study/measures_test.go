package study

import (
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
)

// No measure of a history is below 0, whatever is believed of the inputs: so no interval of a mean reaches there, in points.csv
// or in a report.
func TestNoMeasureIsBelowZero(t *testing.T) {
	s := mustLoad(t, "[study]\ndesign = \"latin-hypercube\"\npoints = 120\nreplications = 3\nuncertain = [\"*\"]\n")
	files, err := play(t, newRunner(s, Options{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"runs.csv", "points.csv"} {
		rows, err := csv.NewReader(strings.NewReader(files[name])).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		cut := 0
		for _, row := range rows[1:] {
			for i, cell := range row {
				x, err := strconv.ParseFloat(cell, 64)
				if err == nil && x < 0 && !strings.HasPrefix(rows[0][i], "p_") {
					t.Fatalf("%s: %s is %s in row %s", name, rows[0][i], cell, row[0])
				}
				if strings.HasSuffix(rows[0][i], "_mean_low") && cell == "0.0" {
					cut++
				}
			}
		}
		if name == "points.csv" && cut < 100 {
			t.Errorf("only %d intervals of means begin at 0, so that nothing was tried", cut)
		}
	}
}
