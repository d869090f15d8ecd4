package model

import (
	"fmt"

	"tripwire/sim"
	"tripwire/sim/portable"
)

// Sanctions describes the economic pressure on Russia and what it does to the generation of force.
type Sanctions struct {
	Enabled      bool     `toml:"enabled" doc:"sanctions can be raised and snap back"`
	Level        Share    `toml:"level" doc:"level at the armistice; 1 is that of the war"`
	SnapBack     Share    `toml:"snap_back" doc:"level once an attack is attributed"`
	FlareUpStep  Share    `toml:"flareup_step" doc:"rise when a flare-up is answered"`
	EasePerY     Share    `toml:"ease_per_y" doc:"fall in a year of armistice"`
	EaseReviewD  Interval `toml:"ease_review_d" doc:"interval at which easing is considered"`
	Generation   Real     `toml:"generation" doc:"relative change of Russian force generation at level 1"`
	GenerationD  Days     `toml:"generation_d" doc:"time constant of that change"`
	ConcededStep Share    `toml:"conceded_step" doc:"fall when the West gives way to coercion"`
}

// sanctions is the state of the pressure: a level that is set, and an effect that lags behind it.
type sanctions struct {
	level  float64
	effect float64 // lagged level, at at
	at     sim.Time
	ease   sanctionsReview
}

func (s *sanctions) reset(w *war) {
	*s = sanctions{}
	if w.Sanctions.Enabled {
		s.level = float64(w.Sanctions.Level)
		w.engine.After(sim.Days(float64(w.Sanctions.EaseReviewD)), &s.ease)
	}
	s.effect = s.level
}

// lag brings the effect up to now: it follows the level exponentially.
func (s *sanctions) lag(w *war) {
	now := w.engine.Now()
	if days := inDays(now.Sub(s.at)); days > 0 {
		s.effect = s.level + float64((s.effect-s.level)*portable.Exp(-days/float64(w.Sanctions.GenerationD)))
	}
	s.at = now
}

// generation is the factor on Russian force generation now.
func (s *sanctions) generation(w *war) float64 {
	s.lag(w)
	return max(0, 1+float64(float64(w.Sanctions.Generation)*s.effect))
}

func (s *sanctions) tighten(w *war, step float64) {
	if !w.Sanctions.Enabled {
		return
	}
	s.lag(w)
	s.level = min(1, s.level+step)
}

func (s *sanctions) snapBack(w *war) {
	s.tighten(w, max(0, float64(w.Sanctions.SnapBack)-s.level))
}

// concede lowers the level by what coercion has won.
func (s *sanctions) concede(w *war) {
	s.lag(w)
	s.level = max(0, s.level-float64(w.Sanctions.ConcededStep))
}

// sanctionsReview eases sanctions while the armistice holds.
type sanctionsReview struct{}

func (*sanctionsReview) about() (string, string) { return "sanctions", "review" }
func (e *sanctionsReview) Fire(w *war) {
	s, c := &w.sanctions, &w.Sanctions
	if w.ceasefire.holds {
		s.lag(w)
		s.level = max(0, s.level-float64(float64(c.EasePerY)*float64(c.EaseReviewD)/365))
		w.note(func() string { return fmt.Sprintf("sanctions ease to %.0f%% of the war's", 100*s.level) })
	}
	w.engine.After(sim.Days(float64(c.EaseReviewD)), e)
}
