package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// served starts serve and returns its address. When the test ends it must end too, and well.
func served(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	std := &streams{out: bufio.NewWriter(w), err: io.Discard, width: 80, program: "tripwire"}
	ended := make(chan int, 1)
	go func() {
		ended <- execute(ctx, std, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...))
		w.Close()
	}()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("serve %v: exit %d before it said where it is", args, <-ended)
	}
	t.Cleanup(func() {
		cancel()
		select {
		case code := <-ended:
			if code != 0 {
				t.Errorf("serve %v: ended with exit %d, want 0", args, code)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("serve %v: goes on 10 s after it was told to end", args)
		}
	})
	return strings.TrimSuffix(strings.TrimSpace(line), "/")
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

func TestServe(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "20", "--progress", "none")
	must(t, "run", "baseline", "-n", "20", "-o", "results/r3", "--set", `coalition.roe="R3"`, "--progress", "none")
	url := served(t)
	for page, want := range map[string]string{
		"/":                              `<a href="/s/r3/">`,
		"/s/baseline/":                   "Deterrence held in",
		"/s/baseline/history?rep=3":      "Replication 3, seed 1",
		"/s/baseline/report.html":        "Run it again",
		"/compare?a=baseline&b=r3":       "coalition.roe",
		"/s/baseline/files/runs.csv":     "run_id,point,rep,",
		"/s/baseline/histories?page=1":   "Replay replication 19",
		"/s/baseline/figures?figure=box": "sampled",
	} {
		if code, body := get(t, url+page); code != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("GET %s: %d, want 200 and %q in\n%.2000s", page, code, want, body)
		}
	}
	if code, _ := get(t, url+"/s/baseline/history?rep=20"); code != http.StatusNotFound {
		t.Errorf("a replication that was not played: %d, want 404", code)
	}

	alone := served(t, "results/r3")
	if code, body := get(t, alone+"/"); code != http.StatusOK || strings.Contains(body, "baseline/") {
		t.Errorf("serve results/r3 shows %d and the result beside it:\n%s", code, body)
	}
	if code, _ := get(t, alone+"/s/baseline/"); code != http.StatusNotFound {
		t.Errorf("serve results/r3: the result beside it is had with %d, want 404", code)
	}
}

func TestServeRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--addr", "0.0.0.0:0"}, 2, "--remote"},
		{[]string{"--addr", ":8080"}, 2, "--remote"},
		{[]string{"--addr", "example.org:80"}, 2, "--remote"},
		{[]string{"--addr", "127.0.0.1"}, 2, "HOST:PORT"},
		{[]string{"nowhere"}, 7, "run baseline"},
	} {
		got := call(t, append([]string{"serve"}, c.args...)...)
		if got.code != c.code || !strings.Contains(got.err, c.want) {
			t.Errorf("serve %v: exit %d, %q; want %d and %q", c.args, got.code, got.err, c.code, c.want)
		}
	}
}

func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "hostile.toml", `extends = "baseline"
title = '''</title></style><script>alert(1)</script>"'&'''
[study]
design = "grid"
replications = 10
[[study.factors]]
key = "coalition.roe"
values = ["R0", "R3"]
[[study.factors]]
key = "coalition.troops"
values = [5000, 30000]
[[expect]]
measure = "deterred"
low = 0.99
`)
	run := call(t, "run", "hostile.toml", "-o", "a", "--progress", "none")
	if run.code != 4 {
		t.Fatalf("exit %d, want 4 for the expectation that fails\n%s", run.code, run.err)
	}
	must(t, "report", "a", "-o", "a.html")
	call(t, "run", filepath.Join("a", "scenario.toml"), "-o", "b", "-j", "3", "--progress", "none", "--force")
	must(t, "report", "b", "-o", "b.html")
	a, b := read(t, "a.html"), read(t, "b.html")
	if a != b {
		t.Error("a result and the same run again have reports of other bytes")
	}
	if n := strings.Count(a, "<script"); n != 0 {
		t.Errorf("the report has %d scripts, want none: a title has become markup", n)
	}
	if address := regexp.MustCompile(`(src|href|action)="[^"#].{0,40}|url\(.{0,40}`).FindString(a); address != "" {
		t.Errorf("the report names an address outside itself: %s", address)
	}
	for _, want := range []string{
		"&lt;script&gt;alert(1)", "default-src &#39;none&#39;; style-src &#39;sha256-", "What was expected of it", "Causal chains", "The numbers behind it: heatmap",
		"tripwire run scenario.toml", "coalition.troops", "judgement", "Luck only", "<title id=\"outcomes-",
	} {
		if !strings.Contains(a, want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if err := os.WriteFile(filepath.Join("a", "runs.csv"), []byte("changed"), 0o666); err != nil {
		t.Fatal(err)
	}
	if c := call(t, "report", "a", "-o", "c.html"); c.code != 7 || !strings.Contains(c.err, "was changed since it was written") {
		t.Errorf("report of a damaged result: exit %d, %q; want 7", c.code, c.err)
	}
}
