package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"net"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/report/page"
	"tripwire/report/viewer"
	"tripwire/study"
	"tripwire/study/record"
)

// serveOptions is the flags of serve.
type serveOptions struct {
	addr   string
	remote bool
}

func newServe(std *streams) *cobra.Command {
	var opt serveOptions
	cmd := &cobra.Command{
		Use:   "serve [DIR]",
		Short: "Show results in a browser",
		Long: `serve shows the results in DIR, or one result, to the browser of this machine: summaries, figures with a
choice of axes and measures, histories to be replayed, comparisons, and all of it to take away. It reads, and
changes nothing. Ctrl-C ends it.

It listens where only this machine can reach it. Another address needs --remote: then whoever can reach
it reads the results, for there is no password.`,
		Example: "  tripwire serve\n  tripwire serve results/baseline --addr 127.0.0.1:9000",
		RunE: func(cmd *cobra.Command, args []string) error {
			return opt.run(cmd.Context(), std, append(args, "results")[0])
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.addr, "addr", "127.0.0.1:8080", "address to listen at; port 0 takes a free one")
	f.BoolVar(&opt.remote, "remote", false, "let other machines reach it, where --addr says so")
	return cmd
}

func (opt *serveOptions) run(ctx context.Context, std *streams, dir string) error {
	host, _, err := net.SplitHostPort(opt.addr)
	if err != nil {
		return usagef("--addr %s: must be HOST:PORT", opt.addr)
	}
	var names []string
	if !viewer.Loopback(opt.addr) {
		if !opt.remote {
			return usagef("--addr %s: other machines can reach it, and there is no password; if that is meant, give --remote", opt.addr)
		}
		fmt.Fprintf(std.err, "tripwire: whoever can reach %s reads the results; there is no password and no encryption\n", opt.addr)
		names = append(names, host)
		if own, err := os.Hostname(); err == nil {
			names = append(names, own)
		}
	}
	config := viewerConfig()
	if _, err := os.Stat(filepath.Join(dir, record.ManifestFile)); err == nil {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return output{err}
		}
		dir, config.Only = filepath.Split(whole)
	} else if _, there := unfinished(dir); there {
		return &record.Error{Path: dir, Err: record.ErrUnfinished}
	}
	if config.Root, err = os.OpenRoot(dir); errors.Is(err, fs.ErrNotExist) {
		return output{fmt.Errorf("there is no folder %s: %s run baseline makes a first result", dir, std.program)}
	} else if err != nil {
		return output{err}
	}
	defer config.Root.Close()
	l, err := net.Listen("tcp", opt.addr)
	if err != nil {
		return output{err}
	}
	ctx, release := signalled(ctx)
	defer release()
	fmt.Fprintf(std.out, "http://%s/\n", l.Addr())
	if err := std.out.Flush(); err != nil {
		return output{err}
	}
	return viewer.Serve(ctx, l, viewer.New(config), names, log.New(std.err, "tripwire: ", 0))
}

// viewerConfig is how the viewer comes by what only this room can wire.
func viewerConfig() viewer.Config {
	return viewer.Config{
		Level:  study.Level,
		Inputs: inputsFor,
		Table:  func(r *record.Result) (*report.By, error) { return tableOf(r, study.Level) },
		Report: func(r *record.Result) (*page.Report, error) { return composeReport(r, study.Level) },
		Compare: func(a, b *record.Result, measure string) (*report.Comparison, error) {
			return comparisonOf(a, b, report.CompareOptions{Measure: measure, Level: study.Level})
		},
		History: func(r *record.Result, point, rep int64) (*page.History, error) {
			s, err := studyOf(r)
			if err != nil {
				return nil, err
			}
			if d := &r.Manifest.Design; point >= min(s.Points(), d.Points) || rep >= d.At(point) {
				return nil, nil
			}
			return historyPage(s, point, rep)
		},
	}
}
