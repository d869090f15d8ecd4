package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// even cuts so many histories into tasks of one size.
func even(runs int64) func(int64) int64 {
	return func(tasks int64) int64 { return (runs + tasks - 1) / tasks }
}

// The time that is told of a task is that of the largest.
func TestLargestTask(t *testing.T) {
	c := newCluster("x", 1000, 2, 4, 3, 1000, func(tasks int64) int64 { return 1000 - 300*(tasks-1) })
	if c.TaskSeconds != 200 {
		t.Errorf("tasks, of which the largest has 400 histories of 2 s, take %v s on 4 cores, want 200", c.TaskSeconds)
	}
}

// The files for a cluster are pinned for a study of a billion histories.
func TestClusterFiles(t *testing.T) {
	c := newCluster("Höhe & \"$(rm -rf ~)\" `x`\n--partition=y", 1_000_000_000, 0.0005, 2, 0, 1000, even(1_000_000_000))
	for _, kind := range []string{"slurm", "kubernetes"} {
		dir := filepath.Join(t.TempDir(), "new", kind)
		if err := c.write(kind, dir, []byte("title = \"x\"\n")); err != nil {
			t.Fatal(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			golden(t, filepath.Join(kind, e.Name()), read(t, filepath.Join(dir, e.Name())))
			script := strings.HasSuffix(e.Name(), ".sh")
			if info, err := e.Info(); err != nil || (info.Mode()&0o100 != 0) != script {
				t.Errorf("%s/%s has mode %v, %v", kind, e.Name(), info.Mode(), err)
			}
			if out, err := exec.Command("bash", "-n", filepath.Join(dir, e.Name())).CombinedOutput(); script && err != nil {
				t.Errorf("bash -n %s: %v\n%s", e.Name(), err, out)
			}
		}
	}
}

// Tasks take a quarter of an hour by the probe, as far as the cluster's limit lets them.
func TestClusterTasks(t *testing.T) {
	for _, c := range []struct {
		runs        int64
		run         float64
		cpus        int
		tasks, most int64
		want        int64
		seconds     float64
		minutes     int64
	}{
		{1000, 0.001, 1, 0, 1000, 1, 1, 30},
		{900_000, 0.001, 1, 0, 1000, 1, 900, 60},
		{900_001, 0.001, 1, 0, 1000, 2, 450.0005, 31},
		{900_000_000, 0.001, 1, 0, 1000, 1000, 900, 60},
		{900_000_000, 0.001, 4, 0, 1000, 250, 900, 60},
		{9_000_000_000, 0.001, 1, 0, 1000, 1000, 9000, 600},
		{9_000_000_000, 0.001, 1, 0, 10_000, 10_000, 900, 60},
		{1000, 0.001, 1, 8, 1000, 8, 0.125, 30},
		{3, 1000, 1, 0, 1000, 3, 1000, 67}, // no task without a history
	} {
		got := newCluster("x", c.runs, c.run, c.cpus, c.tasks, c.most, even(c.runs))
		if got.Tasks != c.want || got.TaskSeconds < 0.999*c.seconds || got.TaskSeconds > 1.001*c.seconds || got.Minutes != c.minutes {
			t.Errorf("%+v: got %d tasks of %v s, ended after %d min", c, got.Tasks, got.TaskSeconds, got.Minutes)
		}
	}
}

func TestClusterNames(t *testing.T) {
	label := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	for name, want := range map[string]string{
		"baseline": "baseline", "a b": "a-b", "../..": "study", "-x": "x", "Größe.v2_b": "Gr--e.v2_b", "": "study", "__": "__",
		strings.Repeat("a.", 60): strings.TrimSuffix(strings.Repeat("a.", 32), "."),
	} {
		c := newCluster(name, 1, 1, 1, 0, 1, even(1))
		if c.Name != want || !label.MatchString(c.DNS) || len(c.DNS) > 40 {
			t.Errorf("%q becomes %q and %q, want %q and a label of at most 40 letters", name, c.Name, c.DNS, want)
		}
	}
}

// What plan writes names nothing of this machine but what was typed, holds the input as it is now, and is not
// written over.
func TestPlanForACluster(t *testing.T) {
	here := t.TempDir()
	t.Chdir(here)
	write(t, "troops.toml", troops)
	const dir = `it's "$HOME" & co`
	c := must(t, "plan", "troops.toml", "--probe", "0s", "--slurm", dir, "--tasks", "7", "-j", "2", "--set", "coalition.roe=R3")
	if !strings.Contains(c.out, "  tasks     7 of ") || !strings.Contains(c.out, `  next      sh 'it'\''s "$HOME" & co/submit.sh'`) {
		t.Errorf("plan says\n%s", c.out)
	}
	var p planned
	out := must(t, "plan", "troops.toml", "--probe", "0s", "--kubernetes", "k", "--tasks", "7", "--json").out
	if err := json.Unmarshal([]byte(out), &p); err != nil || p.Cluster == nil || p.Cluster.Tasks != 7 || p.Cluster.CPUs != 1 {
		t.Errorf("--json: %v in\n%s", err, out)
	}
	for folder, want := range map[string][]string{
		dir: {"merge.sh", "scenario.toml", "submit.sh", "tasks.sh"},
		"k": {"README.md", "merge.yaml", "scenario.toml", "tasks.yaml"},
	} {
		var names []string
		err := fs.WalkDir(os.DirFS(folder), ".", func(name string, e fs.DirEntry, err error) error {
			if !e.IsDir() {
				names = append(names, name)
				if text := read(t, filepath.Join(folder, name)); strings.Contains(text, here) || strings.Contains(text, home) {
					t.Errorf("%s/%s names a folder of this machine:\n%s", folder, name, text)
				}
			}
			return err
		})
		if err != nil || !slices.Equal(names, want) {
			t.Errorf("%s holds %q, want %q: %v", folder, names, want, err)
		}
	}
	frozen, err := load(filepath.Join(dir, "scenario.toml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := load("troops.toml", []string{"coalition.roe=R3"})
	if err != nil || frozen.File.Hash() != asked.File.Hash() {
		t.Errorf("scenario.toml differs from what was asked for in %q (%v)", frozen.File.Differ(asked.File), err)
	}
	if c := call(t, "plan", "troops.toml", "--probe", "0s", "--slurm", "k"); c.code != 7 || !strings.Contains(c.err, "k holds other files: name another folder") {
		t.Errorf("into a folder with files: exit %d, %s", c.code, c.err)
	}
	for args, want := range map[string]string{
		"--slurm a --kubernetes b":            "--slurm and --kubernetes: give one of them",
		"--slurm a --list":                    "--list writes no scripts",
		"--tasks 3":                           "--tasks is for --slurm and --kubernetes",
		"--slurm a --tasks 11 --max-array 10": "--tasks 11: must be from 1 to 10 (--max-array)",
		"--slurm a --max-array 0":             "--max-array 0: must be positive",
		"--slurm a -n 2 --tasks 9":            "--tasks 9: troops has 8 units of work: must be at most that",
	} {
		if c := call(t, append([]string{"plan", "troops.toml"}, strings.Fields(args)...)...); c.code != 2 || !strings.Contains(c.err, want) {
			t.Errorf("plan %s: exit %d, want 2 with %q in %s", args, c.code, want, c.err)
		}
	}
}

// A task notes that its shard is whole by the program's exit code, and hands a signal on; the merge takes whole
// shards, or names the others.
func TestSlurmScripts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "it's a study")
	if err := newCluster("x", 1000, 1, 3, 3, 1000, even(1000)).write("slurm", dir, nil); err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(dir, "program")
	write(t, program, `#!/bin/bash
echo "$@"
trap 'sleep 0.2; exit 143' TERM
[ -z "$WAITS" ] || { : >begun; for i in {1..100}; do sleep 0.1; done; }
exit "$CODE"
`)
	write(t, filepath.Join(dir, "sbatch"), "#!/bin/sh\necho \"$@\" >&2\necho '17;cluster'\n")
	for _, name := range []string{program, filepath.Join(dir, "sbatch")} {
		if err := os.Chmod(name, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	script := func(name string, env ...string) *exec.Cmd {
		cmd := exec.Command("bash", filepath.Join(dir, name))
		cmd.Env = append(os.Environ(), append(env, "TRIPWIRE="+program, "SLURM_SUBMIT_DIR="+dir, "SLURM_CPUS_PER_TASK=3", "PATH="+dir+":"+os.Getenv("PATH"))...)
		return cmd
	}
	check := func(what string, cmd *exec.Cmd, code int, want string) {
		t.Helper()
		if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != code || string(out) != want {
			t.Errorf("%s: exit %d, want %d, with\n%s\nwant\n%s", what, cmd.ProcessState.ExitCode(), code, out, want)
		}
	}
	submit := script("submit.sh")
	submit.Args = append(submit.Args, "--array=2,3", "--comment=a b")
	check("submit.sh", submit, 0, `--parsable --array=2,3 --comment=a b tasks.sh
--parsable --dependency=afterany:17 --comment=a b merge.sh
job 17: tasks 2,3; job 17: the merge, into `+dir+`/result, which says in logs/merge.txt what came of it
`)
	for task, code := range map[string]int{"1": 0, "2": 137, "3": 5} {
		check("task "+task, script("tasks.sh", "SLURM_ARRAY_TASK_ID="+task, fmt.Sprint("CODE=", code)), code,
			"run scenario.toml --shard "+task+"/3 --resume -o shards/"+task+" -j 3\n")
	}
	check("merge.sh without shard 2", script("merge.sh"), 6, "missing shards: 2\nsend them again: sh "+
		strings.NewReplacer("'", `\'`, " ", `\ `).Replace(dir)+"/submit.sh --array=2\n")
	waits := script("tasks.sh", "SLURM_ARRAY_TASK_ID=2", "WAITS=1", "CODE=0")
	if err := waits.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < 20*time.Second; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "begun")); err == nil {
			break
		}
	}
	if err := waits.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = waits.Wait() // its exit code is what counts
	if code := waits.ProcessState.ExitCode(); code != 143 {
		t.Errorf("a task that is told to end: exit %d, want the program's 143", code)
	}
	// The shell tells itself to end between the start of the program and the line that notes which process that is.
	tasks := filepath.Join(dir, "tasks.sh")
	write(t, tasks, strings.Replace(read(t, tasks), "\nprogram=$!\n", "\nkill -TERM $$\nprogram=$!\n", 1))
	early := script("tasks.sh", "SLURM_ARRAY_TASK_ID=2", "WAITS=1", "CODE=0")
	_ = early.Run() // its exit code is what counts
	if code := early.ProcessState.ExitCode(); code != 143 {
		t.Errorf("a task that is told to end as its program starts: exit %d, want the program's 143", code)
	}
	check("merge.sh without shard 2 after the signal", script("merge.sh"), 6, "missing shards: 2\nsend them again: sh "+
		strings.NewReplacer("'", `\'`, " ", `\ `).Replace(dir)+"/submit.sh --array=2\n")
	write(t, filepath.Join(dir, "finished/2"), "")
	check("merge.sh", script("merge.sh", "CODE=0"), 0, "merge shards/1 shards/2 shards/3 -o result\n")
}

// A study is planned without its grid being made: a billion histories as fast as a thousand.
func TestPlanOfABillion(t *testing.T) {
	t.Chdir(t.TempDir())
	var values []string
	for i := 1; i <= 100; i++ {
		values = append(values, fmt.Sprintf("%.3f", 0.009*float64(i)))
	}
	text := "extends = \"baseline\"\n[study]\ndesign = \"grid\"\nreplications = 1000\n"
	for _, key := range []string{"washington.p_response_major", "purl.realised_share", "washington.consent_share"} {
		text += "[[study.factors]]\nkey = \"" + key + "\"\nvalues = [" + strings.Join(values, ", ") + "]\n"
	}
	write(t, "billion.toml", text)
	for _, c := range []struct {
		args  string
		code  int
		most  time.Duration // five times what is promised
		bytes uint64        // a million points of three factors would be 24e6
	}{
		{"plan billion.toml --probe 0s", 0, 500 * time.Millisecond, 20e6},
		{"run billion.toml", 3, 500 * time.Millisecond, 20e6}, // refused without --yes
		{"plan billion.toml -n 1 --probe 0s", 0, 5 * time.Second, 20e6},
	} {
		best := time.Hour
		var before, after runtime.MemStats
		for try := 0; try < 3 || try < 10 && best > c.most; try++ { // another program may have had the cores
			runtime.ReadMemStats(&before)
			began := time.Now()
			got := call(t, strings.Fields(c.args)...)
			best = min(best, time.Since(began))
			runtime.ReadMemStats(&after)
			if got.code != c.code {
				t.Fatalf("tripwire %s: exit %d, want %d: %s", c.args, got.code, c.code, got.err)
			}
		}
		if made := after.TotalAlloc - before.TotalAlloc; best > c.most || made > c.bytes {
			t.Errorf("tripwire %s: %v and %d bytes, want at most %v and %d", c.args, best, made, c.most, c.bytes)
		} else {
			t.Logf("tripwire %s: %v, %d bytes", c.args, best, made)
		}
	}
}
