package viewer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/report"
	"tripwire/report/page"
	"tripwire/study"
	"tripwire/study/record"
)

const (
	hostile       = `<script>alert(1)</script>"'&`
	hostileFolder = `<img src=x onerror=alert(1)>"'&#%2e`
)

// play makes a result of the baseline and what is given.
func play(t *testing.T, dir, text string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.toml")
	if err := os.WriteFile(file, []byte("extends = \"baseline\"\n"+text), 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := study.Load(input.Loader{Embedded: configs.FS}, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := record.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Run(context.Background(), w, study.Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
}

// folder is a folder with results of all sorts; beside it stands a secret.
func folder(t *testing.T) string {
	t.Helper()
	outside := t.TempDir()
	dir := filepath.Join(outside, "results")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(dir, 0o777))
	must(os.WriteFile(filepath.Join(outside, "secret"), []byte("secret"), 0o666))
	play(t, filepath.Join(dir, "plain"), "[study]\nreplications = 60\n")
	play(t, filepath.Join(dir, "grid"), "[study]\ndesign = \"grid\"\nreplications = 5\n[[study.factors]]\nkey = \"coalition.roe\"\nvalues = [\"R0\", \"R3\"]\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [5_000, 30_000]\n")
	play(t, filepath.Join(dir, hostileFolder), "title = '''"+hostile+"'''\nquestion = '''"+hostile+"'''\n[study]\nreplications = 5\n")
	play(t, filepath.Join(dir, "damaged"), "[study]\nreplications = 5\n")
	play(t, filepath.Join(dir, "select"), "[study]\ndesign = \"grid\"\nreplications = 20\nmax_runs = 200\n[study.select]\nprocedure = \"ocba\"\n[[study.factors]]\nkey = \"coalition.troops\"\nvalues = [5_000, 15_000, 30_000]\n")
	must(os.WriteFile(filepath.Join(dir, "damaged", "series.csv"), []byte("changed"), 0o666))
	must(os.MkdirAll(filepath.Join(dir, "cut", ".tripwire"), 0o777))
	must(os.Mkdir(filepath.Join(dir, "empty"), 0o777))
	must(os.Symlink(outside, filepath.Join(dir, "way-out")))
	must(os.WriteFile(filepath.Join(dir, "plain", "note"), []byte("no part of the result"), 0o666))
	return dir
}

func handler(t *testing.T, dir string) http.Handler {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return New(Config{
		Root: root, Level: 0.95,
		Table: func(r *record.Result) (*report.By, error) {
			if r.Manifest.Design.Points == 1 {
				return nil, nil
			}
			return report.ReadBy(r, []string{"point"}, "deterred", 0.95)
		},
		Report: func(r *record.Result) (*page.Report, error) {
			s, err := report.Read(r, 0.95)
			return &page.Report{Result: r, Summary: s}, err
		},
		History: func(_ *record.Result, point, rep int64) (*page.History, error) {
			if rep > 59 {
				return nil, nil
			}
			s := new(model.Scenario)
			if _, err := (input.Loader{Embedded: configs.FS}).Load("baseline", nil, s, nil); err != nil {
				return nil, err
			}
			war := model.New(s)
			h := &page.History{Title: hostile, Rep: rep}
			h.Outcome = war.Trace(1, uint64(rep), func(e model.Entry) { h.Moments = append(h.Moments, page.Moment{Entry: e, Scene: war.Scene()}) })
			return h, nil
		},
		Compare: func(a, b *record.Result, measure string) (*report.Comparison, error) {
			return report.Compare(a, b, report.CompareOptions{Measure: measure, Level: 0.95})
		},
	})
}

func ask(h http.Handler, method, target string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080/", nil)
	if u, err := url.Parse(target); err == nil {
		r.URL = u
	}
	w := httptest.NewRecorder()
	guard(h, "8080", nil).ServeHTTP(w, r)
	return w
}

func TestPages(t *testing.T) {
	h := handler(t, folder(t))
	own := "/s/" + url.PathEscape(hostileFolder) + "/"
	for _, c := range []struct {
		target string
		status int
		want   string
	}{
		{"/", 200, "Deterrence held in"},
		{"/", 200, "was cut short"},
		{"/", 200, "damaged/series.csv: was changed since it was written"},
		{"/?page=0", 400, "whole number from 1"},
		{"/s/plain/", 200, "Outcomes of all 60 histories"},
		{"/s/grid/", 200, "All points together"},
		{"/s/cut/", 409, "--resume"},
		{"/s/empty/", 409, "no result"},
		{"/s/cut/", 409, "tripwire run cut --resume goes on with it"},
		{"/s/damaged/", 409, "was changed since it was written"},
		{"/s/nowhere/", 404, "no such study"},
		{"/s/way-out/", 404, "is not followed"},
		{"/s/plain/figures", 200, "<svg "},
		{"/s/grid/figures?figure=heatmap&x=coalition.troops&y=coalition.roe&measure=invaded", 200, `value="coalition.roe" selected`},
		{"/s/plain/figures?figure=heatmap", 200, "it needs two factors"},
		{"/s/plain/figures?figure=" + url.QueryEscape(hostile), 200, "is no figure"},
		{"/s/plain/figures?measure=" + url.QueryEscape(hostile), 200, "has no measure"},
		{"/s/grid/figures?point=-1", 400, "whole number from 0"},
		{"/s/plain/figure/figure.svg?figure=outcomes", 200, "<svg "},
		{"/s/plain/figure/figure.pdf?figure=outcomes", 200, "%PDF-"},
		{"/s/plain/figure/figure.csv?figure=outcomes", 200, "deterred-quiet"},
		{"/s/plain/figure/figure.exe", 404, "figure.svg"},
		{"/s/plain/figure/figure.svg?figure=sobol", 422, "cannot be had"},
		{"/s/plain/histories", 200, "Replay replication 49"},
		{"/s/plain/histories?page=2", 200, "Replay replication 59"},
		{"/s/plain/histories?page=3", 200, "no such histories"},
		{"/s/grid/histories?point=2", 200, "Replay replication 4 of point 2"},
		{"/s/plain/histories?outcome=" + url.QueryEscape(hostile), 400, "no such class"},
		{"/s/plain/history?rep=7", 200, "after-action report"},
		{"/s/plain/history?rep=60", 404, "no replication 60"},
		{"/s/plain/history?rep=x", 400, "whole number"},
		{"/s/plain/report.html", 200, "Run it again"},
		{"/compare", 200, "Compare"},
		{"/compare?a=plain&b=plain", 400, "with itself"},
		{"/compare?a=plain&b=damaged", 409, "was changed"},
		{"/compare?a=plain&b=" + url.QueryEscape(hostileFolder), 200, "met the same luck"},
		{"/compare?a=grid&b=" + url.QueryEscape(hostileFolder), 422, "designs cannot be matched"},
		{own, 200, "&lt;script&gt;alert(1)&lt;/script&gt;"},
		{own + "histories", 200, "%3Cimg%20src=x%20onerror=alert%281%29%3E"},
		{"/viewer.css", 200, ".headline"},
		{"/nothing", 404, "no such page"},
	} {
		w := ask(h, "GET", c.target)
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.want) {
			t.Errorf("GET %s: %d, want %d and %q in\n%.3000s", c.target, w.Code, c.status, c.want, body)
		}
		if strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
			t.Errorf("GET %s: a hostile name became markup in\n%.3000s", c.target, body)
		}
		if again := ask(h, "GET", c.target); again.Body.String() != body {
			t.Errorf("GET %s: asked again, the answer has other bytes", c.target)
		}
	}
}

// Whatever the path, nothing is to be had that is not part of a result.
func TestNoWayOut(t *testing.T) {
	dir := folder(t)
	h := handler(t, dir)
	for _, target := range []string{
		"/../secret", "/s/../../secret", "/s/%2e%2e/", "/s/..%2f/", "/s/%2e%2e%2fresults/", "/s/plain%2f..%2fgrid/", "/s/plain%5c..%5cgrid/", "/s/.%2f/", "/s/%00/",
		"/s/plain/files/../../../secret", "/s/plain/files/..%2f..%2fsecret", "/s/plain/files/%2e%2e%2f%2e%2e%2fsecret", "/s/plain/files/%2fetc%2fpasswd",
		"/s/plain/files/note", "/s/plain/files/.tripwire", "/s/way-out/files/secret", "/s/cut/files/.tripwire", "/s/plain/files/runs.csv%00.json", "/s/..%2f..%2f/files/secret",
	} {
		w := ask(h, "GET", target)
		if w.Code < 300 || w.Code >= 500 || strings.Contains(w.Body.String(), "secret\n") || w.Body.String() == "secret" {
			t.Errorf("GET %s: %d %.200q, want a refusal", target, w.Code, w.Body)
		}
	}
	if w := ask(h, "GET", "/s/plain/files/runs.csv"); w.Code != 200 || !strings.HasPrefix(w.Body.String(), "run_id,") || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("a file of the result: %d %v %.80q", w.Code, w.Header(), w.Body)
	}

	// A file that is swapped for a link after it was read is not followed either.
	file := filepath.Join(dir, "plain", "runs.csv")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(filepath.Dir(dir), "secret"), file); err != nil {
		t.Fatal(err)
	}
	if w := ask(h, "GET", "/s/plain/files/runs.csv"); w.Code != http.StatusConflict || strings.HasPrefix(w.Body.String(), "secret") {
		t.Errorf("a link in the place of runs.csv: %d %.200q, want 409", w.Code, w.Body)
	}
}

func TestHeaders(t *testing.T) {
	h := handler(t, folder(t))
	for _, target := range []string{"/", "/s/plain/", "/s/plain/history?rep=1", "/s/plain/report.html", "/s/plain/files/runs.csv", "/nothing", "/viewer.css", "/s/plain/figure/figure.svg"} {
		got := ask(h, "GET", target).Header()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
		} {
			if got.Get(name) != want {
				t.Errorf("GET %s: %s is %q, want %q", target, name, got.Get(name), want)
			}
		}
		csp := got.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("GET %s: the policy %q lacks %q", target, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "script-src 'self'") {
			t.Errorf("GET %s: the policy %q lets too much through", target, csp)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
		if w := ask(h, method, "/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d, Allow %q; want 405 and GET, HEAD", method, w.Code, w.Header().Get("Allow"))
		}
	}
	if w := ask(h, "HEAD", "/s/plain/"); w.Code != 200 {
		t.Errorf("HEAD: %d, want 200", w.Code)
	}
}

func TestHost(t *testing.T) {
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, c := range []struct {
		host  string
		names []string
		want  int
	}{
		{"127.0.0.1:8080", nil, 200}, {"localhost:8080", nil, 200}, {"[::1]:8080", nil, 200}, {"LOCALHOST:8080", nil, 200}, {"127.0.0.2:8080", nil, 200},
		{"evil.example:8080", nil, 421}, {"localhost.evil.example:8080", nil, 421}, {"127.0.0.1.evil.example:8080", nil, 421}, {"127.0.0.1", nil, 421},
		{"127.0.0.1:80", nil, 421}, {"localhost:8081", nil, 421}, {"", nil, 421}, {"localhost", nil, 421}, {"192.168.0.7:8080", nil, 421}, {"0.0.0.0:8080", nil, 421},
		{"localhost:8080:8080", nil, 421}, {"localhost@evil.example:8080", nil, 421},
		{"192.168.0.7:8080", []string{"0.0.0.0"}, 200}, {"desk:8080", []string{"0.0.0.0", "desk"}, 200}, {"evil.example:8080", []string{"0.0.0.0", "desk"}, 421},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		guard(ok, "8080", c.names).ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("Host %q with the names %q: %d, want %d", c.host, c.names, w.Code, c.want)
		}
	}
	for addr, want := range map[string]bool{
		"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, ":1": false, "0.0.0.0:1": false, "[::]:1": false, "192.168.0.7:1": false, "example.org:1": false, "x": false,
	} {
		if got := Loopback(addr); got != want {
			t.Errorf("Loopback(%q) is %v, want %v", addr, got, want)
		}
	}
}

// What takes too long is answered with 503, goes on, and is there for who asks next.
func TestPatience(t *testing.T) {
	dir := folder(t)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	held := make(chan struct{})
	v := &viewer{Config: Config{Root: root}, shelf: &shelf{root: root, entries: map[string]*entry{}}, hands: make(chan struct{}, 1), patience: 100 * time.Millisecond}
	work := func(names ...string) error {
		return v.with(httptest.NewRequest("GET", "/", nil), func(...*entry) error { <-held; return nil }, names...)
	}
	for _, names := range [][]string{{"plain"}, {"plain"}, {"grid"}} { // works; waits for its turn; waits for a hand
		if err := work(names...); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("work on %q that does not end: %v, want that it is given up", names, err)
		}
	}
	close(held)
	v.patience = time.Minute
	if err := work("plain", "grid"); err != nil {
		t.Errorf("once the long work is done: %v", err)
	}
	err = v.with(httptest.NewRequest("GET", "/", nil), func(...*entry) error { panic("at work") }, "plain")
	if err == nil || !strings.Contains(err.Error(), "at work") {
		t.Errorf("work that panics: %v", err)
	}
	if err := work("grid", "plain"); err != nil {
		t.Errorf("after work that panicked: %v", err)
	}
}

// A report that took too long is made once, and there for who asks next.
func TestReportIsKept(t *testing.T) {
	root, err := os.OpenRoot(folder(t))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	held, made := make(chan struct{}), 0
	report := func(r *record.Result) (*page.Report, error) {
		<-held
		made++
		s, err := report.Read(r, 0.95)
		return &page.Report{Result: r, Summary: s}, err
	}
	v := &viewer{Config: Config{Root: root, Report: report}, shelf: &shelf{root: root, entries: map[string]*entry{}}, hands: make(chan struct{}, 1), patience: 100 * time.Millisecond}
	get := func() (*httptest.ResponseRecorder, error) {
		r, w := httptest.NewRequest("GET", "/s/plain/report.html", nil), httptest.NewRecorder()
		r.SetPathValue("study", "plain")
		return w, v.report(w, r)
	}
	if _, err := get(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a report that takes too long: %v, want that it is given up", err)
	}
	close(held)
	v.patience = time.Minute
	for range 2 {
		if w, err := get(); err != nil || !strings.Contains(w.Body.String(), "60 histories") || made != 1 {
			t.Errorf("asked again: made %d times, %v, got\n%.300s", made, err, w.Body)
		}
	}
}

// Many ask at once; go test -race holds that nobody reads a result while another does.
func TestManyAtOnce(t *testing.T) {
	h := handler(t, folder(t))
	var wg sync.WaitGroup
	for i := range 24 {
		wg.Go(func() {
			target := []string{"/", "/s/plain/", "/s/plain/figures?figure=incidence", "/s/grid/", "/compare?a=plain&b=" + url.QueryEscape(hostileFolder), "/compare?b=plain&a=" + url.QueryEscape(hostileFolder)}[i%6]
			if w := ask(h, "GET", target); w.Code != 200 {
				t.Errorf("GET %s among others: %d", target, w.Code)
			}
		})
	}
	wg.Wait()
}

// A result that is written anew is shown anew.
func TestWrittenAnew(t *testing.T) {
	dir := folder(t)
	h := handler(t, dir)
	before := ask(h, "GET", "/s/plain/").Body.String()
	if err := os.RemoveAll(filepath.Join(dir, "plain")); err != nil {
		t.Fatal(err)
	}
	play(t, filepath.Join(dir, "plain"), "[study]\nreplications = 7\n")
	after := ask(h, "GET", "/s/plain/").Body.String()
	if !strings.Contains(before, "60 histories") || !strings.Contains(after, "7 histories") {
		t.Errorf("got, before\n%.1500s\nand after\n%.1500s", before, after)
	}
}

func TestServeEnds(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked, answer := make(chan struct{}), make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(asked)
		<-answer
		fmt.Fprint(w, "all of it")
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, l, slow, nil, log.New(io.Discard, "", 0)) }()
	got := make(chan string, 1)
	go func() {
		r, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		body, _ := io.ReadAll(r.Body)
		got <- string(body)
	}()
	<-asked
	cancel()
	close(answer)
	if body := <-got; body != "all of it" {
		t.Errorf("who had asked before the end got %q", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
}

func TestPlain(t *testing.T) {
	for name, want := range map[string]bool{"a": true, "a b": true, hostileFolder: true, "": false, ".": false, "..": false, ".git": false, "a/b": false, `a\b`: false, "../a": false} {
		if plain(name) != want {
			t.Errorf("plain(%q) is %v, want %v", name, plain(name), want)
		}
	}
	factors, measures := axes([]record.Column{{Name: "point"}, {Name: "p_a_b", Title: "a.b", Factor: true}, {Name: "case", Title: "Case", Factor: true}, {Name: "deterred", Kind: record.Bool}, {Name: "outcome", Kind: record.Class, Classes: []string{"x", "y"}}})
	if !slices.Equal(factors, []string{"a.b", "case"}) || !slices.Equal(measures, []string{"deterred", "outcome=x", "outcome=y"}) {
		t.Errorf("the axes are %q and %q", factors, measures)
	}
}

// Of rivals a page names the best, or from where to where they go, and nothing over all of them; how often each was
// played is said as it is.
func TestRivals(t *testing.T) {
	h := handler(t, folder(t))
	list := ask(h, "GET", "/").Body.String()
	for _, want := range []string{"in which Moscow accepted the terms, over 4 choices.", ", over 3 choices.", "grid of 3 points, up to ", "grid of 4 points, 5 replications each"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q:\n%s", want, list)
		}
	}
	for name, want := range map[string]string{"select": "Best by its estimate: ", "grid": "over 4 choices", "plain": "Deterrence held in "} {
		text := ask(h, "GET", "/s/"+name+"/").Body.String()
		short, _, _ := strings.Cut(text, `id="numbers"`)
		if !strings.Contains(short, want) || strings.Contains(short, "Deterrence held in") != (name == "plain") {
			t.Errorf("%s in short lacks %q, or pools rivals:\n%s", name, want, short)
		}
		if strings.Contains(text, "<h2>Which is the best</h2>") != (name == "select") {
			t.Errorf("%s: the ranking is on the wrong page", name)
		}
	}
	if text := ask(h, "GET", "/s/select/report.html").Body.String(); !strings.Contains(text, "Which is the best</h2>") || !strings.Contains(text, "ahead by") || !strings.Contains(text, "3 points of up to ") {
		t.Errorf("the report lacks the ranking:\n%.3000s", text)
	}
}
