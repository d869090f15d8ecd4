package validation

// strikes is the race between attribution, the American answer and the front.
func strikes() []pair {
	slow, slower := "attribution.overt_delay_d=5", "attribution.overt_delay_d=20"
	rare, frequent := "ground.breach_hazard_per_d=0.0004", "ground.breach_hazard_per_d=0.05"
	none, repaired := allotted(0), "strike.repair_scale=0.01"
	return []pair{
		{
			name: "an overt invasion is attributed after weeks", all: with(forced, "washington.p_response_major=0.95"), tests: world,
			sides: []Line{
				side("hours, belts hold"), side("weeks, belts hold", slower),
				side("hours, breaches frequent", frequent), side("weeks, breaches frequent", frequent, slower),
			},
			parts: []part{
				{tooLate, "belts hold", step(0, 1), nearZero(.05)},
				{aim, "belts hold", step(0, 1), nearZero(.02)},
				{tooLate, "breaches frequent", step(2, 3), risesBy(.05)},
				{aim, "breaches frequent", step(2, 3), reported},
				{tooLate, "breaches frequent less belts hold", []float64{1, -1, -1, 1}, rises},
			},
			note: "Delay matters where the front moves. It decides the race between strike and objective; whether the aim is achieved in the end hardly moves, because strikes bite only after depots are empty, weeks later.",
		},
		{
			name: "an overt invasion is attributed after days, by breach hazard", all: forced, tests: world,
			sides: []Line{
				side("h .0004, hours", rare), side("h .0004, 5 d", rare, slow), side("h .004, hours"), side("h .004, 5 d", slow),
				side("h .05, hours", frequent), side("h .05, 5 d", frequent, slow),
			},
			parts: []part{
				{tooLate, "h .0004", step(0, 1), nearZero(.01)},
				{tooLate, "h .004", step(2, 3), nearZero(.01)},
				{tooLate, "h .05", step(4, 5), rises},
				{tooLate, "h .05 less at h .0004", []float64{1, -1, 0, 0, -1, 1}, rises},
			},
		},
		{
			name: "more weapons for the counter-strike: S-shaped, then diminishing", all: struck, tests: world,
			sides: []Line{side("none", none...), side("half", allotted(.5)...), side("as many as there are", allotted(1)...), side("twice", allotted(2)...), side("four times", allotted(4)...)},
			parts: []part{
				{aim, "none to four times", step(0, 4), falls},
				{front, "none to four times", step(0, 4), falls},
				{front, "the second half does more than the first", []float64{1, -2, 1}, falls},
				{front, "each of the next whole less than that", []float64{0, 2, -3, 1}, rises},
				{supplyMin, "the second half does more than the first", []float64{1, -2, 1}, falls},
				{supplyMin, "each of the next whole less than that", []float64{0, 2, -3, 1}, rises},
				{supplyMin, "each of the third and fourth less again", []float64{0, 0, 1, -1.5, .5}, rises},
			},
			note: "Few weapons are lost in the slack of the network and in the depots; then supply gives way; then there is little left to cut, and repair and adaptation eat the rest. " +
				"The contrasts compare slopes for the same number of weapons.",
		},
		{
			name: "the counter-strike bites with a lag", all: struck, tests: world,
			sides: []Line{
				side("none, looked at on D+10", with(none, "horizon_d=375")...), side("twice, looked at on D+10", with(allotted(2), "horizon_d=375")...),
				side("none, looked at on D+180", with(none, "horizon_d=545")...), side("twice, looked at on D+180", with(allotted(2), "horizon_d=545")...),
				side("none, looked at on D+30, depots of 7 d", with(none, "horizon_d=395", "strike.depot_d=7")...), side("twice, likewise", with(allotted(2), "horizon_d=395", "strike.depot_d=7")...),
				side("none, looked at on D+30, depots of 28 d", with(none, "horizon_d=395", "strike.depot_d=28")...), side("twice, likewise", with(allotted(2), "horizon_d=395", "strike.depot_d=28")...),
			},
			parts: []part{
				{front, "by D+10", step(0, 1), nearZero(.05)},
				{front, "by D+180", step(2, 3), falls},
				{supplyMin, "by D+30, depots of 7 d", step(4, 5), falls},
				{supplyMin, "by D+30, with depots of 28 d less", []float64{0, 0, 0, 0, 1, -1, -1, 1}, rises},
			},
		},
		{
			name: "everything is repaired at once", all: struck, tests: world,
			sides: []Line{side("no strikes", none...), side("strikes"), side("no strikes, repaired at once", with(none, repaired)...), side("strikes, repaired at once", repaired)},
			parts: []part{
				{supplyMin, "strikes", step(0, 1), falls},
				{aim, "strikes", step(0, 1), falls},
				{supplyMin, "strikes, repaired at once", step(2, 3), nearZero(.01)},
				{aim, "strikes, repaired at once", step(2, 3), nearZero(.005)},
				{front, "strikes, repaired at once", step(2, 3), nearZero(.1)},
			},
		},
		{
			name: "no host consents", all: struck, tests: world,
			sides: []Line{
				side("as they please"), side("none", "washington.consent_share=0"),
				side("none, and nothing air-launched", "washington.consent_share=0", "strike.air_launched=0"),
				side("none, and nothing at all", with(none, "washington.consent_share=0")...),
			},
			parts: []part{
				{weapons, "", step(0, 1), falls},
				{weapons, "air-launched, without consent", step(2, 1), nearZero(.001)},
				{weapons, "sea-launched, without consent", step(3, 2), rises},
				{aim, "", step(0, 1), rises},
				{aim, "by the sea-launched share", step(3, 2), nearZero(.02)},
			},
			note: "Only the sea-launched share remains, in the histories in which Washington strikes from the sea alone (`washington.sea_alone`); it is too small to empty the depots.",
		},
	}
}

// defences is the defence of Ukraine's sky.
func defences() []pair {
	return []pair{
		{
			name: "more interceptors", all: with(forced, "purl.enabled=false"), tests: world,
			sides: []Line{side("none", "airdefence.interceptors=0"), side("200", "airdefence.interceptors=200"), side("1,600", "airdefence.interceptors=1600"), side("6,400", "airdefence.interceptors=6400")},
			parts: []part{
				{ballistic, "none to 200", step(0, 1), falls},
				{ballistic, "200 to 1,600", step(1, 2), falls},
				{ballistic, "1,600 to 6,400", step(2, 3), nearZero(.01)},
				{ballistic, "each of 201 to 1,600 does less than each of the first 200", []float64{1. / 200, -1./200 - 1./1400, 1. / 1400}, rises},
				{ballistic, "each beyond less again", []float64{0, 1. / 1400, -1./1400 - 1./4800, 1. / 4800}, rises},
				{leakers, "none to 6,400", step(0, 3), falls},
			},
			note: "The share of ballistic missiles that leak cannot fall below what batteries do not cover and two looks let through. Among leakers of all kinds the effect drowns in drones.",
		},
		{
			name: "more money for interceptors", all: forced, tests: world,
			sides: []Line{side("none", "purl.enabled=false"), side("as it is"), side("more, and more output", "purl.wanted_musd_per_month=3000", "purl.interceptors_per_y=400")},
			parts: []part{
				{stockedOut, "none to as it is", step(0, 1), falls},
				{stockedOut, "as it is to more", step(1, 2), falls},
			},
		},
		{
			name: "coalition fighters police the sky", all: forced, tests: world,
			sides: []Line{side("no", "air.enabled=false"), side("yes")},
			parts: []part{
				{leakers, "", step(0, 1), falls},
				{front, "", step(0, 1), nearZero(.5)},
				{aim, "", step(0, 1), nearZero(.01)},
			},
			note: "What fighters on patrol take out of salvos changes the damage, not the front.",
		},
	}
}
