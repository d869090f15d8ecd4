//go:build browser

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The tests in this file need Chromium, and axe-core, whose axe.min.js TRIPWIRE_AXE names. With TRIPWIRE_SHOTS they
// leave a picture of every page in that folder.

const hostile = `<script>alert(1)</script>"'&`

const hostileFolder = `<img src=x onerror=alert(1)>"'&#%2e`

// A tab is a page in a browser of its own, with what went wrong in it.
type tab struct {
	*testing.T
	context.Context
	base string // what it may ask for

	mu     sync.Mutex
	faults []string
}

func (b *tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// open starts a browser that reports every request that leaves base, and every fault of a page.
func open(t *testing.T, base string) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, shut := chromedp.NewContext(ctx)
	t.Cleanup(shut)
	b := &tab{T: t, base: base}
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, base) && !strings.HasPrefix(u, "data:") && u != "about:blank" {
				b.fault("asks for %s", u)
			}
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
				b.fault("%s: %s", e.Entry.Source, e.Entry.Text)
			}
		case *runtime.EventExceptionThrown:
			b.fault("throws %s", e.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			b.fault("opens a dialog: %s", e.Message)
			go func() {
				_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	})
	if err != nil {
		t.Fatalf("/usr/bin/chromium does not start: %v", err)
	}
	var cancel context.CancelFunc
	b.Context, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return b
}

func (b *tab) run(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.Context, steps...); err != nil {
		b.Fatalf("%s: %v", what, err)
	}
}

// ask evaluates an expression that comes to a text, or to the promise of one.
func (b *tab) ask(js string) string {
	b.Helper()
	text, err := chromedp.Run(b.Context, chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Fatalf("%.200s: %v", js, err)
	}
	return text
}

func (b *tab) eval(js string) string { b.Helper(); return b.ask("String(" + js + ")") }

// look opens a page and holds it to what every page has to keep, wide and narrow, light and dark.
func (b *tab) look(name, address string) {
	b.Helper()
	for _, width := range []int64{1200, 375} {
		for _, scheme := range []string{"light", "dark"} {
			place := fmt.Sprintf("%s, %d px, %s", name, width, scheme)
			media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
			if _, err := chromedp.Call(b.Context, emulation.SetEmulatedMedia, media); err != nil {
				b.Fatal(err)
			}
			b.run(place, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address))
			if wide := b.eval(`document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth + " px" : ""`); wide != "" {
				b.Errorf("%s: the page scrolls sideways: it is %s wide", place, wide)
			}
			b.axe(place)
			b.shoot(fmt.Sprintf("%s-%d-%s.png", name, width, scheme))
		}
	}
	b.clean(name)
}

// clean is no fault since the last time.
func (b *tab) clean(place string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, f := range b.faults {
		b.Errorf("%s: %s", place, f)
	}
	b.faults = nil
}

// axe asks axe-core what keeps people from using the page.
func (b *tab) axe(place string) {
	b.Helper()
	file := os.Getenv("TRIPWIRE_AXE")
	source, err := os.ReadFile(file)
	if err != nil {
		b.Fatalf("TRIPWIRE_AXE must name the file axe.min.js of axe-core 4: npm pack axe-core@4 && tar xzf axe-core-4*.tgz leave package/axe.min.js (%v)", err)
	}
	b.ask(string(source) + ";''")
	found := b.ask(`axe.run({resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, at: v.nodes.map(n => n.target + " " + n.html.slice(0, 160))}))))`)
	var violations []struct {
		ID, Impact, Help string
		At               []string
	}
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.Fatalf("axe-core said %q: %v", found, err)
	}
	for _, v := range violations {
		if v.Impact == "serious" || v.Impact == "critical" {
			b.Errorf("%s: %s (%s, %s) at %s", place, v.Help, v.ID, v.Impact, strings.Join(v.At[:min(3, len(v.At))], "; "))
		}
	}
}

func (b *tab) shoot(name string) {
	b.Helper()
	folder := os.Getenv("TRIPWIRE_SHOTS")
	if folder == "" {
		return
	}
	picture, err := chromedp.Run(b.Context, chromedp.FullScreenshot(100))
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), picture, 0o666); err != nil {
		b.Fatal(err)
	}
}

// press types a key and says what has the focus then.
func (b *tab) press(key string) string {
	b.Helper()
	b.run("pressing a key", chromedp.KeyEvent(key))
	return b.eval(`document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim()`)
}

// studies plays what the pages show.
func studies(t *testing.T) {
	t.Helper()
	must(t, "run", "baseline", "-n", "120", "--progress", "none")
	must(t, "run", "roe-by-size", "-n", "8", "--progress", "none")
	write(t, "hostile.toml", "extends = \"baseline\"\ntitle = '''"+hostile+"'''\nquestion = '''"+hostile+"'''\n")
	must(t, "run", "hostile.toml", "-n", "30", "-o", filepath.Join("results", hostileFolder), "--set", `coalition.roe="R3"`, "--progress", "none")
	must(t, "run", "baseline", "-n", "5", "-o", "results/damaged", "--progress", "none")
	write(t, "results/damaged/runs.csv", "changed")
	if err := os.MkdirAll("results/cut/.tripwire", 0o777); err != nil {
		t.Fatal(err)
	}
}

func TestViewerInBrowser(t *testing.T) {
	t.Chdir(t.TempDir())
	studies(t)
	base := served(t)
	b := open(t, base+"/")
	own := base + "/s/" + url.PathEscape(hostileFolder) + "/"
	for _, p := range []struct{ name, address string }{
		{"index", base + "/"},
		{"study", base + "/s/baseline/"},
		{"study-grid", base + "/s/roe-by-size/"},
		{"study-hostile", own},
		{"figures", base + "/s/baseline/figures?figure=incidence"},
		{"figures-grid", base + "/s/roe-by-size/figures?figure=heatmap&measure=invaded"},
		{"figures-refused", base + "/s/baseline/figures?figure=" + url.QueryEscape(hostile) + "&x=" + url.QueryEscape(hostile)},
		{"histories", base + "/s/roe-by-size/histories"},
		{"histories-hostile", own + "histories"},
		{"history", base + "/s/baseline/history?rep=3"},
		{"compare", base + "/compare?a=baseline&b=" + url.QueryEscape(hostileFolder)},
		{"damaged", base + "/s/damaged/"},
		{"nothing", base + "/nothing"},
		{"report-served", own + "report.html"},
	} {
		b.look(p.name, p.address)
	}

	b.run("the hostile study", chromedp.Navigate(own))
	if got := b.eval(`document.querySelector("h1").textContent`); got != hostile {
		b.Errorf("the title of the hostile study shows as %q, want %q", got, hostile)
	}
	if got := b.eval(`document.scripts.length`); got != "0" {
		b.Errorf("the page has %s scripts, want none", got)
	}

	// From the list to a replay, with the keyboard alone.
	b.run("the list", chromedp.Navigate(base+"/"))
	for range 20 {
		if b.press(kb.Tab) == "Baseline" {
			break
		}
	}
	b.run("opening a study", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(`#short`)))
	for range 20 {
		if b.press(kb.Tab) == "Histories" {
			break
		}
	}
	b.run("opening its histories", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(`select[name=outcome]`)))
	for range 20 {
		if b.press(kb.Tab) == "outcome" {
			break
		}
	}
	b.run("choosing an outcome", chromedp.KeyEvent("invasion"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter),
		chromedp.WaitReady(chromedp.CSS(`option[value="invasion-repelled"][selected]`)), chromedp.WaitVisible(chromedp.CSS(`td a`)))
	if got := b.eval(`new URLSearchParams(location.search).get("outcome")`); got != "invasion-repelled" {
		b.Errorf("typing invasion chose the outcome %q, want invasion-repelled", got)
	}
	b.press(kb.Tab)
	for range 20 {
		if b.press(kb.Tab) == "Replay" {
			break
		}
	}
	b.run("opening a history", chromedp.KeyEvent(kb.Enter), chromedp.WaitVisible(chromedp.CSS(`#replay`)))
	b.replay()
	b.clean("walking with the keyboard")
}

// replay steps through the history that is open, by its keys.
func (b *tab) replay() {
	b.Helper()
	when := func(key string) string {
		b.press(key)
		return b.eval(`document.getElementById("now-link").hash`)
	}
	first := when(kb.Home)
	second := when(kb.ArrowRight)
	last := when(kb.End)
	if first == second || second == last || when(kb.Home) != first || when(kb.ArrowRight) != second || when(kb.ArrowLeft) != first {
		b.Errorf("Home, →, End led to the events %q, %q, %q: want three, and the same ones again", first, second, last)
	}
}

func TestPagesOffline(t *testing.T) {
	t.Chdir(t.TempDir())
	studies(t)
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join("results", hostileFolder)
	must(t, "report", dir, "-o", "hostile.html")
	must(t, "report", "results/roe-by-size", "-o", "grid.html")
	must(t, "trace", dir, "--rep", "3", "--html", "-o", "history.html")
	for _, name := range []string{"hostile", "grid", "history"} {
		address := "file://" + folder + "/" + name + ".html"
		b := open(t, address)
		b.look("offline-"+name, address)
		if name == "grid" {
			continue
		}
		if got := b.eval(`document.querySelector("h1").textContent`); got != hostile {
			b.Errorf("%s: the title shows as %q, want %q", name, got, hostile)
		}
		scripts := map[string]string{"hostile": "0", "history": "2"}[name] // the replay's code and its data
		if got := b.eval(`document.scripts.length`); got != scripts {
			b.Errorf("%s: the page has %s scripts, want %s", name, got, scripts)
		}
		if name == "history" {
			b.replay()
		}
		b.clean(name)
	}
}

// Every address of a page of the viewer leads somewhere.
func TestNoDeadLinks(t *testing.T) {
	t.Chdir(t.TempDir())
	studies(t)
	base := served(t)
	b := open(t, base+"/")
	seen := []string{base + "/"}
	for i := 0; i < len(seen) && i < 60; i++ {
		if code, _ := get(t, seen[i]); code != 200 {
			t.Errorf("%s, which a page leads to, answers %d", seen[i], code)
		}
		if strings.Contains(seen[i], "/files/") || strings.Contains(seen[i], "/figure/") || strings.Contains(seen[i], "/history?") {
			continue
		}
		b.run(seen[i], chromedp.Navigate(seen[i]))
		links := strings.Split(b.eval(`[...document.links].map(a => a.href.split("#")[0]).join("\n")`), "\n")
		for _, link := range links {
			if !slices.Contains(seen, link) && strings.HasPrefix(link, base) {
				seen = append(seen, link)
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d pages were found: %v", len(seen), seen)
	}
}
