package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tripwire/model"
	"tripwire/report/page"
	"tripwire/sim"
	"tripwire/study"
	"tripwire/study/record"
)

// traceOptions is the flags of trace.
type traceOptions struct {
	rep, point int64
	sets       []string
	all        bool
	json, csv  bool
	html       bool
	out        string
}

func newTrace(std *streams) *cobra.Command {
	var opt traceOptions
	cmd := &cobra.Command{
		Use:   "trace FILE|DIR --rep K",
		Short: "Tell one history, event by event, each with its cause",
		Long: `trace plays one history and tells it: when (days since the armistice), where, what, and why, which is
the number and the name of the event that caused it. FILE is a scenario or study, DIR a result.

With --html it writes a page that is read in a browser: an after-action report, a timeline, and a replay that is
stepped through with the keyboard.`,
		Example:           "  tripwire trace results/baseline --rep 7\n  tripwire trace baseline --rep 7 --csv -o history.csv\n  tripwire trace results/baseline --rep 7 --html -o history.html",
		ValidArgsFunction: completeFiles,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case !cmd.Flags().Changed("rep"):
				return usagef("trace needs --rep K, the number of a replication from 0")
			case opt.rep < 0:
				return usagef("--rep %d: must not be negative", opt.rep)
			case opt.point < 0:
				return usagef("--point %d: must not be negative", opt.point)
			case opt.json && opt.csv || opt.json && opt.html || opt.csv && opt.html:
				return usagef("--json, --csv and --html: give one of them")
			case opt.html && opt.out == "":
				return usagef("--html needs -o FILE, the page that it writes")
			}
			if opt.html {
				if err := checkPage(opt.out); err != nil {
					return err
				}
			}
			file, err := scenarioOf(args[0])
			if err != nil {
				return err
			}
			if err := opt.run(cmd, std, file); err != nil {
				return err
			}
			if file != args[0] && !cmd.Flags().Changed("seed") && len(opt.sets) == 0 {
				opt.beyond(std, args[0])
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.Int64Var(&opt.rep, "rep", 0, "number of the replication, from 0")
	f.Int64Var(&opt.point, "point", 0, "number of the design point, from 0")
	f.Int64("seed", 0, "key of all luck (default the scenario's)")
	f.StringArrayVar(&opt.sets, "set", nil, "set a parameter: KEY=VALUE")
	f.BoolVar(&opt.all, "all", false, "tell routine events too")
	f.BoolVar(&opt.json, "json", false, "every event as one JSON object a line")
	f.BoolVar(&opt.csv, "csv", false, "every event as CSV, with the columns of events.csv")
	f.BoolVar(&opt.html, "html", false, "a page with a timeline and a replay, in one file that needs no network; with -o FILE")
	f.StringVarP(&opt.out, "out", "o", "", "write to a file")
	return cmd
}

func (opt *traceOptions) run(cmd *cobra.Command, std *streams, file string) error {
	s, _, err := loadFor(cmd, file, opt.sets)
	if err != nil {
		return err
	}
	if opt.point >= s.Points() {
		return usagef("--point %d: the last design point is %d", opt.point, s.Points()-1)
	}
	told, err := opt.told(s, std.width)
	if err != nil {
		return err
	}
	if opt.out == "" {
		_, err = std.out.Write(told)
	} else {
		err = os.WriteFile(opt.out, told, 0o666)
	}
	if err != nil {
		return output{err}
	}
	return nil
}

// beyond says of a history that a finished result does not hold that it is one of its scenario only.
func (opt *traceOptions) beyond(std *streams, dir string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return
	}
	defer root.Close()
	r, err := record.Glance(root, ".")
	if err != nil { // none that is finished
		return
	}
	defer r.Close()
	d := &r.Manifest.Design
	if opt.point >= d.Points || opt.rep < d.At(opt.point) {
		return
	}
	place := ""
	if d.Points > 1 {
		place = fmt.Sprintf(" at point %d", opt.point)
	}
	fmt.Fprintf(std.err, "tripwire: %s holds only replications 0 to %d%s: replication %d is of the same scenario and seed, and not of that result\n", dir, d.At(opt.point)-1, place, opt.rep)
}

// told is the history in the form that is asked for.
func (opt *traceOptions) told(s *study.Study, width int) ([]byte, error) {
	if opt.html {
		h, err := historyPage(s, opt.point, opt.rep)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = page.WriteHistory(&b, h)
		return b.Bytes(), err
	}
	scenario, luck, err := s.At(opt.point, opt.rep)
	if err != nil {
		return nil, err
	}
	var history []model.Entry
	war := model.New(scenario)
	outcome := war.Trace(uint64(s.Scenario.Seed), luck, func(e model.Entry) { history = append(history, e) })
	switch {
	case opt.csv:
		return study.Events(opt.point, opt.rep, history), nil
	case opt.json:
		return jsonLines(history), nil
	}
	return tell(s, opt.point, opt.rep, history, outcome, war.Passages(), opt.all, width), nil
}

// historyPage plays a history for a page.
func historyPage(s *study.Study, point, rep int64) (*page.History, error) {
	scenario, luck, err := s.At(point, rep)
	if err != nil {
		return nil, err
	}
	h := &page.History{Title: s.Title(), Question: string(s.Scenario.Question), Rep: rep, Seed: uint64(s.Scenario.Seed)}
	if s.Points() > 1 {
		h.Place = fmt.Sprintf("Design point %d: %s.", point, s.Describe(point))
	}
	war := model.New(scenario)
	h.Outcome = war.Trace(h.Seed, luck, func(e model.Entry) {
		h.Moments = append(h.Moments, page.Moment{Entry: e, Scene: war.Scene()})
	})
	h.Gates, h.Measures = war.Passages(), measures(h.Outcome)
	return h, nil
}

// jsonLines is a history as one JSON object a line.
func jsonLines(history []model.Entry) []byte {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for _, h := range history {
		// Strings and numbers always encode, into memory always.
		_ = e.Encode(struct {
			ID      sim.ID  `json:"id"`
			Cause   sim.ID  `json:"cause"`
			Days    float64 `json:"t_d"`
			Date    string  `json:"date"`
			Subject string  `json:"subject"`
			Event   string  `json:"event"`
			What    string  `json:"what"`
		}{h.ID, h.Cause, h.At.Days(), h.At.String(), h.Subject, h.Event, h.What})
	}
	return []byte(b.String())
}
