package model

import (
	"math"

	"tripwire/sim/random"
)

// Known is an answer that theory knows, beside the one that the war's own code gives.
type Known struct {
	Name      string  // one word
	Got, Want float64 // the war's answer, and theory's
	Tolerance float64 // the largest |Got - Want| that passes: 1e-9 of Want, or four standard errors of Got
	Simulated bool    // Got is estimated from histories, at a fixed seed
}

// OK says whether the war gives the known answer.
func (k Known) OK() bool { return math.Abs(k.Got-k.Want) <= k.Tolerance }

// KnownAnswers yields the known answers one after the other, the same each time. The war's side is always
// given by the events and functions that the war itself uses, with luck from the same streams. Theory's side
// was computed elsewhere with forty digits, from the closed form or by solving the Markov chain.
func KnownAnswers(yield func(Known)) {
	k := knowns{yield}
	k.attrition()
	k.duels()
	k.salvos()
	k.layers()
	k.channels()
	k.evidence()
	k.walks()
	k.cases()
	k.pipelines()
	k.votes()
	k.targets()
	k.sorties()
	k.queue()
}

// knowns passes answers on.
type knowns struct{ yield func(Known) }

// exact is an answer that is computed.
func (k knowns) exact(name string, got, want float64) {
	k.yield(Known{Name: name, Got: got, Want: want, Tolerance: 1e-9 * math.Abs(want)})
}

// estimated is an answer with the standard error of its simulation.
func (k knowns) estimated(name string, got, se, want float64) {
	k.yield(Known{Name: name, Got: got, Want: want, Tolerance: 4 * se, Simulated: true})
}

// mean, variance and sd compare what was drawn with its known moment.
func (k knowns) mean(name string, d draws, want float64) {
	mean, _, se, _ := d.moments()
	k.estimated(name, mean, se, want)
}

func (k knowns) variance(name string, d draws, want float64) {
	_, variance, _, se := d.moments()
	k.estimated(name, variance, se, want)
}

func (k knowns) sd(name string, d draws, want float64) {
	_, variance, _, se := d.moments()
	sd := math.Sqrt(variance)
	k.estimated(name, sd, se/(2*sd), want)
}

// draws is what independent histories came to.
type draws []float64

// drawn plays n histories.
func drawn(n int, play func() float64) draws {
	d := make(draws, n)
	for i := range d {
		d[i] = play()
	}
	return d
}

// where is 1 for each history of which a question is true, and 0 for the others: their mean is its
// probability.
func (d draws) where(question func(float64) bool) draws {
	yes := make(draws, len(d))
	for i, x := range d {
		if question(x) {
			yes[i] = 1
		}
	}
	return yes
}

// moments are the mean and the variance with their standard errors, that of the variance from the
// fourth moment.
func (d draws) moments() (mean, variance, meanSE, varianceSE float64) {
	n := float64(len(d))
	for _, x := range d {
		mean += x / n
	}
	fourth := 0.0
	for _, x := range d {
		square := float64((x - mean) * (x - mean))
		variance += square / (n - 1)
		fourth += float64(square*square) / n
	}
	return mean, variance, math.Sqrt(variance / n), math.Sqrt((fourth - float64(variance*variance)) / n)
}

// luckOf is a stream of its own for one known answer.
func luckOf(name string) stream {
	l := random.New()
	l.Reset(1, 0)
	return l.Stream("known/" + name)
}

// bare is a war whose scenario holds nothing but what is set: every other force, chance and rate is 0.
func bare(set func(*Scenario)) *war {
	s := new(Scenario)
	set(s)
	w := &New(s).w
	w.luck.Reset(1, 0)
	return w
}
