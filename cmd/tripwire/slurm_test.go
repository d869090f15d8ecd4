//go:build slurm

package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tripwire/study/record"
)

// A slurm is a cluster of one node on the loopback interface, all of it in one folder.
type slurm struct {
	dir string // its configuration, state and logs
	env []string
}

// startSlurm starts munged, slurmctld and slurmd, for which it has to be root, and ends them with the test.
func startSlurm(t *testing.T) *slurm {
	t.Helper()
	dir, err := os.MkdirTemp("", "slurm") // not t.TempDir: the path of a socket has to be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	key := make([]byte, 128)
	_, _ = rand.Read(key) // never fails
	for _, sub := range []string{"munge", "state", "spool"} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	munge := filepath.Join(dir, "munge")
	if err := os.WriteFile(munge+"/key", key, 0o400); err != nil {
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "slurm.conf")
	// A requeued task waits until its credential has expired; a node that says it has more cores than there are is taken at its word.
	write(t, conf, fmt.Sprintf(`ClusterName=test
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[3]d
SlurmdPort=%[4]d
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%[2]s/munge/socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=%[2]s/state
SlurmdSpoolDir=%[2]s/spool
SlurmctldPidFile=%[2]s/slurmctld.pid
SlurmdPidFile=%[2]s/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
KillWait=2
MailProg=/bin/true
SlurmdParameters=config_overrides
NodeName=node NodeHostname=%[1]s NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
`, host, dir, freePort(t), freePort(t)))
	s := &slurm{dir: dir, env: append(os.Environ(), "SLURM_CONF="+conf)}
	s.daemon(t, "munged", "--foreground", "--force", "--key-file="+munge+"/key", "--socket="+munge+"/socket",
		"--pid-file="+munge+"/pid", "--log-file="+munge+"/log", "--seed-file="+munge+"/seed")
	until(t, "munged listens", func() bool { _, err := os.Stat(munge + "/socket"); return err == nil })
	s.daemon(t, "slurmctld", "-D", "-f", conf)
	s.daemon(t, "slurmd", "-D", "-N", "node", "-f", conf)
	until(t, "the node is idle", func() bool {
		out, err := s.command("sinfo", "-h", "-o", "%T").Output()
		return err == nil && strings.TrimSpace(string(out)) == "idle"
	})
	return s
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// daemon starts a program that is ended with the test.
func (s *slurm) daemon(t *testing.T, name string, args ...string) {
	t.Helper()
	log, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/usr/sbin/"+name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = s.env, log, log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v (needs the packages munge, slurmctld, slurmd and slurm-client)", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		late := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait() // how it ends is no matter
		late.Stop()
		if log.Close(); t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s says\n%s", name, text[max(0, len(text)-3000):])
		}
	})
}

func (s *slurm) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = s.env
	return cmd
}

func (s *slurm) do(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := s.command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// until waits for something to come true.
func until(t *testing.T, what string, true func() bool) {
	t.Helper()
	for began := time.Now(); !true(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > 3*time.Minute {
			t.Fatalf("3 minutes have not been enough until %s", what)
		}
	}
}

// running is the raw id of a running task of an array, "" while it does not run.
func (s *slurm) running(t *testing.T, job, task string) string {
	for line := range strings.Lines(s.do(t, "squeue", "-h", "-r", "-j", job, "-t", "running", "-o", "%K %A")) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[0] == task {
			return fields[1]
		}
	}
	return ""
}

// pid is the process of the program in a running task.
func (s *slurm) pid(t *testing.T, id string) (pid int) {
	t.Helper()
	until(t, "the task has started the program", func() bool {
		out, _ := s.command("scontrol", "listpids", id).Output()
		for line := range strings.Lines(string(out)) {
			fields := strings.Fields(line)
			if n, err := strconv.Atoi(fields[0]); err == nil && len(fields) > 1 && fields[1] == id {
				if words, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", n)); bytes.Contains(words, []byte("\x00--shard\x00")) {
					pid = n
				}
			}
		}
		return pid != 0
	})
	return pid
}

// A study on a cluster comes out to the same bytes as on one machine, though one task is requeued and another killed while
// they run, and the merge says how to send the killed one again.
func TestSlurm(t *testing.T) {
	work := t.TempDir()
	program := filepath.Join(work, "tripwire")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	s := startSlurm(t)
	s.env = append(s.env, "TRIPWIRE="+program)
	t.Chdir(work)
	const dir = "it's a study"
	write(t, "troops.toml", troops)
	s.do(t, program, "plan", "troops.toml", "-n", "6000", "--probe", "0s", "--slurm", dir, "--tasks", "6")
	if out, err := exec.Command("shellcheck", dir+"/submit.sh", dir+"/tasks.sh", dir+"/merge.sh").CombinedOutput(); err != nil {
		t.Errorf("shellcheck: %v\n%s", err, out)
	}
	submitted := s.do(t, "sh", dir+"/submit.sh", "--partition=all")
	job := regexp.MustCompile(`^job (\d+): tasks 1-6; job \d+: the merge`).FindStringSubmatch(submitted)
	if job == nil {
		t.Fatalf("submit.sh says %s", submitted)
	}
	for _, task := range []string{"1", "2"} {
		var id string
		until(t, "task "+task+" runs", func() bool { id = s.running(t, job[1], task); return id != "" })
		pid := s.pid(t, id)
		until(t, "task "+task+" has begun its shard", func() bool { _, err := os.Stat(dir + "/shards/" + task); return err == nil })
		if task == "1" {
			s.do(t, "scontrol", "requeue", id)
		} else if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	idle := func() bool { return strings.TrimSpace(s.do(t, "squeue", "-h")) == "" }
	until(t, "all jobs have ended", idle)
	for task, want := range map[string]string{"1": "JobState=COMPLETED Restarts=1", "2": "JobState=FAILED Restarts=0 ExitCode=137:0"} {
		shown := s.do(t, "scontrol", "show", "job", job[1]+"_"+task)
		for _, word := range strings.Fields(want) {
			if !slices.Contains(strings.Fields(shown), word) {
				t.Errorf("of task %s SLURM says\n%s\nwant %s", task, shown, want)
			}
		}
	}
	said := read(t, dir+"/logs/merge.txt")
	again := regexp.MustCompile(`(?m)^missing shards: 2\nsend them again: (.*)$`).FindStringSubmatch(said)
	if again == nil {
		t.Fatalf("the merge says\n%s\nwant that shard 2 is missing, and how to send it again; task 1 says\n%s", said, read(t, dir+"/logs/1.txt"))
	}
	s.do(t, "sh", "-c", again[1])
	until(t, "the jobs sent again have ended", idle)
	s.do(t, program, "run", dir+"/scenario.toml", "-o", "alone", "--progress", "none")
	sameResult(t, "alone", dir+"/result")
}

// sameResult compares all files of two results.
func sameResult(t *testing.T, a, b string) {
	t.Helper()
	var files [2]map[string]record.FileInfo
	for i, dir := range []string{a, b} {
		var m record.Manifest
		if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "manifest.json"))), &m); err != nil {
			t.Fatal(err)
		}
		files[i] = m.Files
	}
	names := slices.Sorted(maps.Keys(files[0]))
	if others := slices.Sorted(maps.Keys(files[1])); !slices.Equal(names, others) || len(names) < 5 {
		t.Fatalf("%s holds %q, %s %q", a, names, b, others)
	}
	for _, name := range append(names, "manifest.json") {
		if one, other := read(t, filepath.Join(a, name)), read(t, filepath.Join(b, name)); one != other {
			t.Errorf("%s differs between %s and %s, from line %d", name, a, b, differs(one, other))
		}
	}
}
