package model

// Class is how a history ended. Exactly one holds: the first, in this order, whose condition is met.
type Class uint8

const (
	TermsRefused Class = iota + 1
	NuclearUse
	NATORussiaWar
	FullAimAchieved
	LimitedFaitAccompli
	InvasionRepelled
	FrozenNewLine
	OngoingAtHorizon
	Settled
	DeterredSimmering
	DeterredQuiet
)

var classNames = []string{"", "terms-refused", "nuclear-use", "nato-russia-war", "full-aim-achieved",
	"limited-fait-accompli", "invasion-repelled", "frozen-new-line", "ongoing-at-horizon",
	"settled", "deterred-simmering", "deterred-quiet"}

func (Class) Classes() []string { return classNames }
func (c Class) String() string  { return classNames[c] }

// Deterred says whether the class counts as success of deterrence.
func (c Class) Deterred() bool { return c == Settled || c.Held() }

// Held says whether the armistice outlasted the history: the time to its end is then censored.
func (c Class) Held() bool { return c == DeterredSimmering || c == DeterredQuiet }

// Kind is what kind of attack renewed the war.
type Kind uint8

const (
	NoInvasion Kind = iota
	LimitedAttack
	FullInvasion
)

// continuedWar is the war that simply goes on because the terms were refused. It is no invasion.
const continuedWar = FullInvasion + 1

var kindNames = []string{"", "limited", "full"}

func (Kind) Classes() []string { return kindNames }
func (k Kind) String() string {
	if k == continuedWar {
		return "continued"
	}
	return kindNames[k]
}

// Gate is where the American answer to an attack was held back.
type Gate uint8

const (
	GateNotAsked Gate = iota // nobody attacked
	GateNone                 // nothing held it back: the strike came, and in time
	GateDetection
	GateAttribution
	GateWarning
	GateDecision
	GateConsent
	GateCapacity
	GateTime
)

var gateNames = []string{"", "none", "detection", "attribution", "warning", "decision", "consent",
	"capacity", "time"}

func (Gate) Classes() []string { return gateNames }
func (g Gate) String() string  { return gateNames[g] }

// Outcome is what is kept of one history: one row of runs.csv, a field a column.
type Outcome struct {
	TermsAccepted bool  `col:"terms_accepted" title:"Terms accepted" doc:"Moscow accepted the armistice terms with the guarantees on offer"`
	Outcome       Class `col:"outcome" title:"Outcome class" doc:"how the history ended: the first class whose condition is met"`
	Deterred      Maybe `col:"deterred" title:"Deterrence held" doc:"settled, deterred-simmering or deterred-quiet; missing where the terms were refused"`
	Collapsed     bool  `col:"guarantee_collapsed" title:"Guarantee collapsed" doc:"after first deaths most of the coalition's force withdrew"`

	Invaded   bool    `col:"invaded" title:"Invaded" doc:"Russia attacked again, limited or full"`
	Kind      Kind    `col:"invasion_kind" title:"Kind of invasion" doc:"limited or full; missing where there was none"`
	BuildUpD  float64 `col:"t_buildup_d" unit:"d" title:"Time to first build-up" doc:"days from the armistice to the first build-up for an attack; missing where there was none"`
	InvasionD float64 `col:"t_invasion_d" unit:"d" title:"Time to invasion" doc:"days from the armistice to D-day; missing where censored at the end of the history"`
	EndD      float64 `col:"t_end_d" unit:"d" title:"End of the history" doc:"days from the armistice to the end of the history: where times are censored"`

	FlareUps          int64   `col:"flareups" unit:"incidents" title:"Flare-ups" doc:"incidents of every actor below the line of attack"`
	Probes            int64   `col:"probes" unit:"incidents" title:"Probes" doc:"flare-ups that Moscow ordered as a probe"`
	Detected          int64   `col:"detected" unit:"incidents" title:"Flare-ups detected" doc:"seen and opened as a case"`
	Attributed        int64   `col:"attributed" unit:"incidents" title:"Flare-ups attributed" doc:"cases in which Russia was blamed and was responsible"`
	Misattributed     int64   `col:"misattributed" unit:"incidents" title:"Flare-ups misattributed" doc:"cases in which Russia was blamed and was not responsible"`
	AttributionDelayD float64 `col:"attribution_delay_d" unit:"d" title:"Attribution delay of the attack" doc:"days from D-day until the attack was attributed; missing where there was none"`

	GateFailed               Gate    `col:"gate_failed" title:"Gate that held the strike back" doc:"the first gate of the American answer that was not passed, or not in time"`
	FirstStrikeD             float64 `col:"t_first_strike_d" unit:"d" title:"D-day to first American strike" doc:"days from D-day to the first arrival; missing where there was none"`
	StrikeBeforeFaitAccompli Maybe   `col:"strike_before_fait_accompli" title:"Strike before the fait accompli" doc:"the first American strike came before an objective depth was reached; missing where none was reached"`

	FrontMaxKm      float64 `col:"front_max_km" unit:"km" title:"Furthest front" doc:"deepest advance on any axis"`
	AreaMaxKm2      float64 `col:"area_max_km2" unit:"km2" title:"Largest area taken" doc:"attacked width times depth over the axes, at its largest"`
	WarD            float64 `col:"war_d" unit:"d" title:"Length of the renewed war" doc:"days from D-day to the end of firing or of the history; missing where there was none"`
	LossesRussia    int64   `col:"losses_russia" unit:"people" title:"Russian casualties" doc:"killed and wounded in the renewed war"`
	LossesUkraine   int64   `col:"losses_ukraine" unit:"people" title:"Ukrainian casualties" doc:"killed and wounded in the renewed war"`
	LossesCoalition int64   `col:"losses_coalition" unit:"people" title:"Coalition casualties" doc:"killed and wounded of the reassurance force and its reinforcements"`

	Salvos            int64   `col:"salvos" unit:"salvos" title:"Russian salvos" doc:"large salvos of the renewed war"`
	Launched          int64   `col:"launched" unit:"weapons" title:"Russian weapons launched" doc:"drones and missiles of those salvos"`
	Leakers           int64   `col:"leakers" unit:"weapons" title:"Leakers" doc:"drones and missiles that got through"`
	LaunchedCruise    int64   `col:"launched_cruise" unit:"weapons" title:"Cruise missiles launched" doc:"cruise missiles of those salvos"`
	LeakersCruise     int64   `col:"leakers_cruise" unit:"weapons" title:"Cruise leakers" doc:"cruise missiles that got through"`
	LaunchedBallistic int64   `col:"launched_ballistic" unit:"weapons" title:"Ballistic missiles launched" doc:"ballistic missiles of those salvos"`
	LeakersBallistic  int64   `col:"leakers_ballistic" unit:"weapons" title:"Ballistic leakers" doc:"ballistic missiles that got through"`
	InterceptorsLeft  int64   `col:"interceptors_left" unit:"interceptors" title:"Interceptors left" doc:"in stock at the end of the history"`
	StockOutD         float64 `col:"t_stock_out_d" unit:"d" title:"D-day to the last interceptor" doc:"days from D-day until the stock was first empty; missing where it never was"`
	AircraftLost      int64   `col:"aircraft_lost" unit:"aircraft" title:"Aircraft lost" doc:"coalition and Ukrainian fighters lost in incidents and on airfields"`
	AirIncidents      int64   `col:"air_incidents" unit:"incidents" title:"Air incidents" doc:"intercepts by coalition fighters that became incidents"`
	ShipsHit          int64   `col:"ships_hit" unit:"ships" title:"Ships hit" doc:"merchant ships hit on the lane"`
	FlowLostMt        float64 `col:"flow_lost_mt" unit:"Mt" title:"Merchant flow lost" doc:"cargo that did not move, against an open lane"`

	USWeaponsUsed int64   `col:"us_weapons_used" unit:"weapons" title:"American weapons used" doc:"long-range weapons launched by the United States"`
	SupplyMin     float64 `col:"supply_min" title:"Lowest supply ratio" doc:"lowest ratio of supply to demand of any attacked axis; missing where there was no war"`

	RungMax       int64 `col:"rung_max" unit:"rung" title:"Highest rung" doc:"highest rung of the escalation ladder, 0 to 10"`
	NuclearSignal bool  `col:"nuclear_signal" title:"Nuclear signal" doc:"Moscow signalled with nuclear weapons"`
	NuclearUse    bool  `col:"nuclear_use" title:"Nuclear use" doc:"a nuclear weapon was used; on its own axis, never part of a score"`
}
