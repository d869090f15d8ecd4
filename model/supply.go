package model

// supply is what reaches the attackers: throughput of the network that strikes wear down, into a
// depot behind each axis, out of which the axis lives. A cut is felt only when the depot is empty.
type supply struct {
	luck struct{ depot stream }

	stock  [axes]float64 // days of supply at grinding demand
	room   [axes]float64 // of an undamaged depot
	ratios [axes]float64 // supply against demand, in [0, 1]
	open   bool
	at     float64 // day of the last update
}

func (s *supply) build(w *war) {
	s.luck.depot = w.luck.Stream("supply/depot")
}

func (s *supply) reset() {
	*s = supply{luck: s.luck}
	for i := range s.ratios {
		s.ratios[i] = 1
	}
}

// fill fills the depots at D-day. The stock differs between axes, so that a cut is not felt
// everywhere at once.
func (s *supply) fill(w *war) {
	for i := range s.stock {
		s.room[i] = s.luck.depot.LogNormal(float64(w.Strike.DepotD), float64(w.Strike.DepotSigma))
		s.stock[i] = s.room[i]
	}
	s.open, s.at = true, w.engine.Now().Days()
}

func (s *supply) ratio(i int) float64 { return s.ratios[i] }

// lines is what strikes have left of the lines of communication.
type lines struct{ rail, crossings, depots, fuel float64 }

func (w *war) lines() lines {
	p, sets := &w.Strike, &w.strike.sets
	crossings := sets[bridge].share()
	if n := sets[bridge].total; n > 0 {
		crossings += float64(float64(p.PontoonShare)*float64(sets[bridge].pontoons)) / float64(n)
	}
	return lines{
		rail:      float64(float64(p.RailShare) * sets[railNode].share()),
		crossings: crossings,
		depots:    1 - float64(float64(p.DepotWeight)*(1-sets[depot].share())),
		fuel:      1 - float64(float64(p.FuelWeight)*(1-sets[fuelSite].share())),
	}
}

// throughput is what comes to an axis whose front is so far from the line of the armistice, in days of supply a
// day at grinding demand (model.md: Supply).
func (l *lines) throughput(p *Strike, frontKm float64) float64 {
	truck := float64(p.TruckKm) / (float64(p.RailheadKm) + frontKm)
	if truck > 1 {
		truck = 1
	}
	ways := (l.rail + float64(float64(1-p.RailShare)*truck)) * l.crossings
	return float64(float64(p.Slack) * ways * l.depots * l.fuel)
}

// bring integrates depots to now and computes the supply ratios. It is called before anything that
// changes throughput or demand.
func (s *supply) bring(w *war) {
	if !s.open {
		return
	}
	now := w.engine.Now().Days()
	dt := now - s.at
	s.at = now
	p, sets := &w.Strike, &w.strike.sets
	room := 1 - float64(float64(1-p.DepotFloor)*(1-sets[depot].share()))
	command := 1 - float64(float64(p.C2Weight)*(1-sets[commandPost].share()))
	lines := w.lines()
	for _, a := range w.ground.attacked {
		i := a.index
		in, out := lines.throughput(p, a.front), 1.0
		if a.posture == breakthrough {
			out = float64(p.ExploitationDemand)
		}
		stock := s.stock[i] + float64((in-out)*dt)
		if most := float64(s.room[i] * room); stock > most {
			stock = most
		}
		s.stock[i] = positive(stock)
		s.ratios[i] = command
		if s.stock[i] == 0 {
			s.ratios[i] = min(1, in/out) * command
		}
	}
}
