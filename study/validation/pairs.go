package validation

import (
	"fmt"
	"slices"
)

var (
	// chosen leaves Moscow free once it has accepted the terms.
	chosen = []string{"escalation.enabled=false", "moscow.accept_prob=0.9999"}
	// forced is a full invasion on day 365, whatever Moscow thinks of it.
	forced = []string{"escalation.enabled=false", "moscow.attack=full"}
	// struck is a forced invasion that Washington answers for certain.
	struck = with(forced, "washington.p_response_major=0.99", "washington.will_sigma=0")
)

func with(base []string, sets ...string) []string { return slices.Concat(base, sets) }

// side is one scenario of a pair.
func side(label string, sets ...string) Line { return Line{label, sets} }

// allotted is a multiple of the American weapons of the baseline.
func allotted(times float64) []string {
	return []string{fmt.Sprintf("strike.air_launched=%g", 600*times), fmt.Sprintf("strike.tomahawk_allotted=%g", 200*times)}
}

// behaviours is the table of what must hold: docs/model.md, and what a prototype of the model showed.
func behaviours() []pair { return slices.Concat(choices(), evidence(), strikes(), defences()) }

// choices is what moves Moscow.
func choices() []pair {
	better, deeper := "ukraine.effectiveness_max=1.8", "ground.belt_prepared_km=40"
	army := []Line{side("as it is"), side("quality", better), side("belts", deeper), side("both", better, deeper)}
	force := []Line{
		side("20,000 at R0", "coalition.roe=R0"), side("40,000 at R0", "coalition.roe=R0", "coalition.troops=40000"),
		side("20,000 at R1", "coalition.roe=R1"), side("40,000 at R1", "coalition.roe=R1", "coalition.troops=40000"),
		side("20,000 at R2", "coalition.roe=R2"), side("40,000 at R2", "coalition.roe=R2", "coalition.troops=40000"),
		side("20,000 at R3", "coalition.roe=R3"), side("40,000 at R3", "coalition.roe=R3", "coalition.troops=40000"),
	}
	rules := []Line{side("R1", "coalition.roe=R1"), side("R3", "coalition.roe=R3")}
	return []pair{
		{
			name: "Moscow believes more that the United States answers", all: chosen, tests: estimate,
			sides: []Line{side("believed little", "moscow.belief_us_mean=0.2"), side("believed much", "moscow.belief_us_mean=0.8")},
			parts: []part{
				{invaded, "", step(0, 1), falls},
				{probes, "", step(0, 1), noLessThan(.05)},
			},
			note: "The value of a probe does not depend on this belief; that of an attack and of coercion falls with it, so that probes are chosen a little more often in their place.",
		},
		{
			name: "the United States declares a stronger commitment", all: chosen, tests: estimate,
			sides: []Line{side("a statement", "washington.commitment=0.1"), side("almost a treaty", "washington.commitment=0.9")},
			parts: []part{{invaded, "", step(0, 1), falls}, {probes, "", step(0, 1), noLessThan(.05)}},
			note:  "The strongest lever that is only words, by way of `moscow.assessment_weight`, `penalty_*` and `escalation_*`: coefficients, all of them.",
		},
		{
			name: "a better Ukrainian army behind deeper belts: Moscow's choice", all: chosen, tests: estimate,
			sides: append(army,
				side("thin belts, poor army", "ukraine.effectiveness_max=1.1", "ground.belt_prepared_km=10"),
				side("deep belts, best army", "ukraine.effectiveness_max=2.0", "ground.belt_prepared_km=50"),
				side("a statement", "washington.commitment=0.1"), side("almost a treaty", "washington.commitment=0.9")),
			parts: []part{
				{invaded, "quality", step(0, 1), falls},
				{invaded, "belts", step(0, 2), falls},
				{invaded, "both", step(0, 3), falls},
				{invaded, "over the whole range believed", step(4, 5), falls},
				{invaded, "that less the whole range of the commitment", []float64{0, 0, 0, 0, -1, 1, 1, -1}, falls},
			},
			note: "The last part is *strongest of all*: from the 5% to the 95% point of each, against the commitment, the strongest other lever.",
		},
		{
			name: "a better Ukrainian army behind deeper belts: the war", all: forced, tests: world,
			sides: army,
			parts: []part{
				{aim, "quality", step(0, 1), falls},
				{aim, "belts", step(0, 2), falls},
				{aim, "both", step(0, 3), falls},
				{front, "both", step(0, 3), falls},
			},
		},
		{
			name: "a tripwire twice as large: Moscow's choice", all: chosen, tests: estimate,
			sides: force,
			parts: []part{
				{invaded, "R0", step(0, 1), nearZero(.02)},
				{invaded, "R1", step(2, 3), nearZero(.02)},
				{invaded, "R2", step(4, 5), reported},
				{invaded, "R3", step(6, 7), reported},
			},
			note: "Size enters Moscow's estimate by its square root, weighed by the belief that the coalition fights: small everywhere, and larger where it would fight. Two points in a hundred are where *almost no effect* ends here, and R1 stands at that edge.",
		},
		{
			name: "a tripwire twice as large: the war", all: forced, tests: world,
			sides: force,
			parts: []part{
				{aim, "R0", step(0, 1), nearZero(.02)},
				{aim, "R1", step(2, 3), nearZero(.02)},
				{aim, "R2", step(4, 5), reported},
				{aim, "R3", step(6, 7), reported},
			},
			note: "Almost no effect, as Reiter and Poast (2021) would have it; what there is comes from 7,000 more fighters where the states vote to stay.",
		},
		{
			name: "rules of engagement from R1 to R3: Moscow's choice", all: chosen, tests: both,
			sides: rules,
			parts: []part{{invaded, "", step(0, 1), falls}, {fought, "where both sides see one", step(0, 1), rises}},
			note:  "The trade-off: fewer invasions, and those that come bring the coalition into combat more often. That the first falls is written into the estimate; that the second rises is not.",
		},
		{
			name: "rules of engagement from R1 to R3: the war", all: forced, tests: world,
			sides: rules,
			parts: []part{{aim, "", step(0, 1), falls}, {fought, "", step(0, 1), rises}},
		},
		{
			name: "rationality zero", all: with(chosen, "moscow.rationality=0"), tests: estimate,
			sides: []Line{
				side("as it is"), side("commitment", "washington.commitment=0.9"), side("rules", "coalition.roe=R4"),
				side("army", "ukraine.effectiveness_max=2"), side("belts", "ground.belt_prepared_km=50"),
			},
			parts: []part{
				{invaded, "commitment", step(0, 1), nearZero(.005)},
				{invaded, "rules", step(0, 2), nearZero(.005)},
				{invaded, "army", step(0, 3), nearZero(.005)},
				{invaded, "belts", step(0, 4), nearZero(.005)},
			},
			note: "Exactly zero, history by history: the base rates of Moscow's options stand outside its rationality.",
		},
		{
			name: "Moscow learns that flare-ups are never answered", all: chosen, tests: both,
			sides: []Line{side("answered now and then"), side("never answered", "washington.p_answer_flareup=0", "washington.p_response_flareup=0")},
			parts: []part{{probes, "", step(0, 1), rises}, {invaded, "", step(0, 1), rises}},
			note:  "How fast Moscow learns is a coefficient (`moscow.learn_*`); that learning from probes carries over to the invasion is the model's.",
		},
		{
			name: "Washington is readier than Moscow can see", all: chosen, tests: world,
			sides: []Line{side("as it is"), side("readier", "washington.p_response_major=0.8", "washington.p_response_limited=0.5")},
			parts: []part{{invaded, "", step(0, 1), nearZero(.005)}, {rung7, "", step(0, 1), rises}},
			note:  "The true probability of an American answer never enters Moscow's estimate. Invasions are the same, history by history; what differs comes after D-day.",
		},
		{
			name: "Moscow reviews its options twice as often", all: chosen, tests: world,
			sides: []Line{side("every 30 days"), side("every 15 days", "moscow.review_d=15")},
			parts: []part{{invaded, "", step(0, 1), nearZero(.03)}},
		},
		{
			name: "terms that are harder to swallow", all: []string{"escalation.enabled=false"}, tests: estimate,
			sides: []Line{side("as they are"), side("a larger American role", "washington.commitment=0.9"), side("missiles that reach Moscow", "strike.ukraine_missiles=100")},
			parts: []part{
				{accepted, "a larger American role", step(0, 1), falls},
				{accepted, "missiles that reach Moscow", step(0, 2), falls},
			},
		},
	}
}

// evidence is what monitors see and analysts can tell.
func evidence() []pair {
	threshold := []Line{side(".80", "attribution.threshold=0.80"), side(".95", "attribution.threshold=0.95"), side(".999", "attribution.threshold=0.999")}
	return []pair{
		{
			name: "a higher threshold of attribution", all: chosen, tests: world,
			sides: threshold,
			parts: []part{
				{falseShare, ".80 to .95", step(0, 1), falls},
				{falseShare, ".95 to .999", step(1, 2), falls},
				{blameDelay, ".80 to .95", step(0, 1), rises},
				{blameDelay, ".95 to .999", step(1, 2), rises},
				{invaded, ".80 to .95", step(0, 1), reported},
				{invaded, ".95 to .999", step(1, 2), reported},
			},
		},
		{
			name: "a higher threshold of attribution: deterrence of probes is single-peaked", all: chosen, tests: both,
			sides: threshold,
			parts: []part{
				{probes, ".80 to .95", step(0, 1), falls},
				{probes, ".95 to .999", step(1, 2), rises},
			},
			note: "The upper flank comes from a threshold that little evidence reaches: Moscow sees that its incidents go unattributed. The lower flank comes from false blame: " +
				"a Moscow that is blamed whatever it does has less to lose by a probe (Baliga, Bueno de Mesquita and Wolitzky 2020), and it learns how often that is from the cases against it in which it knows itself innocent. " +
				"In the model this only cancels what earlier blame deters: below .95 the curve is flat, and no peak can be told from it.",
		},
		{
			name: "more detection without identification", all: with(chosen, "attribution.diagnosticity=0.6"), tests: both,
			sides: []Line{
				side("half seen", "ceasefire.detection=0.50"), side("nearly all seen", "ceasefire.detection=0.95"),
				side("half seen, levers not taken at their word", "ceasefire.detection=0.50", "moscow.assessment_weight=0"),
				side("nearly all seen, likewise", "ceasefire.detection=0.95", "moscow.assessment_weight=0"),
			},
			parts: []part{
				{invaded, "", step(0, 1), noLessThan(.01).butMissed()},
				{invaded, "levers not taken at their word", step(2, 3), noLessThan(.01)},
				{probes, "", step(0, 1), reported},
				{probes, "levers not taken at their word", step(2, 3), reported},
			},
			note: "Deterrence *may fall* was expected, because seeing more without knowing whose it was shows Moscow more unanswered cases. It rises, and by a coefficient: " +
				"the declared lever `ceasefire.detection` is assessed as if whatever is seen were attributed (`Scenario.priors` puts it into the mean of the belief in attribution), whatever the evidence can tell. " +
				"With `moscow.assessment_weight=0` only learning is left, and detection moves nothing.",
		},
		{
			name: "evidence that tells more", all: chosen, tests: world,
			sides: []Line{side("tells less", "attribution.diagnosticity=0.6"), side("tells more", "attribution.diagnosticity=1.3")},
			parts: []part{{probes, "", step(0, 1), falls}, {falseShare, "", step(0, 1), falls}, {invaded, "", step(0, 1), reported}},
		},
	}
}
