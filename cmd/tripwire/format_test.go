package main

import (
	"encoding/json"
	"slices"
	"testing"

	"tripwire/study/record"
)

// Parquet files are part of the result: in the manifest, in datapackage.json, and the same from any number of workers.
func TestFormatParquet(t *testing.T) {
	t.Chdir(t.TempDir())
	csv := must(t, "run", "baseline", "-n", "30", "-o", "csv", "--progress", "none")
	one := must(t, "run", "baseline", "-n", "30", "-o", "one", "--progress", "none", "--events", "all", "--format", "csv,parquet", "-j", "1")
	must(t, "run", "baseline", "-n", "30", "-o", "two", "--progress", "none", "--events", "all", "--format", "csv,parquet", "-j", "3")
	if csv.out == "" || read(t, "csv/runs.csv") != read(t, "one/runs.csv") {
		t.Error("--format csv,parquet changes runs.csv")
	}
	r, err := record.Open("one")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if !slices.Equal(r.Manifest.Formats, []string{"csv", "parquet"}) || !slices.Equal(r.Package.Parquet, []string{"runs", "events"}) {
		t.Errorf("the manifest names the formats %q, datapackage.json has as Parquet %q", r.Manifest.Formats, r.Package.Parquet)
	}
	for _, name := range []string{"runs.parquet", "events.parquet", "manifest.json"} {
		if !r.Has(name) && name != "manifest.json" || read(t, "one/"+name) != read(t, "two/"+name) {
			t.Errorf("%s: in the manifest %v; differs between 1 and 3 workers", name, r.Has(name))
		}
	}
	// A result with Parquet has all that is asked for without.
	if again := must(t, "run", "baseline", "-n", "30", "-o", "one"); again.out != one.out || again.err != "" {
		t.Errorf("the finished result is not printed as it was: %s", again.err)
	}
	var p struct {
		Resources []struct{ Name, Path, Format string }
	}
	if err := json.Unmarshal([]byte(read(t, "one/datapackage.json")), &p); err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(p.Resources, func(r struct{ Name, Path, Format string }) bool { return r.Name == "runs-parquet" }); i < 0 ||
		p.Resources[i].Path != "runs.parquet" || p.Resources[i].Format != "parquet" {
		t.Errorf("datapackage.json describes %v", p.Resources)
	}
}
