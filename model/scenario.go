package model

// Scenario is one war as its file describes it: every number the model uses that somebody could
// doubt. The `toml` tag is the parameter's name wherever it appears, from the file to the column of
// a result; the type is its unit and allowed range; values and evidence stand in
// configs/baseline.toml.
type Scenario struct {
	Title    Text  `toml:"title,optional" doc:"what the scenario is called in reports"`
	Question Text  `toml:"question,optional" doc:"the question the scenario was made to ask"`
	Seed     Count `toml:"seed" doc:"key of all luck; with a replication's number it fixes a history"`
	HorizonD Days  `toml:"horizon_d" doc:"days from the armistice to the end of a history"`

	Theatre     Theatre     `toml:"axis"`
	Russia      Russia      `toml:"russia"`
	Ukraine     Ukraine     `toml:"ukraine"`
	Ground      Ground      `toml:"ground"`
	Coalition   Coalition   `toml:"coalition"`
	Air         Air         `toml:"air"`
	AirDefence  AirDefence  `toml:"airdefence"`
	PURL        PURL        `toml:"purl"`
	Sea         Sea         `toml:"sea"`
	Ceasefire   Ceasefire   `toml:"ceasefire"`
	Attribution Attribution `toml:"attribution"`
	Washington  Washington  `toml:"washington"`
	Sanctions   Sanctions   `toml:"sanctions"`
	Strike      Strike      `toml:"strike"`
	Moscow      Moscow      `toml:"moscow"`
	Escalation  Escalation  `toml:"escalation"`
	Ending      Ending      `toml:"ending"`
}

// Check calls bad for each broken rule between parameters.
func (s *Scenario) Check(bad func(key, format string, args ...any)) {
	s.Theatre.check(bad)
	s.Ground.check(bad)
	s.Ceasefire.check(bad)
	s.Escalation.check(bad)
	s.Attribution.check(bad)
	s.Washington.check(bad)
	s.Strike.check(bad)
	if s.Ukraine.EffectivenessMax < s.Ukraine.EffectivenessStart {
		bad("ukraine.effectiveness_max", "%v is below ukraine.effectiveness_start (%v)",
			float64(s.Ukraine.EffectivenessMax), float64(s.Ukraine.EffectivenessStart))
	}
	if s.Coalition.Enabled && s.Coalition.States > s.Coalition.Troops {
		bad("coalition.states", "%d states cannot share %d troops (coalition.troops)",
			s.Coalition.States, s.Coalition.Troops)
	}
}
