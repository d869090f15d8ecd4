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
	s.AirDefence.check(bad)
	s.Attribution.check(bad)
	s.Washington.check(bad)
	s.Strike.check(bad)
	if s.Ukraine.EffectivenessMax < s.Ukraine.EffectivenessStart {
		bad("ukraine.effectiveness_max", "%v is below ukraine.effectiveness_start (%v)",
			float64(s.Ukraine.EffectivenessMax), float64(s.Ukraine.EffectivenessStart))
	}
	if s.Russia.ReserveShare == 1 {
		bad("russia.reserve_full_share", "a share of 1 leaves nobody to attack")
	}
	if s.Ukraine.ReserveShare == 1 {
		bad("ukraine.reserve_share", "a share of 1 leaves nobody on the line")
	}
	if s.Strike.FlightH > 24 {
		bad("strike.flight_h", "%v is more than the day between two packages", float64(s.Strike.FlightH))
	}
	if s.PURL.Package < 1 {
		bad("purl.package_musd", "%v: a package costs at least a million", float64(s.PURL.Package))
	}
	if s.Air.StationH == 0 {
		bad("air.station_h", "0: nobody stays on station")
	}
	if s.Coalition.Enabled && Count(s.Coalition.States) > s.Coalition.Troops {
		bad("coalition.states", "%d states cannot share %d troops (coalition.troops)",
			s.Coalition.States, s.Coalition.Troops)
	}
}
