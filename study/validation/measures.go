package validation

import (
	"math"

	"tripwire/model"
)

// A measure is one number of a history; NaN where its question did not arise.
type measure struct {
	name, unit string
	share      bool // a yes (1) or a no (0)
	traced     bool // needs the chronicle
	of         func(*history) float64
}

// portionOf makes a measure of a yes or no.
func portionOf(name string, of func(*history) bool) measure {
	return measure{name: "share of histories " + name, share: true, of: func(h *history) float64 { return one(of(h)) }}
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func number(name, unit string, of func(*history) float64) measure {
	return measure{name: name, unit: unit, of: of}
}

var (
	accepted   = portionOf("in which the terms are accepted", func(h *history) bool { return h.TermsAccepted })
	invaded    = portionOf("invaded", func(h *history) bool { return h.Invaded })
	tooLate    = portionOf("in which an objective falls before any American strike", func(h *history) bool { return h.StrikeBeforeFaitAccompli == 0 })
	rung7      = portionOf("that reach rung 7", func(h *history) bool { return h.RungMax >= 7 })
	stockedOut = portionOf("in which interceptors run out", func(h *history) bool { return !math.IsNaN(h.StockOutD) })
	aim        = portionOf("with an aim achieved", func(h *history) bool {
		return h.Outcome.Outcome == model.FullAimAchieved || h.Outcome.Outcome == model.LimitedFaitAccompli
	})
	// fought is combat of the coalition, or what is beyond it, where there was an attack.
	fought = measure{name: "share of invasions that reach rung 5", share: true, of: func(h *history) float64 {
		if !h.Invaded {
			return math.NaN()
		}
		return one(h.RungMax >= 5)
	}}

	// probes counts by the year of armistice, so that an invasion, which ends probing, is no calm.
	probes = number("probes", "a year of armistice", func(h *history) float64 {
		days := h.EndD
		if h.Invaded {
			days = h.InvasionD
		}
		return float64(h.Probes) / (days / 365)
	})
	falseShare = number("false share of a history's blames", "", func(h *history) float64 {
		return float64(h.Misattributed) / float64(h.Misattributed+h.Attributed)
	})
	front     = number("furthest front", "km", func(h *history) float64 { return h.FrontMaxKm })
	supplyMin = number("lowest supply ratio", "", func(h *history) float64 { return h.SupplyMin })
	weapons   = number("American weapons used", "a war", func(h *history) float64 { return float64(h.USWeaponsUsed) })
	leakers   = number("leakers of all kinds", "of those launched", func(h *history) float64 { return float64(h.Leakers) / float64(h.Launched) })
	ballistic = number("ballistic leakers", "of those launched", func(h *history) float64 {
		return float64(h.LeakersBallistic) / float64(h.LaunchedBallistic)
	})
	// blameDelay is a mean over the incidents of a history that Moscow was behind and was blamed for.
	blameDelay = measure{name: "time to blame the guilty", unit: "d", traced: true, of: func(h *history) float64 {
		sum, n := 0.0, 0
		for _, c := range h.told.cases {
			if c.guilty && c.blamed {
				sum += c.after
				n++
			}
		}
		return sum / float64(n)
	}}
)
