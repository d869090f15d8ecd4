package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tripwire/study"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain lets the test binary be the program itself, for tests that need a process.
func TestMain(m *testing.M) {
	if os.Getenv("TRIPWIRE_BE_THE_PROGRAM") != "" {
		main()
	}
	os.Exit(m.Run())
}

// A called is what came of a command line.
type called struct {
	code     int
	out, err string
}

// call carries out a command line in the working directory.
func call(t *testing.T, args ...string) called {
	t.Helper()
	return callWith(t, t.Context(), args...)
}

func callWith(t *testing.T, ctx context.Context, args ...string) called {
	t.Helper()
	var out, err bytes.Buffer
	std := &streams{out: bufio.NewWriter(&cleaner{w: &out}), err: &cleaner{w: &err}, width: 80, program: "tripwire"}
	code := execute(ctx, std, args)
	return called{code, out.String(), err.String()}
}

// must is call for a command line that has to succeed.
func must(t *testing.T, args ...string) called {
	t.Helper()
	c := call(t, args...)
	if c.code != 0 {
		t.Fatalf("tripwire %s: exit %d\n%s", strings.Join(args, " "), c.code, c.err)
	}
	return c
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s\ngo test ./cmd/tripwire -update writes it anew; git diff then explains", name, got, want)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHelp(t *testing.T) {
	golden(t, "help.txt", must(t, "--help").out)
	for _, command := range newRoot(new(streams)).Commands() {
		golden(t, command.Name()+"-help.txt", must(t, command.Name(), "--help").out)
	}
}

func TestExitCodesAreListed(t *testing.T) {
	golden(t, "exit-codes.txt", must(t, "params", "--exit-codes").out)
}

func TestExitCodes(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "bad.toml", "extends = \"baseline\"\nattribution.treshold = 0.5\n")
	write(t, "batches.toml", "extends = \"baseline\"\n[study]\ndesign = \"grid\"\n[study.select]\nindifference = 0.1\nbatch = 30\n"+
		"[[study.factors]]\nkey = \"coalition.roe\"\nvalues = [\"R1\", \"R3\"]\n")
	write(t, "file", "")
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	must(t, "run", "baseline", "-n", "3", "-o", "done", "--progress", "none")
	must(t, "run", "baseline", "-n", "3", "-o", "damaged", "--progress", "none")
	write(t, "damaged/runs.csv", "run_id\n")
	for _, c := range []struct {
		args string
		code int
		want string // in stderr
	}{
		{"version", 0, ""},
		{"help", 0, ""},
		{"no-such-command", 2, `unknown command "no-such-command"`},
		{"run", 2, "run needs FILE, a scenario or study; such as: tripwire run baseline\nsee: tripwire help run"},
		{"run baseline --no-such-flag", 2, "unknown flag: --no-such-flag"},
		{"run baseline -n many", 2, `invalid argument "many"`},
		{"run baseline -j -1", 2, "-j -1: must not be negative"},
		{"run baseline --events some", 2, "--events some: must be none or all"},
		{"run baseline --format parquet", 2, "--format parquet: must be csv or csv,parquet"},
		{"run baseline --progress loud", 2, "--progress loud: must be auto, bar, plain, json or none"},
		{"run baseline --force --resume", 2, "give one of them"},
		{"run baseline -n 3 --out=", 2, `-o: "" names neither a file nor a folder`},
		{"merge done --out=", 2, `-o: "" names neither a file nor a folder`},
		{"trace baseline --rep 1 --out=", 2, `-o: "" names neither a file nor a folder`},
		{"run baseline --time-limit -1s", 2, "--time-limit -1s: must not be negative"},
		{"run baseline --until wide", 2, `tripwire: --until: "wide" must be WIDTH or WIDTH@MEASURE`},
		{"run baseline --max-runs 5", 2, "tripwire: --max-runs: is of no use without until"},
		{"run baseline --set coalition.roe=R3 --seed=-1 -n 0", 2, "tripwire: -n: 0 must be from 1 to 2^53\n--seed: -1 must be in [0, 1e9]\nsee: "},
		{"run bad.toml -n 0", 3, "did you mean attribution.threshold?)\n-n: 0 must be from 1 to 2^53\n"},
		{"run baseline -n 0 --set attribution.threshold=1.3", 3, "--set:1:23: attribution.threshold: 1.3 must be in (0, 1)\n-n: 0 must be from 1 to 2^53\n"},
		{"run batches.toml", 3, "batches.toml: study.replications: 1000 must be a multiple of the batch (30)"},
		{"run batches.toml -n 40", 2, "tripwire: -n: 40 must be a multiple of the batch (30)"},
		{"plan baseline -n 0", 2, "tripwire: -n: 0 must be from 1 to 2^53"},
		{"trace baseline --rep 1 --seed=-1", 2, "tripwire: --seed: -1 must be in [0, 1e9]"},
		{"rare baseline --seed=-1", 2, "tripwire: --seed: -1 must be in [0, 1e9]"},
		{"status nowhere", 7, "nowhere: there is no such folder"},
		{"run empty --resume", 7, "empty: holds no finished result"},
		{"run baseline -n 20000000", 3, "baseline: study.replications: 20000000 histories are more than 10000000 (add --yes if you mean it)"},
		{"run no-such-file", 3, "no-such-file"},
		{"run bad.toml", 3, "bad.toml:2:1: attribution.treshold: no such parameter (did you mean attribution.threshold?)"},
		{"run baseline --set attribution.threshold=1.3", 3, "attribution.threshold: 1.3 must be in (0, 1)"},
		{"run baseline -n 3 -o file/x", 7, "file/x"},
		{"run baseline -n 3 -o .", 7, "holds other files and no result"},
		{"run baseline -n 4 -o done", 7, "done holds a result of another input (differs in study.replications)"},
		{"run baseline -n 4 -o done --resume", 7, "done holds a result of another input (differs in study.replications)"},
		{"run baseline -n 3 -o done --set coalition.roe=R0 --seed 9", 7, "differs in coalition.roe, seed"},
		{"run baseline -n 3 -o done --events all", 7, "without events"},
		{"run baseline -n 3 -o done --format csv,parquet", 7, "without Parquet files: start anew with --force"},
		{"run baseline -n 3 -o damaged", 7, "damaged/runs.csv: was changed since it was written"},
		{"summary nowhere", 7, "nowhere: there is no such folder"},
		{"summary damaged", 7, "damaged/runs.csv: was changed since it was written"},
		{"summary done --level 95", 2, "--level 95: must be in (0, 1)"},
		{"summary done --json --csv", 2, "give one of them"},
		{"trace baseline", 2, "trace needs --rep K"},
		{"trace baseline --rep -1", 2, "--rep -1: must not be negative"},
		{"trace nowhere --rep 1", 3, "nowhere"},
		{"trace baseline --rep 1 -o file/x", 7, "file/x"},
		{"verify nowhere", 7, "nowhere: there is no such folder"},
		{"verify --rerun 3", 2, "--rerun plays runs of a result again: give its folder"},
		{"verify done --rerun -1", 2, "--rerun -1: must not be negative"},
		{"check baseline bad.toml", 3, "bad.toml:2:1: attribution.treshold"},
		{"params attribution.treshold", 2, "did you mean attribution.threshold?"},
		{"params nothing.*", 2, "no parameter's key is like this"},
		{"params --measures --columns", 2, "ask for one of them"},
		{"summary done --by coalition.troops", 2, "--by coalition.troops: the design does not vary it; what it varies: point"},
		{"summary done --by point --measure front", 2, "--measure front: no such measure"},
		{"summary done --by point --measure outcome", 2, "say which class: outcome="},
		{"trace baseline --rep 1 --point 1", 2, "--point 1: the last design point is 0"},
		{"plan bad.toml", 3, "attribution.treshold"},
		{"plan baseline --probe -1s", 2, "--probe -1s: must not be negative"},
		{"completion tcsh", 2, `invalid argument "tcsh"`},
	} {
		got := call(t, strings.Fields(c.args)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) {
			t.Errorf("tripwire %s: exit %d, want %d, with %q in\n%s", c.args, got.code, c.code, c.want, got.err)
		}
		if c.code != 0 && c.code != 3 && got.out != "" {
			t.Errorf("tripwire %s fails, and answers %q", c.args, got.out)
		}
	}
	if _, err := os.Stat("results"); err == nil {
		t.Error("something was written where nobody asked for it")
	}
}

func TestFaults(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "my.toml", `extends = "baseline"
title = "red \u001b[31m alert"

[strike]
tomahwak_allotted = 100

[attribution]
threshold = 1.3
Threshold = 0.9

[study]
reps = 10
replications = -4
`)
	c := call(t, "check", "my.toml")
	t.Chdir(home)
	golden(t, "faults.txt", c.err)
	if c.code != 3 || c.out != "" {
		t.Errorf("exit %d, stdout %q", c.code, c.out)
	}
}

var home, _ = os.Getwd()

func TestCheck(t *testing.T) {
	c := must(t, "check", "baseline", "--set", "coalition.roe=R4", "--json")
	var got []checked
	if err := json.Unmarshal([]byte(c.out), &got); err != nil {
		t.Fatal(err)
	}
	layers := map[string]string{}
	for _, p := range got[0].Parameters {
		layers[p.Key] = p.Layer + " " + p.Value
	}
	if !got[0].OK || layers["coalition.roe"] != `--set "R4"` || !strings.HasPrefix(layers["seed"], "baseline ") {
		t.Errorf("ok %v, coalition.roe from %s, seed from %s", got[0].OK, layers["coalition.roe"], layers["seed"])
	}
	if c := must(t, "check", "baseline"); !regexp.MustCompile(`^baseline: ok: \d+ parameters from baseline; 1,000 histories\n$`).MatchString(c.out) {
		t.Errorf("check says %q", c.out)
	}
	// A study that decides as it goes has a budget, which it may not need.
	for file, set := range map[string]string{"roe-by-size": `study.until="0.1"`, "policies": "study.select.indifference=0.01"} {
		if c := must(t, "check", file, "--set", set, "--set", "study.max_runs=2_000_000"); !strings.HasSuffix(c.out, "; at most 2,000,000 histories\n") {
			t.Errorf("check of %s with %s says %q", file, set, c.out)
		}
		if c := must(t, "check", file, "--set", set, "--json"); !strings.Contains(c.out, `"open": true`) {
			t.Errorf("check --json of %s with %s does not say that the end is open", file, set)
		}
	}
}

func TestParams(t *testing.T) {
	c := must(t, "params", "attribution.threshold")
	for _, want := range []string{"attribution.threshold = ", "rule: must be in (0, 1)", "believed, 5% to 95%: ", "basis: ", "source: "} {
		if !strings.Contains(c.out, want) {
			t.Errorf("params attribution.threshold lacks %q:\n%s", want, c.out)
		}
	}
	if c := must(t, "params", "coalition.*"); !strings.HasPrefix(c.out, "KEY ") || !strings.Contains(c.out, "\ncoalition.roe ") || strings.Contains(c.out, "\nmoscow.") {
		t.Errorf("params 'coalition.*' lists\n%s", c.out)
	}
	// Whoever knows a table, or half of a key, is led on.
	if c, all := must(t, "params", "coalition"), must(t, "params", "coalition.*"); c.out != all.out {
		t.Errorf("params coalition lists\n%s", c.out)
	}
	for word, want := range map[string]string{
		"troops":    `troops: no such parameter \(did you mean russia.troops or coalition.troops\?\); \d+ parameters have it in the key: tripwire params '\*troops\*'\n`,
		"reinforce": `reinforce: no such parameter; \d+ parameters have it in the key: tripwire params '\*reinforce\*'\n`,
		"zzz":       `zzz: no such parameter\n`,
		"zzz*":      `zzz\*: no parameter's key is like this\n`,
		"[":         `\[: syntax error in pattern\n`,
	} {
		if c := call(t, "params", word); c.code != 2 || !regexp.MustCompile("^tripwire: "+want).MatchString(c.err) || c.out != "" {
			t.Errorf("params %s: exit %d, want 2, with %s in\n%s%s", word, c.code, want, c.err, c.out)
		}
	}
	// A long text is cut in the table, and only there.
	table := must(t, "params").out
	if !regexp.MustCompile(`(?m)^question +"An armistice holds, a…$`).MatchString(table) || !regexp.MustCompile(`(?m)^axis.zaporizhzhia.name +"Zaporizhzhia-Dnipro"$`).MatchString(table) {
		t.Errorf("params lists\n%s", table)
	}
	if c := must(t, "params", "question"); !regexp.MustCompile(`^question = "An armistice holds, .{50,}"\n`).MatchString(c.out) {
		t.Errorf("params question tells\n%s", c.out)
	}
	c = must(t, "params", "--json")
	var all []map[string]any
	if err := json.Unmarshal([]byte(c.out), &all); err != nil || len(all) < 100 {
		t.Errorf("params --json: %d parameters, %v", len(all), err)
	}
	for _, p := range all {
		if _, number := p["low"]; number && (p["basis"] == nil || p["source"] == nil) {
			t.Errorf("%v does not say on what it rests", p["key"])
		}
	}
	names := must(t, "params", "--columns").out
	for _, name := range []string{"run_id", "point", "rep", "outcome", "front_max_km", "nuclear_use"} {
		if !strings.Contains(names, "\n"+name+" ") {
			t.Errorf("params --columns lacks %s:\n%s", name, names)
		}
	}
	// Whoever knows only the title of a summary finds the column.
	for _, c := range study.RunsColumns() {
		if !regexp.MustCompile(`(?m)^` + c.Name + ` .*  ` + regexp.QuoteMeta(c.Title) + `(  |$)`).MatchString(names) {
			t.Errorf("params --columns lacks %s with the title %q", c.Name, c.Title)
		}
	}
	if c := must(t, "params", "--measures", "--json"); !json.Valid([]byte(c.out)) || strings.Contains(c.out, "run_id") {
		t.Errorf("params --measures --json is\n%s", c.out)
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if c := must(t, "completion", shell); !strings.Contains(c.out, "tripwire") {
			t.Errorf("completion %s is %q", shell, c.out)
		}
	}
	if c := must(t, "__complete", "run", "base"); !strings.HasPrefix(c.out, "baseline\n") {
		t.Errorf("completing 'run base' gives %q", c.out)
	}
}

// What a file, a name or a flag holds cannot steer the terminal.
func TestNothingSteersTheTerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "evil\x1b[2J.toml", "extends = \"baseline\"\n\"\x1b]0;owned\x07\" = 1\n")
	for _, args := range [][]string{
		{"check", "evil\x1b[2J.toml"},
		{"run", "baseline", "--set", "\x1b[31m=1"},
		{"run", "\u009b31m\u202e"},
		{"\x1b[31m"},
		{"params", "\x1b[31m"},
		{"summary", "\x1b[31m"},
	} {
		c := call(t, args...)
		if text := c.out + c.err; c.code == 0 || strings.ContainsAny(text, "\x1b\x07\u009b\u202e") {
			t.Errorf("%q: exit %d, and the terminal gets %q", args, c.code, text)
		}
	}
}

func TestCleaner(t *testing.T) {
	var b bytes.Buffer
	c := &cleaner{w: &b}
	for _, part := range []string{"a\tb\n", "\x1b[1m", "caf\xc3", "\xa9 \xff", "\r\u202e", "█"} {
		if _, err := io.WriteString(c, part); err != nil {
			t.Fatal(err)
		}
	}
	if want := "a\tb\n\\u001b[1mcafé \\xff\\u000d\\u202e█"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	var err bytes.Buffer
	std := &streams{out: bufio.NewWriter(full{}), err: &err, width: 80, program: "tripwire"}
	if code := execute(t.Context(), std, []string{"params"}); code != 7 || err.String() != "tripwire: no space left on device\n" {
		t.Errorf("exit %d, want 7: %s", code, err.String())
	}
}

func TestVersion(t *testing.T) {
	c := must(t, "version", "--json")
	var v map[string]string
	if err := json.Unmarshal([]byte(c.out), &v); err != nil || v["version"] != version || v["revision"] == "" {
		t.Errorf("got %s, %v", c.out, err)
	}
	if c := must(t, "version"); !strings.HasPrefix(c.out, "tripwire "+version+", revision ") {
		t.Errorf("got %s", c.out)
	}
}
