package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tripwire/study/record"
)

// plant writes another measure into a result: deterred is 1 where yes says so of the factors of a row and of
// a number in [0, 1) that is luck, else 0. So the answers are known, and no change of the war moves them.
func plant(t *testing.T, dir string, yes func(factor map[string]float64, luck float64) bool) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(read(t, filepath.Join(dir, "runs.csv")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(rows[0], "deterred")
	factor := map[string]float64{}
	for i, row := range rows[1:] {
		for j, name := range rows[0] {
			if key, is := strings.CutPrefix(name, "p_"); is {
				factor[key], _ = strconv.ParseFloat(row[j], 64)
			}
		}
		row[at] = "0"
		if yes(factor, rand.New(rand.NewPCG(1, uint64(i))).Float64()) {
			row[at] = "1"
		}
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "runs.csv"), b.String())
	var m record.Manifest
	manifest := filepath.Join(dir, "manifest.json")
	if err := json.Unmarshal([]byte(read(t, manifest)), &m); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(b.Bytes())
	m.Files["runs.csv"] = record.FileInfo{Bytes: int64(b.Len()), SHA256: hex.EncodeToString(sum[:])}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	write(t, manifest, string(text))
}

const sampledText = `extends = "baseline"
title = "Planted"
question = "Is what was planted found?"
horizon_d = 400
[study]
replications = 2
[[study.factors]]
key = "attribution.threshold"
low = 0.8
high = 0.99
[[study.factors]]
key = "coalition.hub_distance_km"
low = 100
high = 200
[[study.factors]]
key = "washington.p_response_major"
low = 0.2
high = 0.6
[[study.factors]]
key = "washington.p_response_limited"
low = 0.1
high = 0.3
`

func TestSensitivity(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "planted.toml", sampledText)
	run := func(name string, sets ...string) {
		args := []string{"run", "planted.toml", "-o", name, "--progress", "none"}
		for _, set := range sets {
			args = append(args, "--set", set)
		}
		must(t, args...)
	}
	run("saltelli", "study.design=saltelli", "study.points=16", "study.replications=4")
	run("morris", "study.design=morris", "study.points=12")
	run("futures", "study.design=latin-hypercube", "study.points=600", "study.common_luck=false")
	for _, dir := range []string{"saltelli", "morris"} {
		plant(t, dir, func(f map[string]float64, luck float64) bool {
			return luck < min(1, max(0, (f["coalition_hub_distance_km"]-100)/100))*(0.4+f["washington_p_response_major"])
		})
	}
	plant(t, "futures", func(f map[string]float64, luck float64) bool {
		if f["coalition_hub_distance_km"] < 150 && f["attribution_threshold"] > 0.9 {
			return luck > 0.9
		}
		return luck > 0.1
	})
	got := map[string]string{}
	for _, dir := range []string{"saltelli", "morris", "futures"} {
		for _, form := range []string{"", "--md", "--csv", "--json"} {
			got[dir+form] = must(t, append([]string{"sensitivity", dir}, strings.Fields(form)...)...).out
		}
		if !json.Valid([]byte(got[dir+"--json"])) {
			t.Errorf("%s: --json is\n%s", dir, got[dir+"--json"])
		}
	}
	for _, c := range []struct{ args, want string }{
		{"saltelli --method morris", `the result's design is saltelli; it needs a study with design = "morris" (what this one can feed is --method sobol)`},
		{"saltelli --method prim", "it needs a study with sampled points"},
		{"futures --method sobol", `it needs a study with design = "saltelli" (what this one can feed is --method prim)`},
		{"futures --method regression", "--method regression: must be sobol, morris, prim"},
		{"futures --measure deter", "--measure deter: no such measure"},
		{"futures --measure front_max_km", "say which cases are of interest: --below X or --above X"},
		{"futures --below 0", "no point is a case of interest"},
		{"futures --below 0.5 --above 0.5", "give one of them"},
		{"morris --above 0.5", "are for --method prim"},
		{"saltelli --measure war_d", "--measure war_d: missing in "},
		{"saltelli --level 2", "--level 2: must be in (0, 1)"},
	} {
		if got := call(t, strings.Fields("sensitivity "+c.args)...); got.code != 2 || !strings.Contains(got.err, c.want) {
			t.Errorf("sensitivity %s: exit %d, %s\nwant exit 2, %s", c.args, got.code, got.err, c.want)
		}
	}
	must(t, "run", "baseline", "-n", "3", "-o", "one", "--progress", "none")
	if got := call(t, "sensitivity", "one"); got.code != 2 || !strings.Contains(got.err, "the design of this result (single) samples nothing") {
		t.Errorf("of one point: exit %d, %s", got.code, got.err)
	}
	if err := os.Chdir(home); err != nil {
		t.Fatal(err)
	}
	golden(t, "sobol.txt", got["saltelli"])
	golden(t, "sobol.md", got["saltelli--md"])
	golden(t, "morris.txt", got["morris"])
	golden(t, "morris.csv", got["morris--csv"])
	golden(t, "prim.txt", got["futures"])
	golden(t, "prim.csv", got["futures--csv"])
}
