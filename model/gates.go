package model

import (
	"fmt"
	"math"
	"time"
)

// An Answer is what one gate of the American answer to an attack is supposed to say, whatever it would
// say of itself: the counterfactual of one history under its own luck.
type Answer uint8

const (
	OwnAnswer Answer = iota // what the history makes of it
	Yes                     // it opens the first time it is asked, no sooner
	AtOnce                  // it opens the moment the answer comes to it
	No                      // it never opens
)

func (a Answer) String() string { return [...]string{"", "yes", "at once", "no"}[a] }

// Suppose makes a gate answer so in every history that is played from now on, until it is supposed to give its
// [OwnAnswer]. Everything else meets the same luck. Yes acts only where the gate would refuse: then
// every host consents, a case against a disguised attack ends in blame, Moscow ignores the warning, and
// what there is of weapons is tasked. [GateTime] at once takes the waiting out of every gate, flight
// time apart, and leaves their answers; to say yes it has nothing.
// It panics for a gate that is none.
func (v *War) Suppose(g Gate, a Answer) {
	if g < GateDetection || g > GateTime || a > No {
		panic(fmt.Sprintf("model: gate %d is supposed to answer %d", g, a))
	}
	v.w.supposed[g] = a
}

// opens says whether a gate is supposed to open, if it is asked.
func (w *war) opens(g Gate) bool { return w.supposed[g] == Yes || w.supposed[g] == AtOnce }

// shut says whether a gate is supposed never to open.
func (w *war) shut(g Gate) bool { return w.supposed[g] == No }

// hurried says whether a gate is supposed to lose no time.
func (w *war) hurried(g Gate) bool {
	return w.supposed[g] == AtOnce || w.supposed[GateTime] == AtOnce
}

// wait is how long a gate takes: so long, unless it is supposed to lose no time.
func (w *war) wait(g Gate, d time.Duration) time.Duration {
	if w.hurried(g) {
		return 0
	}
	return d
}

// A Passage is how an answer fared at one gate.
type Passage struct {
	ReachedD float64 // days from D-day until the answer came to the gate; missing where it never did
	PassedD  float64 // days from D-day until it passed; missing where it did not
	Refused  int     // times that the gate was asked and did not open
}

// Passages is how the American answer fared at each gate in the history played last, by gate from
// [GateDetection] to [GateTime]. The entries before GateDetection mean nothing.
func (v *War) Passages() [GateTime + 1]Passage {
	w := &v.w
	p := &w.washington
	var all [GateTime + 1]Passage
	for g := range all {
		all[g] = Passage{ReachedD: Missing, PassedD: Missing}
		if p.looks[g] == 0 {
			continue
		}
		all[g].ReachedD, all[g].Refused = inDays(p.reached[g].Sub(w.attack.dDay)), p.looks[g]-1
		if g > int(GateDetection) {
			all[g-1].PassedD = all[g].ReachedD
		}
	}
	if last := &all[GateTime]; !math.IsNaN(last.ReachedD) {
		last.PassedD = w.outcome.FirstStrikeD
	}
	return all
}
