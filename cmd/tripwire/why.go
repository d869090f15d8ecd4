package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/model"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/causes"
	"tripwire/study/record"
)

// whyOptions is the flags of why.
type whyOptions struct {
	outcome        string
	top, sample    int
	rep, point     int64
	level          float64
	counterfactual bool
	form           form
}

func newWhy(std *streams) *cobra.Command {
	var opt whyOptions
	cmd := &cobra.Command{
		Use:   "why DIR",
		Short: "Tell what led to an outcome, and which gate held the American answer back",
		Long: `why plays histories of a result again and tells what led to what: the commonest causal chains to an
outcome, how late each gate of the American answer to an attack was, and which one held it back.

With --rep it takes one history and changes the answer of one gate after the other under the same luck:
how would it have ended? With --counterfactual it does so to every history in which an attack came.`,
		Example: "  tripwire why results/baseline\n  tripwire why results/baseline --outcome limited-fait-accompli\n" +
			"  tripwire why results/baseline --rep 7\n  tripwire why results/baseline --counterfactual",
		RunE: func(cmd *cobra.Command, args []string) error {
			single := cmd.Flags().Changed("rep")
			if !cmd.Flags().Changed("point") {
				opt.point = -1
			} else if opt.point < 0 {
				return usagef("--point %d: must not be negative", opt.point)
			}
			if err := cmp.Or(checkLevel(opt.level), opt.form.check()); err != nil {
				return err
			}
			switch {
			case opt.top < 1:
				return usagef("--top %d: must be at least 1", opt.top)
			case opt.sample < 1:
				return usagef("--sample %d: must be at least 1", opt.sample)
			case single && opt.rep < 0:
				return usagef("--rep %d: must not be negative", opt.rep)
			case single && (opt.counterfactual || opt.outcome != ""):
				return usagef("--rep is about one history, --outcome and --counterfactual are about many: give one of them")
			case opt.counterfactual && opt.outcome != "":
				return usagef("--outcome and --counterfactual: give one of them")
			}
			if _, ok := causes.ClassOf(opt.outcome); opt.outcome != "" && !ok {
				return usagef("--outcome %s: no such outcome class; there are: %s", opt.outcome, strings.Join(model.Class(0).Classes()[1:], ", "))
			}
			return opt.run(std, args[0], single)
		},
	}
	f := cmd.Flags()
	f.StringVar(&opt.outcome, "outcome", "", "tell the ways to this outcome class (default the commonest way to each)")
	f.IntVar(&opt.top, "top", 10, "ways that are told with --outcome")
	f.IntVar(&opt.sample, "sample", 2000, "most histories of one kind that are played again")
	f.Int64Var(&opt.rep, "rep", 0, "one history: had a gate answered otherwise?")
	f.Int64Var(&opt.point, "point", 0, "number of the design point, from 0 (default all of them together; with --rep the first)")
	f.BoolVar(&opt.counterfactual, "counterfactual", false, "what each gate is worth: attacks that end otherwise if it answers otherwise")
	f.Float64Var(&opt.level, "level", study.Level, "confidence level of the intervals")
	opt.form.add(cmd, "as JSON", "as CSV, a row an estimate or a supposition")
	return cmd
}

func (opt *whyOptions) run(std *streams, dir string, single bool) error {
	r, err := record.Open(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	s, err := load(filepath.Join(dir, record.ScenarioFile), nil)
	if err != nil {
		return err
	}
	if opt.point >= s.Points() {
		return usagef("--point %d: the last design point is %d", opt.point, s.Points()-1)
	}
	if single {
		err = opt.one(std, r, s)
	} else {
		err = opt.many(std, r, s)
	}
	if changed := new(causes.Changed); errors.As(err, &changed) {
		return mismatch{fmt.Errorf("%s: %w; verify tells more", dir, err)}
	}
	return err
}

// many answers about a batch.
func (opt *whyOptions) many(std *streams, r *record.Result, s *study.Study) error {
	y, err := opt.read(r, s)
	if err != nil {
		return err
	}
	var next []report.Advice
	if !opt.form.md { // which goes into a document, where nobody types
		next = opt.advice(std, r.Dir, y)
	}
	return opt.form.print(std, y, next)
}

// read gathers the answer about a batch.
func (opt *whyOptions) read(r *record.Result, s *study.Study) (*report.Why, error) {
	census, err := causes.Read(r, opt.point)
	if err != nil {
		return nil, err
	}
	again := causes.Sample(census.Attacked, opt.sample)
	y := &report.Why{
		Manifest: &r.Manifest, Title: r.Package.Title, Level: opt.level, Point: opt.point, Top: opt.top,
		Runs: len(census.Runs), Attacks: len(census.Attacked), Played: len(again),
	}
	outcomes := []model.Class{}
	switch class, one := causes.ClassOf(opt.outcome); {
	case one:
		outcomes = append(outcomes, class)
	case opt.counterfactual:
		if len(again) > 0 {
			y.Worths, err = causes.Worths(s, again, opt.level)
		}
	default:
		y.Top = 1
		for o := model.TermsRefused; o <= model.DeterredQuiet; o++ {
			if len(census.Ended(o)) > 0 {
				outcomes = append(outcomes, o)
			}
		}
		y.Held = census.Held(opt.level)
		if len(again) > 0 {
			y.Gates, err = causes.Gates(s, again, opt.level)
		}
	}
	if err != nil {
		return nil, err
	}
	for _, o := range outcomes {
		runs := census.Ended(o)
		ways, err := causes.Chains(s, o, causes.Sample(runs, opt.sample), len(runs), opt.level)
		if err != nil {
			return nil, err
		}
		y.Ways = append(y.Ways, ways)
		for _, h := range census.Held(opt.level) {
			if opt.outcome != "" && h.Outcome == o {
				y.Held = append(y.Held, h)
			}
		}
	}
	return y, nil
}

// advice is what to type next.
func (opt *whyOptions) advice(std *streams, dir string, y *report.Why) []report.Advice {
	next := steps{program: std.program}
	dir = quote(filepath.Clean(dir))
	most := 0 // attacks that ended in the outcome that is advised on
	for _, h := range y.Held {
		most = max(most, h.Attacks)
	}
	for _, w := range y.Ways {
		if len(w.All) == 0 || opt.outcome == "" && w.Runs < most {
			continue
		}
		place, run := "", w.All[0].Example
		if y.Manifest.Design.Points > 1 {
			place = fmt.Sprintf(" --point %d", run.Point)
		}
		next.add("one such history, event by event", "trace %s%s --rep %d", dir, place, run.Rep)
		if opt.outcome == "" {
			next.add("the ways to one outcome", "why %s --outcome %s", dir, w.Outcome)
		}
		break
	}
	if y.Attacks > 0 && !opt.counterfactual {
		next.add("what each gate is worth", "why %s --counterfactual", dir)
	}
	return next.list
}

// one answers about one history.
func (opt *whyOptions) one(std *streams, r *record.Result, s *study.Study) error {
	point := max(opt.point, 0)
	census, err := causes.Read(r, point)
	if err != nil {
		return err
	}
	if d := &r.Manifest.Design; opt.rep >= d.At(point) {
		place := ""
		if d.ByPoint != nil { // a study that decides as it goes plays some points longer than others
			place = fmt.Sprintf(" of design point %d", point)
		}
		return usagef("--rep %d: the last replication%s is %d", opt.rep, place, d.At(point)-1)
	}
	run := causes.Run{Point: point, Rep: opt.rep}
	for _, known := range census.Runs {
		if known.Rep == opt.rep {
			run = known
		}
	}
	own, gates, err := causes.NewPlayer(s).Suppose(run)
	if err != nil {
		return err
	}
	y := &report.WhyNot{Title: r.Package.Title, Seed: r.Manifest.Seed, Run: run, Points: r.Manifest.Design.Points, Own: own, Gates: gates}
	return opt.form.print(std, y, nil)
}
