package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"tripwire/report"
	"tripwire/stats"
	"tripwire/study"
	"tripwire/study/record"
)

// state is what lies in a folder.
type state struct {
	Dir        string `json:"-"`
	Finished   bool   `json:"finished"`   // there is a result
	Unfinished bool   `json:"unfinished"` // there is a run that has not come to its end
	Running    bool   `json:"running"`    // and a process is at it
	PID        int    `json:"pid,omitempty"`

	Shard record.Shard `json:"shard,omitzero"` // of which there is no result; if it is whole, unfinished is false

	Done     int64     `json:"done"`           // of the unfinished run, or else of the result
	Total    int64     `json:"total"`          // as far as is known
	Open     bool      `json:"open,omitempty"` // the run decides as it goes how long to go on: total grows
	Failed   int64     `json:"failed"`
	Deterred *deterred `json:"deterred,omitempty"`
	Version  string    `json:"version,omitempty"`
	Next     string    `json:"next,omitempty"` // what to type
}

// deterred is the share of the histories with accepted terms in which deterrence held.
type deterred struct {
	N     int64   `json:"n"`
	Value float64 `json:"value"`
	Low   float64 `json:"low,omitzero"` // Wilson; none over several design points, which are no simple sample
	High  float64 `json:"high,omitzero"`
}

func newStatus(std *streams) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status DIR",
		Short:   "Say how far a run has come, and how to go on with it",
		Example: "  tripwire status results/baseline",
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := stateOf(cmd.Context(), std, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(std.out, s)
			}
			s.print(std)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return cmd
}

func stateOf(ctx context.Context, std *streams, dir string) (*state, error) {
	s := &state{Dir: dir}
	parts, err := record.OpenParts(dir)
	if err != nil {
		return nil, err
	}
	defer parts.Close()
	s.PID, s.Running = parts.Running()
	r, err := record.Open(dir)
	switch {
	case err == nil:
		defer r.Close()
		s.Finished = true
	case !errors.Is(err, record.ErrUnfinished):
		return nil, err
	}
	origin, err := parts.Origin()
	if err != nil {
		return nil, err
	}
	s.Unfinished = s.Running || origin != nil && !(s.Finished && r.Manifest.Input == origin.Input)
	switch {
	case s.Unfinished && origin != nil:
		own, err := load(parts.Scenario(), nil)
		if err != nil {
			return nil, err
		}
		p, err := own.Survey(ctx, parts, *origin)
		if err != nil {
			return nil, err
		}
		s.Open = !own.Fixed()
		s.count(own.Points(), p.Done, p.Runs, p.Failed, p.Deterred, p.Accepted)
		s.Version, s.Shard = origin.Version, origin.Shard
		s.Unfinished = s.Shard.Of == 0 || s.Running || p.Done < p.Runs
	case s.Finished:
		held, accepted, err := countDeterred(r)
		if err != nil {
			return nil, err
		}
		s.count(r.Manifest.Design.Points, r.Manifest.Runs, r.Manifest.Runs, r.Manifest.Failed, held, accepted)
		s.Version = r.Manifest.Version
	case !s.Running:
		return nil, &record.Error{Path: dir, Err: record.ErrUnfinished}
	}
	switch {
	case s.Running:
		s.Next = fmt.Sprintf("%s status %s", std.program, quote(dir))
	case s.Unfinished:
		s.Next = fmt.Sprintf("%s run %s --resume", std.program, quote(dir))
	case s.Shard.Of > 0:
		s.Next = fmt.Sprintf("%s merge %s -o %s", std.program, besides(dir), quote(unitedFolder(dir)))
	default:
		s.Next = fmt.Sprintf("%s summary %s", std.program, quote(dir))
	}
	return s, nil
}

// countDeterred counts in the rows of a result.
func countDeterred(r *record.Result) (held, accepted int64, err error) {
	for t, err := range r.Chunks("runs", "deterred") {
		if err != nil {
			return 0, 0, err
		}
		for i := range t.Len() {
			if x := t.Row(i)[0]; !math.IsNaN(x) {
				accepted++
				held += int64(x)
			}
		}
	}
	return held, accepted, nil
}

func (s *state) count(points, done, total, failed, held, accepted int64) {
	s.Done, s.Total, s.Failed = done, total, failed
	if accepted > 0 {
		e := stats.Share(int(held), int(accepted), study.Level)
		s.Deterred = &deterred{N: accepted, Value: e.Value}
		if points == 1 {
			s.Deterred.Low, s.Deterred.High = e.Low, e.High
		}
	}
}

func (s *state) print(std *streams) {
	what := "a finished result"
	switch {
	case s.Running && s.PID > 0:
		what = fmt.Sprintf("a run that process %d is playing", s.PID)
	case s.Running:
		what = "a run that another process is playing"
	case s.Unfinished:
		what = "an unfinished run"
	case s.Shard.Of > 0:
		what = "whole"
	}
	if s.Shard.Of > 0 {
		what = fmt.Sprintf("shard %d of %d, %s", s.Shard.Number, s.Shard.Of, what)
	}
	fmt.Fprintf(std.out, "%s: %s\n", s.Dir, what)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(std.out, "  %-9s %s\n", name, fmt.Sprintf(format, args...))
	}
	if s.Unfinished && s.Finished {
		line("besides", "a finished result, which stays until the run is finished")
	}
	switch {
	case s.Total == 0:
	case s.Open:
		line("runs", "%s of %s known so far: it decides as it goes how long to go on", report.Count(s.Done), report.Count(s.Total))
	default:
		line("runs", "%s of %s, %.1f%%", report.Count(s.Done), report.Count(s.Total), 100*float64(s.Done)/float64(s.Total))
	}
	if s.Failed > 0 {
		line("failed", "%s", report.Count(s.Failed))
	}
	if d := s.Deterred; d != nil {
		interval := ""
		if d.High > 0 {
			interval = fmt.Sprintf(" (95%% interval %.4g to %.4g)", d.Low, d.High)
		}
		line("deterred", "%.4g%s of %s with accepted terms", d.Value, interval, report.Plural(d.N, "history", "histories"))
	}
	next := "for more"
	if s.Unfinished && !s.Running {
		next = "to go on"
	} else if s.Shard.Of > 0 && !s.Running {
		next = "to unite"
	}
	line(next, "%s", s.Next)
}
