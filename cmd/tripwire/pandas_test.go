//go:build pandas

package main

import (
	"cmp"
	"os"
	"os/exec"
	"testing"
)

// What docs/pandas.md shows runs, and its own assertions hold; and pandas, without options, takes each
// column for what datapackage.json says it is. Debian: python3-pandas, python3-matplotlib; the environment
// variable PYTHON may name another Python.
func TestPandas(t *testing.T) {
	const document = "docs/pandas.md"
	program := program(t, document, "python")
	must(t, "run", "credibility", "-n", "4", "--progress", "none", "-o", "results/points")
	write(t, "page.py", program+`
takes = {"integer": "i", "boolean": "i", "number": "f", "string": "O"}
for result in ["baseline", "points"]:
    package = json.load(open(f"results/{result}/datapackage.json"))
    for resource in package["resources"]:
        table = pd.read_csv(f"results/{result}/{resource['path']}")
        fields = resource["schema"]["fields"]
        assert list(table.columns) == [f["name"] for f in fields], resource["path"]
        for f in fields:
            column, kind = table[f["name"]], takes[f["type"]]
            if column.isna().all():
                continue
            if kind == "i" and column.isna().any():
                kind = "f"
            assert column.dtype.kind == kind, (resource["path"], f["name"], column.dtype, f["type"])
            if f["type"] == "boolean":
                assert set(column.dropna()) <= {0, 1}, f["name"]
            words = f.get("constraints", {}).get("enum")
            if words:
                assert set(column.dropna()) <= set(words), f["name"]
assert (runs.gate_failed == "none").any() and (runs.invaded == 1).sum() == runs.gate_failed.notna().sum()
`)
	cmd := exec.Command(cmp.Or(os.Getenv("PYTHON"), "python3"), "page.py")
	cmd.Env = append(os.Environ(), "MPLBACKEND=Agg")
	draws(t, document, cmd)
}
