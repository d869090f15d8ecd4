// Package causes says what led to what in single histories of a study, which it plays again under the
// same luck: by which chain of events an outcome came about, which gate of the American answer to an
// attack held it back and how late each was, and what would have been if one gate had answered otherwise.
// Start at [Chain] for one history, at [Chains], [Gates] and [Worths] for many.
//
// It knows the kinds of events of the model, but neither files nor how its answers are shown.
package causes

import (
	"fmt"
	"runtime"
	"sync"

	"tripwire/model"
	"tripwire/study"
)

// A Run is one history of a study, and how it is known to have ended.
type Run struct {
	Point, Rep int64
	Outcome    model.Class
}

// Sample takes at most n runs, evenly spread over their order: the first, and each that comes a step later. The
// luck of runs is independent of their order, so they are a random sample. It is the same each time.
func Sample(runs []Run, n int) []Run {
	if n >= len(runs) {
		return runs
	}
	some := make([]Run, n)
	for i := range some {
		some[i] = runs[i*len(runs)/n]
	}
	return some
}

// A Changed error says that a run came out otherwise than it is recorded: by another version, or on
// another machine.
type Changed struct {
	Run Run
	Now model.Class
}

func (c *Changed) Error() string {
	return fmt.Sprintf("replication %d of point %d ended in %s, and played again in %s: another version made it",
		c.Run.Rep, c.Run.Point, c.Run.Outcome, c.Now)
}

// A Player plays single runs of a study again. It belongs to one goroutine.
type Player struct {
	study *study.Study
	point int64
	war   *model.War
	seed  uint64

	history []model.Entry // the last that was outlined
}

// NewPlayer prepares to play.
func NewPlayer(s *study.Study) *Player { return &Player{study: s, point: -1} }

// stand goes to the point of a run and returns the key of its luck.
func (p *Player) stand(r Run) (key uint64, err error) {
	if p.point != r.Point {
		scenario, _, err := p.study.At(r.Point, r.Rep)
		if err != nil {
			return 0, err
		}
		p.point, p.war, p.seed = r.Point, model.New(scenario), uint64(scenario.Seed)
	}
	return p.study.Key(r.Point, r.Rep), nil
}

// play plays a run, and fails if it ends otherwise than it is recorded.
func (p *Player) play(r Run) (model.Outcome, error) {
	key, err := p.stand(r)
	if err != nil {
		return model.Outcome{}, err
	}
	o := p.war.Play(p.seed, key)
	return o, r.unchanged(o)
}

// unchanged fails if a run that was played again ended otherwise than it is recorded.
func (r Run) unchanged(o model.Outcome) error {
	if r.Outcome != 0 && o.Outcome != r.Outcome {
		return &Changed{r, o.Outcome}
	}
	return nil
}

// guarded makes an error of a panic in a history, which would otherwise end the program from a goroutine.
func guarded(r Run, do func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("replication %d of point %d: %v", r.Rep, r.Point, fault)
		}
	}()
	return do()
}

// each plays runs on all cores: do(p, i) plays runs[i], and must write nowhere but to places of its own. The
// error is that of the first run that fails.
func each(s *study.Study, runs []Run, do func(p *Player, i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), len(runs))
	errs := make([]error, len(runs))
	var group sync.WaitGroup
	for k := range workers {
		group.Go(func() {
			p := NewPlayer(s)
			for i := k * len(runs) / workers; i < (k+1)*len(runs)/workers; i++ {
				if errs[i] = guarded(runs[i], func() error { return do(p, i) }); errs[i] != nil {
					return
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
