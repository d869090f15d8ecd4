package model

import "math"

// The types below are the units and the allowed ranges of every parameter: a value that its type
// does not allow never reaches the war.
type (
	Prob        float64 // a probability
	OpenProb    float64 // a probability that may be neither 0 nor 1
	Share       float64 // a fraction of a whole
	Days        float64 // a span that cannot be zero: a mean, a time constant, a half-life [d]
	Delay       float64 // a span that may be zero [d]
	Hours       float64 // a span of hours [h]
	Km          float64 // a length [km]
	KmPerDay    float64 // a speed of advance [km/d]
	PerDay      float64 // a rate or hazard [1/d]
	PerMonth    float64 // a rate in months of 30 days [1/month]
	PerYear     float64 // a rate in years of 365 days [1/y]
	PerKm       float64 // a linear density [1/km]
	Factor      float64 // a multiplier, 0 allowed
	Ratio       float64 // a ratio that cannot be zero
	Real        float64 // any finite number: a logit, an effect on a log scale, a utility
	Sigma       float64 // a standard deviation
	Correlation float64 // a common-shock correlation
	Dollars     float64 // money [million US dollars]
	Interval    float64 // a span between looks or salvos, long enough that histories stay finite [d]
	Minutes     float64 // a span of minutes that cannot be zero [min]
	KmPerH      float64 // the speed of an aircraft [km/h]
	Cargo       float64 // cargo moved in a month [Mt/month]
	Count       int64   // how many: people, aircraft, weapons
	Few         int64   // how many of something that is counted on fingers and not by the thousand
	Text        string  // a line of prose
	Name        string  // a short name that may become part of a path or a column
)

func between(x, low, high float64) bool { return low <= x && x <= high }

// No span of a war needs more than a century; the bound keeps every instant representable.
const longest = 50_000

func (p Prob) Allowed() (string, bool)     { return "must be in [0, 1]", between(float64(p), 0, 1) }
func (p OpenProb) Allowed() (string, bool) { return "must be in (0, 1)", 0 < p && p < 1 }
func (s Share) Allowed() (string, bool)    { return "must be in [0, 1]", between(float64(s), 0, 1) }
func (d Days) Allowed() (string, bool)     { return "must be in (0, 50000]", 0 < d && d <= longest }
func (d Delay) Allowed() (string, bool) {
	return "must be in [0, 50000]", between(float64(d), 0, longest)
}
func (h Hours) Allowed() (string, bool) {
	return "must be in [0, 50000]", between(float64(h), 0, longest)
}
func (k Km) Allowed() (string, bool) { return "must be in (0, 10000]", 0 < k && k <= 10_000 }
func (v KmPerDay) Allowed() (string, bool) {
	return "must be in [0, 1000]", between(float64(v), 0, 1000)
}
func (r PerDay) Allowed() (string, bool)   { return "must be in [0, 1e6]", between(float64(r), 0, 1e6) }
func (r PerMonth) Allowed() (string, bool) { return "must be in [0, 1e8]", between(float64(r), 0, 1e8) }
func (r PerYear) Allowed() (string, bool)  { return "must be in [0, 1e9]", between(float64(r), 0, 1e9) }
func (r PerKm) Allowed() (string, bool)    { return "must be in (0, 1e6]", 0 < r && r <= 1e6 }
func (f Factor) Allowed() (string, bool)   { return "must be in [0, 1e6]", between(float64(f), 0, 1e6) }
func (r Ratio) Allowed() (string, bool)    { return "must be in (0, 1e6]", 0 < r && r <= 1e6 }
func (r Real) Allowed() (string, bool) {
	return "must be in [-1e6, 1e6]", between(float64(r), -1e6, 1e6)
}
func (s Sigma) Allowed() (string, bool)       { return "must be in [0, 10]", between(float64(s), 0, 10) }
func (c Correlation) Allowed() (string, bool) { return "must be in [0, 1)", 0 <= c && c < 1 }
func (d Dollars) Allowed() (string, bool)     { return "must be in [0, 1e7]", between(float64(d), 0, 1e7) }
func (c Count) Allowed() (string, bool)       { return "must be in [0, 1e9]", 0 <= c && c <= 1e9 }
func (i Interval) Allowed() (string, bool) {
	return "must be in [0.1, 50000]", between(float64(i), 0.1, longest)
}
func (m Minutes) Allowed() (string, bool) { return "must be in (0, 10000]", 0 < m && m <= 10_000 }
func (v KmPerH) Allowed() (string, bool)  { return "must be in (0, 10000]", 0 < v && v <= 10_000 }
func (c Cargo) Allowed() (string, bool)   { return "must be in [0, 1e6]", between(float64(c), 0, 1e6) }
func (f Few) Allowed() (string, bool)     { return "must be in [0, 1000]", 0 <= f && f <= 1000 }
func (t Text) Allowed() (string, bool) {
	for _, r := range t {
		if r < ' ' || r == 0x7f {
			return "must be one line of plain text", false
		}
	}
	return "must be at most 500 bytes long", len(t) <= 500
}

func (n Name) Allowed() (string, bool) {
	const rule = "must match [A-Za-z][A-Za-z0-9 _.-]{0,63}"
	if len(n) == 0 || len(n) > 64 {
		return rule, false
	}
	for i := range len(n) {
		c := n[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		other := '0' <= c && c <= '9' || c == ' ' || c == '_' || c == '.' || c == '-'
		if !letter && (i == 0 || !other) {
			return rule, false
		}
	}
	return rule, true
}

func (Prob) Unit() string     { return "probability" }
func (OpenProb) Unit() string { return "probability" }
func (Share) Unit() string    { return "share" }
func (Days) Unit() string     { return "d" }
func (Delay) Unit() string    { return "d" }
func (Hours) Unit() string    { return "h" }
func (Km) Unit() string       { return "km" }
func (KmPerDay) Unit() string { return "km/d" }
func (PerDay) Unit() string   { return "1/d" }
func (PerMonth) Unit() string { return "1/month" }
func (PerYear) Unit() string  { return "1/y" }
func (PerKm) Unit() string    { return "1/km" }
func (Dollars) Unit() string  { return "USD million" }
func (Count) Unit() string    { return "count" }
func (Few) Unit() string      { return "count" }
func (Interval) Unit() string { return "d" }
func (Minutes) Unit() string  { return "min" }
func (KmPerH) Unit() string   { return "km/h" }
func (Cargo) Unit() string    { return "Mt/month" }

// ROE is the coalition's rules of engagement, R0 (withdraw) to R4 (pre-delegated fires).
type ROE string

const (
	Withdraw          ROE = "R0"
	SelfDefence       ROE = "R1"
	HoldPosition      ROE = "R2"
	IntegratedDefence ROE = "R3"
	PreDelegatedFires ROE = "R4"
)

func (r ROE) Allowed() (string, bool) {
	return `must be "R0", "R1", "R2", "R3" or "R4"`, r.level() >= 0
}

// level is 0 for R0 to 4 for R4, and -1 for anything else.
func (r ROE) level() int {
	if len(r) == 2 && r[0] == 'R' && '0' <= r[1] && r[1] <= '4' {
		return int(r[1] - '0')
	}
	return -1
}

// Choice says who decides on an attack: Moscow, or the analyst who asks what would happen.
type Choice string

const (
	Chosen        Choice = "chosen"
	ForcedLimited Choice = "limited"
	ForcedFull    Choice = "full"
	NeverAttack   Choice = "never"
)

func (c Choice) Allowed() (string, bool) {
	return `must be "chosen", "limited", "full" or "never"`,
		c == Chosen || c == ForcedLimited || c == ForcedFull || c == NeverAttack
}

// Maybe is a yes (1) or a no (0) that can be missing (NaN), where the question did not arise.
type Maybe float64

// Missing is the value of a measure that a history does not have.
var Missing = math.NaN()

func maybe(yes bool) Maybe {
	if yes {
		return 1
	}
	return 0
}
