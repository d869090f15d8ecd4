package causes

import (
	"tripwire/model"
	"tripwire/stats"
	"tripwire/study"
)

// Gate is how attacks fared at one gate of the American answer.
type Gate struct {
	Gate    model.Gate
	Held    stats.Estimate // share of the attacks whose answer it held back
	Reached int            // attacks whose answer came to it
	Passed  int            // of those
	Refused int            // of those, by which it was asked and refused at least once
	Days    stats.Estimate // median time from D-day until it was passed
	Low     float64        // 5% of those times; NaN where nothing passed
	High    float64        // 95%
}

// Gates plays runs in which an attack came again, and says how late each gate was and which held the answer back.
// The first entry is [model.GateNone], for answers that nothing held back.
func Gates(s *study.Study, runs []Run, level float64) ([]Gate, error) {
	passages := make([][model.GateTime + 1]model.Passage, len(runs))
	held := make([]model.Gate, len(runs))
	err := each(s, runs, func(p *Player, i int) error {
		o, err := p.play(runs[i])
		passages[i], held[i] = p.passages(), o.GateFailed
		return err
	})
	if err != nil {
		return nil, err
	}
	var gates []Gate
	for g := model.GateNone; g <= model.GateTime; g++ {
		row, stopped := Gate{Gate: g}, 0
		var days []float64
		for i := range runs {
			if held[i] == g {
				stopped++
			}
			p := passages[i][g]
			if g == model.GateNone || p.ReachedD != p.ReachedD {
				continue
			}
			row.Reached++
			if p.Refused > 0 {
				row.Refused++
			}
			if p.PassedD == p.PassedD {
				row.Passed++
				days = append(days, p.PassedD)
			}
		}
		row.Held = stats.Share(stopped, len(runs), level)
		row.Low, row.High = model.Missing, model.Missing
		sample := stats.NewSample(days)
		row.Days = sample.QuantileInterval(0.5, level).Estimate
		if len(days) > 0 {
			row.Low, row.High = sample.Quantile(0.05, stats.MedianUnbiased), sample.Quantile(0.95, stats.MedianUnbiased)
		}
		gates = append(gates, row)
	}
	return gates, nil
}

func (p *Player) passages() [model.GateTime + 1]model.Passage {
	if p.war == nil {
		return [model.GateTime + 1]model.Passage{}
	}
	return p.war.Passages()
}

// A Supposition is one or all gates that answer otherwise than they do.
type Supposition struct {
	Gate   model.Gate // GateNone stands for all of them
	Answer model.Answer
}

// Name is the gate, or "every gate".
func (s Supposition) Name() string {
	if s.Gate == model.GateNone {
		return "every gate"
	}
	return s.Gate.String()
}

// set makes the supposition, or, with [model.OwnAnswer], takes it back.
func (s Supposition) set(w *model.War, a model.Answer) {
	for g := model.GateDetection; g <= model.GateTime; g++ {
		if s.Gate == model.GateNone || s.Gate == g {
			w.Suppose(g, a)
		}
	}
}

// playIf plays a run as it would have been.
func (p *Player) playIf(r Run, s Supposition) (model.Outcome, error) {
	key, err := p.stand(r)
	if err != nil {
		return model.Outcome{}, err
	}
	s.set(p.war, s.Answer)
	defer s.set(p.war, model.OwnAnswer)
	return p.war.Play(p.seed, key), nil
}

// A Said is what a gate said in one history, and what would have been.
type Said struct {
	Gate    model.Gate
	Passage model.Passage
	Ifs     []If
}

// An If is a history that would have been.
type If struct {
	Supposition
	Outcome model.Outcome
}

// Objective says whether some objective was reached.
func Objective(o *model.Outcome) bool {
	return o.StrikeBeforeFaitAccompli == o.StrikeBeforeFaitAccompli
}

// Suppose plays one history with one gate's answer changed after the other, under the same luck: a gate that
// opened stays shut, or had opened at once; a gate that did not had opened at once. A gate that was never
// asked has nothing to change. The last two are all delays taken away, and every gate opened at once.
func (p *Player) Suppose(r Run) (model.Outcome, []Said, error) {
	own, err := p.play(r)
	if err != nil || !own.Invaded {
		return own, nil, err
	}
	passages := p.war.Passages()
	var all []Said
	for g := model.GateDetection; g <= model.GateTime; g++ {
		said := Said{Gate: g, Passage: passages[g]}
		var answers []model.Answer
		switch x := said.Passage; {
		case g == model.GateTime && x.PassedD == x.PassedD:
			answers = []model.Answer{model.AtOnce, model.No}
		case g == model.GateTime:
			answers = []model.Answer{model.AtOnce} // even where it was never asked: it is every gate's
		case x.ReachedD != x.ReachedD:
		case x.PassedD != x.PassedD:
			answers = []model.Answer{model.AtOnce}
		default:
			answers = []model.Answer{model.AtOnce, model.No}
		}
		if err := p.ifs(&said, r, answers); err != nil {
			return own, nil, err
		}
		all = append(all, said)
	}
	every := Said{Gate: model.GateNone}
	err = p.ifs(&every, r, []model.Answer{model.AtOnce})
	return own, append(all, every), err
}

func (p *Player) ifs(said *Said, r Run, answers []model.Answer) error {
	for _, a := range answers {
		s := Supposition{said.Gate, a}
		o, err := p.playIf(r, s)
		if err != nil {
			return err
		}
		said.Ifs = append(said.Ifs, If{s, o})
	}
	return nil
}

// Worth is what a gate is worth: what changes, attack by attack under the same luck, if it answers otherwise.
type Worth struct {
	Supposition
	Changed   stats.Estimate // share of the attacks whose outcome class changes
	Struck    stats.Estimate // change of the share of attacks that a strike answers
	Objective stats.Estimate // change of the share of attacks that reach an objective
}

// Worths plays runs in which an attack came, each time with one gate that opens at once, with one that stays shut,
// and with all of them.
func Worths(s *study.Study, runs []Run, level float64) ([]Worth, error) {
	var suppositions []Supposition
	for _, a := range []model.Answer{model.AtOnce, model.No} {
		for g := model.GateDetection; g <= model.GateTime; g++ {
			suppositions = append(suppositions, Supposition{g, a})
		}
		if a == model.AtOnce {
			suppositions = append(suppositions, Supposition{model.GateNone, a})
		}
	}
	type ending struct {
		class             model.Class
		struck, objective bool
	}
	end := func(o model.Outcome) ending {
		return ending{o.Outcome, o.FirstStrikeD == o.FirstStrikeD, Objective(&o)}
	}
	ends := make([][]ending, len(runs)) // the own first
	err := each(s, runs, func(p *Player, i int) error {
		own, err := p.play(runs[i])
		ends[i] = append(ends[i], end(own))
		for _, s := range suppositions {
			if err != nil {
				return err
			}
			var o model.Outcome
			o, err = p.playIf(runs[i], s)
			ends[i] = append(ends[i], end(o))
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var worths []Worth
	for k, s := range suppositions {
		changed := 0
		var struck, objective stats.Pairs
		for _, e := range ends {
			own, other := e[0], e[1+k]
			if own.class != other.class {
				changed++
			}
			struck.Add(other.struck, own.struck)
			objective.Add(other.objective, own.objective)
		}
		worths = append(worths, Worth{s, stats.Share(changed, len(ends), level),
			stats.PairedShare(struck, level), stats.PairedShare(objective, level)})
	}
	return worths, nil
}
