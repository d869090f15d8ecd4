// Package viewer shows the results of a folder in a browser: what came of each study, its figures drawn as they are
// asked for, its histories, and two studies beside each other. Start at [New], which makes the handler, and [Serve].
//
// It reads, and changes nothing: it answers GET and HEAD, looks into no path outside the folder, and needs no
// script. It knows neither the war nor how a history is played: what is above its room is handed to it in [Config].
package viewer

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"time"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/report/page"
	"tripwire/study/record"
)

//go:embed *.html viewer.css
var files embed.FS

// Config is what a viewer shows, and how it comes by what the rooms below it do not know.
type Config struct {
	Root  *os.Root // the folder of the results
	Only  string   // the one result that is shown; "" for all
	Level float64  // of confidence

	Inputs  func(*record.Result) (report.Inputs, error)                           // for the figures of influence
	Table   func(*record.Result) (*report.By, error)                              // the groups of a study; nil where there are none
	Report  func(*record.Result) (*page.Report, error)                            //
	History func(r *record.Result, point, rep int64) (*page.History, error)       //
	Compare func(a, b *record.Result, measure string) (*report.Comparison, error) //
}

// Limits on what one request may ask for.
const (
	rowsAPage    = 50
	studiesAPage = 100
	rowsShown    = 500              // of the numbers behind a figure; all are in its CSV
	patience     = 25 * time.Second // for tables and figures
	mostFigures  = 64               // kept for each result
)

type viewer struct {
	Config
	shelf    *shelf
	hands    chan struct{} // how many requests may work at once
	patience time.Duration
}

// New is the handler of a viewer, without the guard that [Serve] puts before it.
func New(c Config) http.Handler {
	v := &viewer{Config: c, shelf: &shelf{root: c.Root, entries: map[string]*entry{}}, hands: make(chan struct{}, runtime.GOMAXPROCS(0)), patience: patience}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", v.handle(v.index))
	mux.HandleFunc("GET /viewer.css", style)
	mux.HandleFunc("GET /compare", v.handle(v.compare))
	mux.HandleFunc("GET /s/{study}/{$}", v.handle(v.study))
	mux.HandleFunc("GET /s/{study}/figures", v.handle(v.figures))
	mux.HandleFunc("GET /s/{study}/figure/{file}", v.handle(v.figureFile))
	mux.HandleFunc("GET /s/{study}/histories", v.handle(v.histories))
	mux.HandleFunc("GET /s/{study}/history", v.handle(v.history))
	mux.HandleFunc("GET /s/{study}/report.html", v.handle(v.report))
	mux.HandleFunc("GET /s/{study}/files/{file}", v.handle(v.file))
	mux.HandleFunc("GET /", v.handle(func(http.ResponseWriter, *http.Request) error {
		return &problem{http.StatusNotFound, "There is no such page."}
	}))
	return mux
}

// A problem is an answer that is not the page that was asked for.
type problem struct {
	status  int
	message string
}

func (p *problem) Error() string { return p.message }

func problemf(status int, format string, args ...any) error {
	return &problem{status, fmt.Sprintf(format, args...)}
}

// headings are of pages that say why there is no other.
var headings = map[int]string{
	http.StatusBadRequest: "This cannot be asked", http.StatusNotFound: "Not here", http.StatusConflict: "No result to show",
	http.StatusUnprocessableEntity: "Not to be had of this result", http.StatusServiceUnavailable: "Not yet", http.StatusInternalServerError: "A fault of tripwire",
}

// handle shows the errors of a page kindly.
func (v *viewer) handle(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := serve(w, r)
		if err == nil {
			return
		}
		p := new(problem)
		switch {
		case errors.As(err, &p):
		case errors.As(err, new(*record.Error)):
			p = &problem{http.StatusConflict, "The result cannot be read: " + err.Error() + "."}
		case errors.As(err, new(*figure.Ask)), errors.As(err, new(*report.Ask)):
			p = &problem{http.StatusUnprocessableEntity, "This cannot be had of this result. " + sentence(err)}
		case errors.Is(err, context.DeadlineExceeded):
			p = &problem{http.StatusServiceUnavailable, "This takes longer than a page may. It is still being worked on: try again in a while, or use the command line."}
		case errors.Is(err, context.Canceled):
			return // nobody waits for it
		default:
			p = &problem{http.StatusInternalServerError, "A fault of tripwire itself: " + err.Error()}
		}
		if err := show(w, p.status, "problem.html", frame{Title: headings[p.status]}, p.message); err != nil {
			panic(err)
		}
	}
}

func sentence(err error) string {
	s := strings.TrimSuffix(err.Error(), ".")
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// frame is what stands around every page.
type frame struct {
	Title string
	Study string // whose page it is; "" for none
	Name  string // the study's title
	Here  string // which of its pages
}

// At is the address of a page of the study.
func (f frame) At(rest string) string { return at(f.Study, rest) }

func at(study, rest string) string { return "/s/" + url.PathEscape(study) + "/" + rest }

var templates = template.Must(template.New("").Funcs(template.FuncMap{"at": at, "count": report.Count[int64]}).ParseFS(files, "*.html"))

// show writes a page whole, or not at all.
func show(w http.ResponseWriter, status int, name string, f frame, content any) error {
	var b bytes.Buffer
	err := templates.ExecuteTemplate(&b, name, struct {
		Frame   frame
		Content any
	}{f, content})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // who went away reads nothing
	return nil
}

func style(w http.ResponseWriter, _ *http.Request) {
	own, err := files.ReadFile("viewer.css")
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(append([]byte(page.ReportStyle()), own...))
}
