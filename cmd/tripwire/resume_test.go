package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tripwire/study/record"
)

var kills = flag.Int("kills", 10, "how many runs to kill at random instants")

// A process is the program in a process of its own.
type process struct {
	*exec.Cmd
	stderr *bufio.Scanner
}

// start starts the program in dir, and waits until it has begun to play.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0], args...)}
	p.Dir = dir
	p.Env = append(os.Environ(), "TRIPWIRE_BE_THE_PROGRAM=1")
	pipe, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	p.stderr = bufio.NewScanner(pipe)
	p.stderr.Scan()
	return p
}

// end waits for its end; last is what it said last.
func (p *process) end() (code int, last string) {
	for p.stderr.Scan() {
		last = p.stderr.Text()
	}
	_ = p.Wait() // its exit code is what counts
	return p.ProcessState.ExitCode(), last
}

// partsIn waits until there are parts of a run, however long a slow machine takes for that: what ends the wait
// otherwise is the deadline of all tests.
func partsIn(t *testing.T, dir string) {
	t.Helper()
	for {
		if _, there := unfinished(dir); there {
			return
		}
		if end, ok := t.Deadline(); ok && time.Until(end) < 10*time.Second {
			t.Fatalf("%s: still no parts", dir)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// stump leaves in a folder below the working directory what a run has played by the time that it was killed, which
// is not nothing; args have to name the folder, and ask for more than can be played by then.
func stump(t *testing.T, dir string, args ...string) {
	t.Helper()
	p := start(t, ".", append(args, "--progress", "json")...)
	partsIn(t, dir)
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if code, last := p.end(); code != -1 {
		t.Fatalf("exit %d before it was killed: %s", code, last)
	}
}

func sameFiles(t *testing.T, got, want string) {
	t.Helper()
	entries, err := os.ReadDir(want)
	if err != nil {
		t.Fatal(err)
	}
	there, err := os.ReadDir(got)
	if err != nil || len(there) != len(entries) {
		t.Errorf("%s holds %v, want %v (%v)", got, there, entries, err)
	}
	for _, e := range entries {
		if read(t, filepath.Join(got, e.Name())) != read(t, filepath.Join(want, e.Name())) {
			t.Errorf("%s/%s differs from %s", got, e.Name(), want)
		}
	}
}

// Killed at random instants, a run is gone on with to the same bytes, and there is nothing to unlock.
func TestKills(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", strings.Replace(troops, "replications = 40", "replications = 200", 1))
	must(t, "run", "troops.toml", "-o", "whole", "--progress", "none")
	luck := rand.New(rand.NewPCG(3, 4))
	killed, kept := 0, 0
	enough := func() bool { return killed >= *kills && kept > 0 }
	for i := 0; !enough(); i++ {
		dir := fmt.Sprint("killed-", i)
		for finished := false; !finished && !enough(); {
			p := start(t, ".", "run", "troops.toml", "-o", dir, "--resume", "-j", fmt.Sprint(1+luck.IntN(3)), "--progress", "json")
			time.Sleep(time.Duration(luck.IntN(400+40*killed)) * time.Millisecond) // longer where a slow machine has kept nothing yet
			_ = p.Process.Kill()                                                   // it may have come to its end
			switch code, last := p.end(); code {
			case 0:
				finished = true
			case -1:
				killed++
			default:
				t.Fatalf("exit %d: %s", code, last)
			}
			if _, there := unfinished(dir); there {
				kept++
			}
		}
		must(t, "run", "troops.toml", "-o", dir, "--resume", "--progress", "none")
		sameFiles(t, dir, "whole")
		if t.Failed() {
			return
		}
	}
	t.Logf("%d killed, after %d of them something had been kept", killed, kept)
}

// Killed when its result was complete and its own work not yet removed, a run leaves nothing once it is run again; what
// another process is at stays.
func TestKilledAtTheEnd(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", troops)
	stump(t, "left", "run", "troops.toml", "-n", "20000", "-o", "left")
	for _, dir := range []string{"whole", "again"} {
		must(t, "run", "troops.toml", "-o", dir, "--progress", "none")
	}
	if err := os.Rename("left/.tripwire", "again/.tripwire"); err != nil {
		t.Fatal(err)
	}
	held, err := record.Create("again")
	if err != nil {
		t.Fatal(err)
	}
	must(t, "run", "troops.toml", "-o", "again", "--resume", "--progress", "none")
	if _, there := unfinished("again"); !there {
		t.Error("the work of another process was removed")
	}
	if err := held.Keep(); err != nil {
		t.Fatal(err)
	}
	must(t, "run", "troops.toml", "-o", "again", "--resume", "--progress", "none")
	sameFiles(t, "again", "whole")
}

// A signal ends a run within a moment, with its exit code, and it says how to go on.
func TestSignals(t *testing.T) {
	for _, c := range []struct {
		signal syscall.Signal
		code   int
	}{{syscall.SIGINT, 130}, {syscall.SIGTERM, 143}} {
		t.Chdir(t.TempDir())
		p := start(t, ".", "run", "baseline", "-n", "5000000", "--progress", "json")
		partsIn(t, "results/baseline") // on a busy machine that takes its time, and without them nothing is kept
		if err := p.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		code, last := p.end()
		if code != c.code || time.Since(began) > 2*time.Second {
			t.Errorf("%v: exit %d, want %d, after %v: %s", c.signal, code, c.code, time.Since(began), last)
		}
		if want := ": what was played is kept; go on with: " + system().program + " run results/baseline --resume"; !strings.HasSuffix(last, want) {
			t.Errorf("%v: it says %q, want %q", c.signal, last, want)
		}
		if got := call(t, "run", "baseline", "-n", "5000000"); got.code != 7 || !strings.Contains(got.err, "go on with --resume, or start anew with --force") {
			t.Errorf("run on an unfinished one: exit %d, %s", got.code, got.err)
		}
		if got := call(t, "run", "baseline", "-n", "7", "--resume"); got.code != 7 || !strings.Contains(got.err, "unfinished run of another input (differs in study.replications)") {
			t.Errorf("run of another input on an unfinished one: exit %d, %s", got.code, got.err)
		}
		must(t, "run", "baseline", "-n", "7", "--force")
	}
}

// A second signal ends it at once, and what was on the disk by then is gone on with.
func TestSecondSignal(t *testing.T) {
	t.Chdir(t.TempDir())
	p := start(t, ".", "run", "baseline", "-n", "5000000", "--progress", "json")
	partsIn(t, "results/baseline")
	for range 2 {
		_ = p.Process.Signal(syscall.SIGINT) // the first may have been enough
	}
	if code, last := p.end(); code != 130 && code != -1 {
		t.Errorf("exit %d: %s", code, last)
	}
	if c := must(t, "status", "results/baseline"); !strings.Contains(c.out, "an unfinished run") {
		t.Errorf("status says\n%s", c.out)
	}
}

// A limit ends a run where it stands. Twice as long is tried until something was played by then.
func TestTimeLimit(t *testing.T) {
	t.Chdir(t.TempDir())
	there := false
	for limit := 200 * time.Millisecond; !there; limit *= 2 {
		c := call(t, "run", "baseline", "-n", "5000000", "--time-limit", limit.String(), "--progress", "none")
		want := fmt.Sprintf("tripwire: stopped after %v: nothing was written\n", limit)
		if _, there = unfinished("results/baseline"); there {
			want = fmt.Sprintf("tripwire: stopped after %v: what was played is kept; go on with: tripwire run results/baseline --resume\n", limit)
		}
		if c.code != 6 || c.err != want {
			t.Fatalf("exit %d, want 6: %s, want %s", c.code, c.err, want)
		}
	}
	var s state
	if err := json.Unmarshal([]byte(must(t, "status", "results/baseline", "--json").out), &s); err != nil {
		t.Fatal(err)
	}
	if s.Finished || !s.Unfinished || s.Running || s.Open || s.Done < 1 || s.Total != 5_000_000 || s.Deterred == nil || s.Deterred.N > s.Done ||
		s.Next != "tripwire run results/baseline --resume" {
		t.Errorf("status is %+v", s)
	}
}

// Another process is refused while one writes, and told which.
func TestLock(t *testing.T) {
	t.Chdir(t.TempDir())
	p := start(t, ".", "run", "baseline", "-n", "5000000", "--progress", "json")
	for _, args := range []string{"run baseline -n 5000000 --resume", "run baseline -n 3 --force"} {
		c := call(t, strings.Fields(args)...)
		if want := fmt.Sprintf("results/baseline: process %d is writing to it", p.Process.Pid); c.code != 8 || !strings.Contains(c.err, want) {
			t.Errorf("tripwire %s: exit %d, want 8 with %q in %s", args, c.code, want, c.err)
		}
	}
	partsIn(t, "results/baseline")
	if c := must(t, "status", "results/baseline"); !strings.Contains(c.out, fmt.Sprintf("a run that process %d is playing\n", p.Process.Pid)) {
		t.Errorf("status says\n%s", c.out)
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.end()
	must(t, "run", "baseline", "-n", "3", "--force", "--progress", "none")
	if c := must(t, "status", "results/baseline"); !strings.HasPrefix(c.out, "results/baseline: a finished result\n  runs      3 of 3, 100.0%\n") {
		t.Errorf("status says\n%s", c.out)
	}
}

// Parts of another version are refused, and say so.
func TestPartsOfAnotherVersion(t *testing.T) {
	t.Chdir(t.TempDir())
	stump(t, "results/baseline", "run", "baseline", "-n", "5000000")
	const file = "results/baseline/.tripwire/parts/run.json"
	write(t, file, strings.Replace(read(t, file), `"version": "`, `"version": "9.`, 1))
	if c := call(t, "run", "results/baseline", "--resume"); c.code != 7 || !strings.Contains(c.err, "unfinished run of version 9.") {
		t.Errorf("exit %d: %s", c.code, c.err)
	}
	if c := call(t, "run", "baseline", "-n", "5000000", "--events", "all", "--resume"); c.code != 7 {
		t.Errorf("exit %d: %s", c.code, c.err)
	}
}

// What a run will come to that decides as it goes is not known, and no share of it is told.
func TestStatusOfAnOpenRun(t *testing.T) {
	t.Chdir(t.TempDir())
	stump(t, "results/baseline", "run", "baseline", "--until", "0.00001@deterred", "--max-runs", "5000000")
	c := must(t, "status", "results/baseline")
	if !regexp.MustCompile(`\n  runs      [\d,]+ of [\d,]+ known so far: it decides as it goes how long to go on\n`).MatchString(c.out) || strings.Contains(c.out, "%,") {
		t.Errorf("status says\n%s", c.out)
	}
	if c := must(t, "status", "results/baseline", "--json"); !strings.Contains(c.out, `"open": true`) {
		t.Errorf("status --json says\n%s", c.out)
	}
}

// Of a folder that is not there it is said that it is not, and which result was probably meant.
func TestReadersOfNoFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "20", "--progress", "none")
	const near = " (did you mean results/baseline?)"
	for dir, want := range map[string]string{"baseline": near, "baselin": near, "results/baselien": near, "results/winter": "", "nowhere/baseline": ""} {
		for _, args := range [][]string{{"summary", dir}, {"report", dir}, {"compare", "results/baseline", dir}, {"status", dir}, {"merge", dir, "-o", "x"}} {
			if c := call(t, args...); c.code != 7 || c.err != "tripwire: "+dir+": there is no such folder"+want+"\n" {
				t.Errorf("tripwire %q: exit %d, want 7 with %q, got\n%s", args, c.code, want, c.err)
			}
		}
	}
}

// Whoever reads a folder without a finished result is told what makes one of what lies there.
func TestReadersOfTheUnfinished(t *testing.T) {
	t.Chdir(t.TempDir())
	stump(t, "cut short", "run", "baseline", "-n", "5000000", "-o", "cut short")
	must(t, "run", "baseline", "-n", "20", "-o", "done", "--progress", "none")
	must(t, "run", "baseline", "-n", "20", "--shard", "2/3", "-o", "s-shards/2-of-3", "--progress", "none")
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	const whole = "holds no finished result: it holds a run that was cut short; go on with: tripwire run 'cut short' --resume\n"
	const shard = "holds no finished result: it holds shard 2/3; unite the shards: tripwire merge s-shards/* -o s\n"
	const shards = "holds no finished result: it holds shards; unite them: tripwire merge s-shards/* -o s\n"
	for dir, want := range map[string]string{"cut short": whole, "s-shards/2-of-3": shard, "s-shards": shards, "empty": "holds no finished result\n"} {
		for _, args := range [][]string{
			{"summary", dir}, {"report", dir}, {"why", dir}, {"verify", dir}, {"sensitivity", dir}, {"compare", "done", dir},
			{"plot", dir, "outcomes", "-o", "x.svg"}, {"trace", dir, "--rep", "1"}, {"rare", dir},
		} {
			if c := call(t, args...); c.code != 7 || c.err != "tripwire: "+dir+": "+want {
				t.Errorf("tripwire %q: exit %d, want 7 with\n%sgot\n%s", args, c.code, want, c.err)
			}
		}
	}
	if c := call(t, "serve", "cut short"); c.code != 7 || c.err != "tripwire: cut short: "+whole {
		t.Errorf("serve: exit %d, %s", c.code, c.err)
	}
	p := start(t, ".", "run", "baseline", "-n", "5000000", "--progress", "json")
	if c := call(t, "summary", "results/baseline"); c.code != 7 || !strings.HasSuffix(c.err, ": it is being played; to see how far it is: tripwire status results/baseline\n") {
		t.Errorf("of a run that is being played: exit %d, %s", c.code, c.err)
	}
	_ = p.Process.Kill()
	p.end()
}

// A study that stops by a rule: a result that verifies, goes on, and runs again.
func TestUntil(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "40", "--until", "0.2@deterred", "-o", "a", "--progress", "none")
	must(t, "run", "a/scenario.toml", "-o", "b", "--progress", "none", "-j", "3")
	sameFiles(t, "a", "b")
	if c := must(t, "verify", "a", "--rerun", "10"); !strings.Contains(c.out, "ok 10 of ") {
		t.Errorf("verify says\n%s", c.out)
	}
	if c := must(t, "run", "a", "--resume"); !strings.Contains(c.out, "Deterrence held in ") || c.err != "" {
		t.Errorf("run on its folder says\n%s%s", c.out, c.err)
	}
	c := must(t, "run", "baseline", "-n", "40", "--until", "1%@deterred", "--max-runs", "60", "-o", "c", "--progress", "none")
	if !strings.HasPrefix(c.err, "tripwire: until 1%@deterred was not met in 60 histories: the interval of deterred is ") {
		t.Errorf("it says %q", c.err)
	}
	_, advice, _ := strings.Cut(strings.TrimSpace(c.err), "begin anew: tripwire ")
	if advice != "run c --max-runs 240 --force" {
		t.Fatalf("it advises %q", advice)
	}
	must(t, append(strings.Fields(advice), "--progress", "none")...)
	must(t, "run", "baseline", "-n", "40", "--until", "1%@deterred", "--max-runs", "240", "-o", "d", "--progress", "none")
	sameFiles(t, "c", "d")
}

// An output that goes away under a run is said, with exit code 7, in one line, and there is nothing to go on with.
func TestOutputThatGoesAway(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, gone := range []string{"results", "results/baseline", "results/baseline/.tripwire"} {
		p := start(t, ".", "run", "baseline", "-n", "5000000", "--progress", "json")
		partsIn(t, "results/baseline")
		for os.RemoveAll(gone) != nil { // what the run puts there meanwhile
			time.Sleep(time.Millisecond)
		}
		code, said := p.end()
		if code != 7 || !strings.HasPrefix(said, "tripwire: results/baseline/.tripwire/") || strings.Contains(said, "go on with") {
			t.Errorf("without %s: exit %d, want 7: %s", gone, code, said)
		}
	}
}
