package main

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/model"
	"tripwire/report"
	"tripwire/stats"
	"tripwire/study"
	"tripwire/study/rare"
)

// rareOptions is the flags of rare.
type rareOptions struct {
	end                 string
	effort, repetitions int
	level               float64
	sets                []string
	workers             int
	progress            string
	json, trace         bool
}

func newRare(std *streams) *cobra.Command {
	var opt rareOptions
	cmd := &cobra.Command{
		Use:   "rare FILE",
		Short: "Estimate a rare end, such as nuclear use, by multilevel splitting",
		Long: `rare estimates the probability of an end at the top of the escalation ladder, which plain histories
seldom or never meet: nuclear-use, nato-russia-war, or rung=K for rung K and higher. Histories that
come near the end go on with other luck, many times over, level by level; pilot histories choose the
levels. The interval comes from how the repetitions differ. How it agrees with plain histories is told
in docs/decisions/rare.md.`,
		Example:           "  tripwire rare baseline\n  tripwire rare baseline --end nato-russia-war --effort 1000\n  tripwire rare baseline --end rung=9 --trace",
		ValidArgsFunction: completeFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := scenarioOf(args[0])
			if err != nil {
				return err
			}
			return opt.run(cmd, std, file)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.end, "end", "nuclear-use", "the rare end: nuclear-use, nato-russia-war or rung=K")
	f.IntVar(&opt.effort, "effort", 500, "histories at each level")
	f.IntVar(&opt.repetitions, "repetitions", 20, "independent estimates, from which the interval comes")
	f.Float64Var(&opt.level, "level", study.Level, "confidence level of the interval")
	f.Int64("seed", 0, "key of all luck (default the scenario's)")
	f.StringArrayVar(&opt.sets, "set", nil, "set a parameter: KEY=VALUE")
	f.IntVarP(&opt.workers, "jobs", "j", 0, "repetitions played at once (default one on each core); changes no byte of output")
	f.StringVar(&opt.progress, "progress", "auto", "on stderr: auto, bar, plain, json or none")
	f.BoolVar(&opt.trace, "trace", false, "tell one history that came to the end, too")
	f.BoolVar(&opt.json, "json", false, "as JSON")
	return cmd
}

func (opt *rareOptions) run(cmd *cobra.Command, std *streams, file string) error {
	const most = 1 << 24
	end, ok := model.RareEnd(opt.end)
	switch {
	case !ok:
		return usagef("--end %s: must be nuclear-use, nato-russia-war or rung=K with K from 1 to 10", opt.end)
	case opt.effort < 2 || opt.effort > most:
		return usagef("--effort %d: must be from 2 to %d", opt.effort, most)
	case opt.repetitions < 2 || opt.repetitions > most:
		return usagef("--repetitions %d: must be from 2 to %d", opt.repetitions, most)
	case opt.json && opt.trace:
		return usagef("--json and --trace: give one of them")
	}
	if err := cmp.Or(checkLevel(opt.level), checkJobs(opt.workers)); err != nil {
		return err
	}
	meter, err := newMeter(std, opt.progress)
	if err != nil {
		return err
	}
	s, _, err := loadFor(cmd, file, opt.sets)
	if err != nil {
		return err
	}
	if s.Points() > 1 {
		return usagef("%s has %s design points: rare takes one scenario; move a parameter with --set", file, report.Count(s.Points()))
	}
	workers := opt.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, release := signalled(cmd.Context())
	defer release()
	repetitions := int64(opt.repetitions)
	meter.what = "repetitions"
	meter.start(repetitions)
	r, err := rare.Estimate(ctx, rare.War(&s.Scenario, end), rare.Options{
		End: rare.AtEnd, Effort: opt.effort, Repetitions: opt.repetitions, Level: opt.level,
		Seed: uint64(s.Scenario.Seed), Workers: workers,
		Done: func(n int) { meter.update(study.Progress{Done: int64(n), Runs: repetitions}) },
	})
	meter.end()
	if err != nil {
		return err
	}
	if opt.json {
		return writeJSON(std.out, rareObject(opt.end, s, end, r))
	}
	fmt.Fprint(std.out, opt.text(s, end, r, std.width))
	if opt.trace && r.Example != nil {
		var (
			history []model.Entry
			b       strings.Builder
		)
		o, gates := rare.Trace(&s.Scenario, end, *r.Example, func(e model.Entry) { history = append(history, e) })
		fmt.Fprint(&b, "\nA history that came to it. Day 0 is the armistice; in brackets the event that caused it.\n\n")
		story(&b, history, o, gates, false, std.width)
		fmt.Fprint(std.out, b.String())
	}
	return nil
}

// text is the estimate in words, and what it rests on.
func (opt *rareOptions) text(s *study.Study, end model.End, r *rare.Result[model.Course], width int) string {
	var b strings.Builder
	if title := s.Title(); title != "" {
		fmt.Fprintln(&b, title)
	}
	fmt.Fprintf(&b, "Multilevel splitting: %s of %s at each level, seed %d\n\n",
		report.Plural(int64(opt.repetitions), "repetition", "repetitions"), report.Plural(int64(opt.effort), "history", "histories"), s.Scenario.Seed)
	what := "P(" + end.String() + ")"
	if r.Value == 0 {
		fmt.Fprintf(&b, "%s  below %.2g at %g%% confidence\n", what, r.High, 100*r.Level)
	} else {
		fmt.Fprintf(&b, "%s  %.3g  [%.3g, %.3g] at %g%% confidence; relative error %.1f%%\n", what, r.Value, r.Low, r.High, 100*r.Level, 100*r.RelativeError)
	}
	names := []string{"level"}
	for _, l := range r.Levels {
		names = append(names, end.Level(l.Near, threeDigits))
	}
	column := 0
	for _, name := range names {
		column = max(column, len(name))
	}
	fmt.Fprintf(&b, "\n  %-*s  %9s  %9s  %9s  %9s\n", column, "level", "share", "crossed", "of", "ancestors")
	for i, l := range r.Levels {
		fmt.Fprintf(&b, "  %-*s  %9.4f  %9s  %9s  %9.1f\n", column, names[i+1], l.Share, report.Count(l.Crossed), report.Count(l.Trials), l.Distinct)
	}
	b.WriteString("\n" + report.Wrap("Of the histories that passed the level before, each with other luck from there on, a share passes a level. "+
		"Ancestors are the first histories from which those that pass descend, in one repetition. "+
		"A level in days is how long the clock of the end would still run at the present hazard.", width) + "\n\n")
	fmt.Fprintf(&b, "Played: %s segments, %s events, and %s segments of pilot histories.\n",
		report.Count(r.Segments), report.Count(r.Work), report.Count(r.Pilot.Segments))
	if r.Value > 0 {
		fmt.Fprintf(&b, "Plain histories of equal precision: %s, and %.3g times the events.\n",
			report.Count(int64(math.Ceil(math.Min(r.BruteRuns, 1e18)))), r.BruteWork/float64(r.Work))
	}
	for _, w := range r.Warnings {
		b.WriteString(report.Wrap("Warning: "+w, width) + "\n")
	}
	b.WriteString("\n" + report.Wrap("Luck only: every input was held at one value. The hazards of the rare ends are judgements over which the inputs "+
		"differ by factors of ten and more: use the number to compare guarantees, never as a forecast.", width) + "\n")
	return b.String()
}

// threeDigits is as exact as a level need be told, which pilot histories have drawn.
func threeDigits(x float64) string { return stats.Round(x, int(math.Floor(math.Log10(x)))-2) }

// rareLevel is a level in JSON.
type rareLevel struct {
	Level     string  `json:"level"`
	Nearness  number  `json:"nearness"` // null at the end
	Share     float64 `json:"share"`
	Crossed   int64   `json:"crossed"`
	Trials    int64   `json:"trials"`
	Ancestors float64 `json:"ancestors"`
}

// rareObject is the estimate as JSON shows it.
func rareObject(name string, s *study.Study, end model.End, r *rare.Result[model.Course]) any {
	levels := []rareLevel{}
	for _, l := range r.Levels {
		levels = append(levels, rareLevel{end.Level(l.Near, threeDigits), number(l.Near), l.Share, l.Crossed, l.Trials, l.Distinct})
	}
	warnings := append([]string{}, r.Warnings...)
	return struct {
		End           string      `json:"end"`
		Seed          uint64      `json:"seed"`
		Value         float64     `json:"value"`
		Low           float64     `json:"low"`
		High          float64     `json:"high"`
		Level         float64     `json:"level"`
		Method        string      `json:"method"`
		Warnings      []string    `json:"warnings"`
		RelativeError number      `json:"relative_error"`
		Levels        []rareLevel `json:"levels"`
		Estimates     []float64   `json:"estimates"`
		Segments      int64       `json:"segments"`
		Events        int64       `json:"events"`
		PilotSegments int64       `json:"pilot_segments"`
		PilotEvents   int64       `json:"pilot_events"`
		PlainRuns     number      `json:"plain_runs"`
		PlainEvents   number      `json:"plain_events"`
	}{name, uint64(s.Scenario.Seed), r.Value, r.Low, r.High, r.Level, r.Method, warnings, number(r.RelativeError), levels, r.Estimates,
		r.Segments, r.Work, r.Pilot.Segments, r.Pilot.Work, number(r.BruteRuns), number(r.BruteWork)}
}
