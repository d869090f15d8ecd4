package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tripwire/model"
	"tripwire/stats"
)

// rounded is text with its numbers at six digits: the last ones differ between processors.
func rounded(text string) string {
	return regexp.MustCompile(`\d+\.\d+(e-?\d+)?`).ReplaceAllStringFunc(text, func(s string) string {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return s
		}
		return fmt.Sprintf("%.6g", x)
	})
}

func TestVerify(t *testing.T) {
	c := must(t, "verify")
	golden(t, "verify.txt", rounded(c.out))
	line := regexp.MustCompile(`^ok \S+ \S+ \S+$`)
	lines := strings.Split(strings.TrimSpace(c.out), "\n")
	for _, l := range lines[:len(lines)-1] {
		if !line.MatchString(l) {
			t.Errorf("%q is no line of the contract's", l)
		}
	}
	if want := fmt.Sprintf("%d passed, 0 failed", len(lines)-1); lines[len(lines)-1] != want {
		t.Errorf("ends with %q, want %q", lines[len(lines)-1], want)
	}
}

// A planted wrong answer is seen, and so is one that is no number.
func TestVerifySeesAWrongAnswer(t *testing.T) {
	planted := func(yield func(answer)) {
		stats.KnownAnswers(func(k stats.Known) {
			if strings.HasPrefix(k.Name, "wilson/") {
				yield(ofWar(model.Known{Name: k.Name, Got: k.Got, Want: k.Want, Tolerance: k.Tolerance}))
			}
		})
		yield(ofWar(model.Known{Name: "planted", Got: 2, Want: 3, Tolerance: .5}))
		yield(ofWar(model.Known{Name: "nan", Got: math.NaN(), Want: 3, Tolerance: .5, Simulated: true}))
	}
	for _, asJSON := range []bool{false, true} {
		var out bytes.Buffer
		std := &streams{out: bufio.NewWriter(&out)}
		err := verifyKnown(std, planted, asJSON)
		std.out.Flush()
		if code := exitCode(err); code != 4 || err.Error() != "2 of 4 known answers are missed" {
			t.Errorf("exit %d, want 4: %v", code, err)
		}
		if !asJSON {
			if want := "\nFAIL planted 2 3\nFAIL nan NaN 3\n2 passed, 2 failed\n"; !strings.HasSuffix(out.String(), want) {
				t.Errorf("got\n%s\nwant at its end%s", out.String(), want)
			}
			continue
		}
		var got struct {
			Cases          []map[string]any
			Passed, Failed int
		}
		if err := json.Unmarshal(out.Bytes(), &got); err != nil || len(got.Cases) != 4 || got.Passed != 2 || got.Failed != 2 ||
			got.Cases[0]["ok"] != true || got.Cases[2]["ok"] != false || got.Cases[3]["got"] != nil {
			t.Errorf("%v:\n%s", err, out.String())
		}
	}
}

// rehash makes the manifest agree with files that were changed.
func rehash(t *testing.T, dir string, names ...string) {
	t.Helper()
	manifest := read(t, filepath.Join(dir, "manifest.json"))
	for _, name := range names {
		text := read(t, filepath.Join(dir, name))
		sum := sha256.Sum256([]byte(text))
		entry := regexp.MustCompile(regexp.QuoteMeta(strconv.Quote(name)) + `: \{\s*"bytes": \d+,\s*"sha256": "[0-9a-f]*"`)
		if !entry.MatchString(manifest) {
			t.Fatalf("%s is not in the manifest\n%s", name, manifest)
		}
		manifest = entry.ReplaceAllString(manifest, fmt.Sprintf(`%q: {"bytes": %d, "sha256": "%s"`, name, len(text), hex.EncodeToString(sum[:])))
	}
	write(t, filepath.Join(dir, "manifest.json"), manifest)
}

// copied copies a result.
func copied(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyResult(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "60", "-o", "whole", "--progress", "none")
	if c := must(t, "verify", "whole"); c.out != "ok datapackage.json\nok points.csv\nok runs.csv\nok scenario.toml\nok series.csv\nok manifest.json\n"+
		"ok 60 of 60 runs, played again\n66 passed, 0 failed\n" || c.err != "" {
		t.Errorf("a whole result: stderr %q, stdout\n%s", c.err, c.out)
	}
	if c := must(t, "verify", "whole", "--rerun", "0"); !strings.HasSuffix(c.out, "ok manifest.json\n6 passed, 0 failed\n") {
		t.Errorf("hashes alone:\n%s", c.out)
	}

	flip := func(name string) func(t *testing.T) {
		return func(t *testing.T) {
			text := []byte(read(t, "x/"+name))
			text[len(text)/2] ^= 1
			write(t, "x/"+name, string(text))
		}
	}
	// edit changes a file so that its hash is right again.
	edit := func(name string, change func(text string) string) func(t *testing.T) {
		return func(t *testing.T) {
			text := read(t, "x/"+name)
			changed := change(text)
			if changed == text {
				t.Fatalf("%s was not changed", name)
			}
			write(t, "x/"+name, changed)
			rehash(t, "x", name)
		}
	}
	manifest := func(old, new string) func(t *testing.T) {
		return func(t *testing.T) {
			write(t, "x/manifest.json", strings.Replace(read(t, "x/manifest.json"), old, new, 1))
		}
	}
	fewer := func(t *testing.T) {
		manifest(`"runs": 60,`, `"runs": 59,`)(t)
		manifest(`"replications": 60`, `"replications": 59`)(t)
	}
	both := func(t *testing.T) {
		flip("points.csv")(t)
		if err := os.Remove("x/series.csv"); err != nil {
			t.Fatal(err)
		}
	}
	row := func(n int, change func(row string) string) func(text string) string {
		return func(text string) string {
			lines := strings.SplitAfter(text, "\n")
			lines[1+n] = change(lines[1+n])
			return strings.Join(lines, "")
		}
	}
	otherOutcome := func(row string) string {
		fields := strings.Split(row, ",")
		fields[4] = "nuclear-use"
		return strings.Join(fields, ",")
	}
	for _, c := range []struct {
		name   string
		damage func(t *testing.T)
		code   int
		out    []string // lines of stdout
		err    string
	}{
		{"a flipped bit in runs.csv", flip("runs.csv"), 7, []string{"FAIL runs.csv was changed since it was written: its SHA-256 is ", "4 passed, 1 failed"},
			"x: 1 of 5 files are not as they should be"},
		{"a flipped bit in scenario.toml", flip("scenario.toml"), 7, []string{"FAIL scenario.toml was changed since it was written"}, "x: 1 of 5 files"},
		{"a flipped bit in datapackage.json", flip("datapackage.json"), 7, []string{"FAIL datapackage.json was changed since"}, "x: 1 of 5 files"},
		{"one file flipped, one gone", both, 7, []string{"FAIL points.csv was changed since", "FAIL series.csv openat: no such file or directory", "ok runs.csv", "3 passed, 2 failed"},
			"x: 2 of 5 files"},
		{"another seed in the manifest", manifest(`"seed": 1,`, `"seed": 2,`), 7, []string{"FAIL manifest.json its seed is 2, that of scenario.toml 1"}, "x: 1 of 6 files"},
		{"another count in the manifest", fewer, 7, []string{"FAIL manifest.json it has 59 runs, scenario.toml 60"}, "x: 1 of 6 files"},
		{"a manifest that contradicts itself", manifest(`"runs": 60,`, `"runs": 59,`), 7, []string{"FAIL manifest.json is damaged: runs is 59: must be 60, by the design"}, "x: 1 of 6 files"},
		{"another hash in the manifest", manifest(`"sha256": "`, `"sha256": "0`), 7, []string{"FAIL datapackage.json was changed since"}, "x: 1 of 5 files"},
		{"a manifest that is none", manifest(`{`, `[`), 7, nil, "x/manifest.json: "},
		{"no manifest", func(t *testing.T) {
			if err := os.Remove("x/manifest.json"); err != nil {
				t.Fatal(err)
			}
		}, 7, nil, "x: holds no finished result"},
		{"another scenario", edit("scenario.toml", func(s string) string { return strings.Replace(s, `value = "R1"`, `value = "R3"`, 1) }), 7,
			[]string{"FAIL manifest.json its input is not that of scenario.toml"}, "x: 1 of 6 files"},
		{"a scenario that cannot be read", edit("scenario.toml", func(s string) string { return s + "[nonsense]\n" }), 7,
			[]string{"FAIL scenario.toml this tripwire does not read it: x/scenario.toml:"}, "x: 1 of 5 files"},
		{"a row too few", edit("runs.csv", func(s string) string { return s[:strings.LastIndex(s[:len(s)-1], "\n")+1] }), 7,
			[]string{"FAIL runs.csv has 59 rows, and 60 runs were played"}, "x: 1 of 6 files"},
		{"other columns", edit("runs.csv", func(s string) string { return "x" + s }), 4,
			[]string{"FAIL runs.csv are not those of this tripwire"}, "x: the columns of runs.csv are not those of this tripwire"},
		{"a changed row with its hash", edit("runs.csv", row(17, otherOutcome)), 4,
			[]string{`FAIL run 17 outcome is "nuclear-use", played again "`, "ok 59 of 60 runs, played again", "65 passed, 1 failed"},
			"x: 1 of 60 runs played again comes out otherwise"},
		{"a cell taken away", edit("runs.csv", row(3, func(r string) string { return strings.Replace(r, ",", "", 1) })), 4,
			[]string{`FAIL run 3 is "30,3,`}, "x: 1 of 60 runs"},
		{"a row with another line feed", edit("runs.csv", row(59, func(r string) string { return strings.TrimSuffix(r, "\n") + "\r\n" })), 4,
			[]string{"FAIL run 59 is written in other bytes"}, "x: 1 of 60 runs"},
		{"two rows exchanged", edit("runs.csv", func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			lines[5], lines[6] = lines[6], lines[5]
			return strings.Join(lines, "")
		}), 4, []string{`FAIL run 4 run_id is "5", played again "4"; `, `FAIL run 5 run_id is "4"`}, "x: 2 of 60 runs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			copied(t, "whole", "x")
			defer os.RemoveAll("x")
			c.damage(t)
			got := call(t, "verify", "x")
			if got.code != c.code || !strings.HasPrefix(got.err, "tripwire: "+c.err) {
				t.Errorf("exit %d, want %d with %q:\n%s", got.code, c.code, c.err, got.err)
			}
			if c.out == nil && c.code == 7 && got.out != "" {
				t.Errorf("stdout\n%s\nwant none", got.out)
			}
			for _, want := range c.out {
				if !strings.Contains("\n"+got.out, "\n"+want) {
					t.Errorf("no line %q in\n%s", want, got.out)
				}
			}
			if asJSON := call(t, "verify", "x", "--json"); got.out != "" && (asJSON.code != c.code || !json.Valid([]byte(asJSON.out)) || !strings.Contains(asJSON.out, `"failed": `)) {
				t.Errorf("--json: exit %d, want %d:\n%s", asJSON.code, c.code, asJSON.out)
			}
		})
	}
}

// A failed run is played again like any other: if it now comes to an end, that is a difference.
func TestVerifyAFailedRun(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "4", "-o", "x", "--progress", "none")
	lines := strings.SplitAfter(read(t, "x/runs.csv"), "\n")
	lines[3] = "2,0,2" + strings.Repeat(",", strings.Count(lines[0], ",")-2) + "\n"
	write(t, "x/runs.csv", strings.Join(lines, ""))
	rehash(t, "x", "runs.csv")
	if c := call(t, "verify", "x"); c.code != 4 || !strings.Contains(c.out, `FAIL run 2 terms_accepted is "", played again "`) {
		t.Errorf("exit %d\n%s%s", c.code, c.out, c.err)
	}
}

func TestSample(t *testing.T) {
	key := sha256.Sum256([]byte("a manifest"))
	for _, c := range []struct{ n, k, want int64 }{{10, 3, 3}, {10, 10, 10}, {10, 200, 10}, {10, 0, 0}, {1_000_000, 200, 200}} {
		got := sample(key, c.n, c.k)
		if int64(len(got)) != c.want || !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
			t.Fatalf("sample(%d, %d) is %v", c.n, c.k, got)
		}
		if len(got) > 0 && (got[0] < 0 || got[len(got)-1] >= c.n) {
			t.Errorf("sample(%d, %d) is %v", c.n, c.k, got)
		}
		if !slices.Equal(got, sample(key, c.n, c.k)) {
			t.Errorf("sample(%d, %d) differs from itself", c.n, c.k)
		}
	}
	// Each run is as likely as any other: 4,000 samples of 3 of 12.
	var count [12]float64
	for i := range 4000 {
		for _, run := range sample(sha256.Sum256([]byte(strconv.Itoa(i))), 12, 3) {
			count[run]++
		}
	}
	for run, n := range count {
		if math.Abs(n-1000) > 4*math.Sqrt(4000*.25*.75) {
			t.Errorf("run %d is in %v of 4,000 samples, want about 1,000", run, n)
		}
	}
}
