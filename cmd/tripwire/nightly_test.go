package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// script is the first block of docs/nightly.md in a language.
func script(t *testing.T, language string) string {
	t.Helper()
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindStringSubmatch(read(t, root+"/docs/nightly.md"))
	if m == nil {
		t.Fatalf("docs/nightly.md has no block of %s", language)
	}
	return m[1]
}

// The script of docs/nightly.md does what the page says, started as cron starts it: with next to no environment.
func TestNightlyScript(t *testing.T) {
	text := script(t, "sh")
	line := strings.TrimPrefix(strings.TrimSpace(script(t, "cron")), "15 2 * * * ")
	home := t.TempDir()
	small := strings.Replace(text, "--time-limit 5h", "-n 20", 1) // so few that it needs no limit
	if small == text {
		t.Fatal("the script has no --time-limit 5h")
	}
	for _, dir := range []string{"go/bin", "nights"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"nightly.sh":      small,
		"go/bin/tripwire": "#!/bin/sh\nTRIPWIRE_BE_THE_PROGRAM=1 exec '" + os.Args[0] + "' \"$@\"\n",
	} {
		if err := os.WriteFile(filepath.Join(home, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	night := func() (code int, mail string) {
		var out bytes.Buffer
		cmd := exec.Command("/bin/sh", "-c", line+"; exit $?")
		cmd.Env, cmd.Stdout, cmd.Stderr = []string{"HOME=" + home, "PATH=/usr/bin:/bin"}, &out, &out
		var exit *exec.ExitError
		if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), out.String()
	}
	at := func(name string) string { return filepath.Join(home, "nights", name) }
	there := func(name string) bool { _, err := os.Stat(at(name)); return err == nil }
	log := func() string { return read(t, at("log.txt")) }

	if _, mail := night(); mail != "" || !there("last/manifest.json") || there("tonight") || !strings.Contains(log(), "100/100 runs 100.0%") {
		t.Fatalf("the first night sends %q and logs\n%s", mail, log())
	}
	if _, mail := night(); mail != "" || !there("last/manifest.json") || there("differs") || !strings.Contains(log(), "The same: runs.csv has the same bytes, 100 histories.") {
		t.Fatalf("a night like the last sends %q and logs\n%s", mail, log())
	}
	rows := read(t, at("last/runs.csv"))
	changed := strings.Replace(rows, ",deterred-quiet,", ",settled,", 1)
	forge(t, at("last"), "runs.csv", changed)
	if _, mail := night(); !strings.Contains(mail, "in 1 of them a measure") || !strings.Contains(mail, "tripwire: tonight differs from last") || !there("differs/manifest.json") {
		t.Errorf("a night that is another sends %q", mail)
	}
	if read(t, at("last/runs.csv")) != changed {
		t.Error("the yardstick was replaced by what differs from it")
	}
	cmd := exec.Command("/bin/sh", filepath.Join(home, "nightly.sh"), at(""))
	cmd.Env = []string{"PATH=" + filepath.Join(home, "go/bin") + ":/usr/bin:/bin"}
	if out, _ := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != 4 {
		t.Errorf("the script exits %d, want 4:\n%s", cmd.ProcessState.ExitCode(), out)
	}
}

// What configs/nightly.toml expects holds, as far as a tenth of its histories can say.
func TestNightlyExpectations(t *testing.T) {
	t.Chdir(t.TempDir())
	got := call(t, "run", "nightly", "-n", "400", "--progress", "none")
	if got.code != 0 || !regexp.MustCompile(`Expected: 1[34] hold, [01] undecided, 0 fail`).MatchString(got.out) {
		t.Errorf("exit %d\n%s%s", got.code, got.err, got.out)
	}
}

// The studies that docs/nightly.md shows are read without a fault.
func TestNightlyStudy(t *testing.T) {
	text := script(t, "toml")
	t.Chdir(t.TempDir())
	write(t, "mine.toml", text)
	if got := call(t, "check", "mine.toml"); got.code != 0 {
		t.Errorf("exit %d: %s", got.code, got.err)
	}
}
