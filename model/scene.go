package model

// A Scene is the state of the war as a picture can show it: each field is a variable of the model, and
// none is a place on a map.
type Scene struct {
	Rung     int    // of the escalation ladder, 0 to 10
	RungName string // what it stands for

	War         bool // there is firing in a renewed war
	Axes        [axes]SceneAxis
	ReserveUA   float64 // people in Ukraine's reserve, in a renewed war
	ReserveRU   float64 // people in the attackers' reserve, in a renewed war
	Coalition   float64 // people of the reassurance force behind the line
	FirstDeaths bool    // of the reassurance force
	Fights      bool    // the coalition is in combat
	Withdrawn   bool    // the coalition's force has left

	Lane         string  // Russia's conduct at sea: left alone, harassed, blockaded
	LaneClosed   bool    //
	Flow         float64 // of merchant ships, against an open lane
	Mines        float64 // in the lane
	Interceptors int64   // in stock
	Sanctions    float64 // level, against the war's

	Gate      Gate // at which the American answer stands, once an attack has come
	Struck    bool // an American weapon has arrived
	Tomahawks int64
	Bridges   float64 // share in use, without pontoons
	Rail      float64 // share of rail nodes in use
	Depots    float64 // share in use
}

// SceneAxis is one axis in a [Scene].
type SceneAxis struct {
	Name        string
	Attacked    bool
	Posture     string  // quiet, grinding, breakthrough, culminated, satisfied, retreating
	FrontKm     float64 // depth of the front behind the armistice line
	FurthestKm  float64 // deepest so far
	ObjectiveKm float64 // depth that the attack wants
	PreparedKm  float64 // depth at which the prepared belt ends
	Held        bool    // the objective is held by Russia
	Supply      float64 // ratio of supply to demand of the attackers
	Hub         bool    // a hub of the reassurance force stands behind it
	HubKm       float64 // depth of that hub
	Contact     bool    // the front is close to that hub
}

// Scene is the state in which the history stands: ask for it from the function that [War.Trace] calls.
// Fronts are those of the last event that moved them.
func (v *War) Scene() Scene {
	w := &v.w
	c := Scene{
		Rung: int(w.escalation.rung), RungName: w.escalation.rung.String(), War: w.attack.active,
		ReserveUA: w.forces.ukrainianReserve, ReserveRU: w.forces.russianReserve,
		Coalition: w.tripwire.left, FirstDeaths: w.tripwire.deaths, Fights: w.tripwire.fights, Withdrawn: w.tripwire.withdrawn,
		Lane: w.sea.regime.String(), LaneClosed: w.sea.closed, Flow: w.sea.flow, Mines: w.sea.mines,
		Interceptors: w.airdefence.interceptors, Sanctions: w.sanctions.level,
		Gate: w.washington.held, Struck: w.washington.struck, Tomahawks: w.strike.tomahawks,
		Bridges: w.strike.sets[bridge].share(), Rail: w.strike.sets[railNode].share(), Depots: w.strike.sets[depot].share(),
	}
	if !w.outcome.Invaded {
		c.Gate = GateNotAsked
	}
	for i := range c.Axes {
		a := &w.ground.axes[i]
		s := &c.Axes[i]
		*s = SceneAxis{Name: string(a.Name), Attacked: a.attacked, Posture: a.posture.String(), FrontKm: a.front, FurthestKm: a.furthest,
			ObjectiveKm: float64(a.ObjectiveKm), Held: a.holds, Supply: w.supply.ratio(i), Hub: a.Hub && w.Coalition.Enabled,
			HubKm: float64(w.Coalition.HubDistanceKm)}
		if a.attacked {
			s.ObjectiveKm = a.objective
		}
		s.PreparedKm = a.preparedDepth()
		s.Contact = s.Hub && a.attacked && a.front >= float64(w.Coalition.HubDistanceKm-w.Coalition.ContactKm)
	}
	return c
}
