package model

import "math"

// attrition is Lanchester's laws (Engineering 98, 1914) and Helmbold's family between them, by [helmbold].
func (k knowns) attrition() {
	a, b := helmbold(100, 80, .01, .01, 1, 50)
	k.exact("lanchester-square/a", a, 71.07497208113829)
	k.exact("lanchester-square/b", b, 38.100546667135727)
	a, _ = helmbold(100, 80, .01, .01, 1, 200)
	k.exact("lanchester-square/survivors", a, 60)
	k.exact("lanchester-square/end_d", foughtOut(100, 80, .01, .01, 1), 109.86122886681097)

	a, b = linearLaw(100, 80, .001, .001, 30)
	k.exact("lanchester-linear/a", a, 35.653757658979629)
	k.exact("lanchester-linear/b", b, 15.653757658979629)

	for _, c := range []struct {
		name    string
		w, a, b float64
	}{
		{"helmbold/w=1", 1, 93.514374937429313, 21.502227787958838},
		{"helmbold/w=.5", .5, 89.468435714990717, 33.671089287476793},
		{"helmbold/w=0", 0, 85.214378896621134, 40.219202762138358},
	} {
		a, b := helmbold(100, 60, .004, .010, c.w, 40)
		k.exact(c.name+"/a", a, c.a)
		k.exact(c.name+"/b", b, c.b)
	}
}

// foughtOut is when one side is gone [d], found by looking: [helmbold] is asked nothing but who stands.
func foughtOut(a0, b0, a, b, w float64) float64 {
	low, high := 0.0, 1.0
	stand := func(t float64) bool {
		a, b := helmbold(a0, b0, a, b, w, t)
		return a > 0 && b > 0
	}
	for stand(high) {
		low, high = high, 2*high
	}
	for {
		middle := (low + high) / 2
		switch {
		case middle <= low || middle >= high:
			return high
		case stand(middle):
			low = middle
		default:
			high = middle
		}
	}
}

// linearLaw is dA/dt = -a A B, dB/dt = -b A B by way of [helmbold]: the law of w = 1/2 runs through the
// same strengths on another clock s, with ds = √(AB) dt. The clock is wound by Runge and Kutta's rule, of
// which the error here is below 1e-12.
func linearLaw(a0, b0, a, b, t float64) (aLeft, bLeft float64) {
	rate := func(s float64) float64 {
		x, y := helmbold(a0, b0, a, b, .5, s)
		return math.Sqrt(float64(x * y))
	}
	const steps = 1000
	h, s := t/steps, 0.0
	for range steps {
		k1 := float64(h * rate(s))
		k2 := float64(h * rate(s+float64(k1/2)))
		k3 := float64(h * rate(s+float64(k2/2)))
		k4 := float64(h * rate(s+k3))
		s += (k1 + float64(2*k2) + float64(2*k3) + k4) / 6
	}
	return helmbold(a0, b0, a, b, .5, s)
}

// duels is the stochastic square law of a fire-fight at a hub, by [duel]; the answers are those of its
// Markov chain.
func (k knowns) duels() {
	const n = 100_000
	for _, c := range []struct {
		name                      string
		a, b                      int
		win, survivors, durationD float64
	}{
		{"duel/2v1", 2, 1, 5.0 / 6, 1.8, .5},
		{"duel/3v2", 3, 2, 31.0 / 40, 2.4623655913978495, .725},
		{"duel/5v4", 5, 4, 51907.0 / 72576, 3.6314755235324716, .9605241402116402},
	} {
		left, days := duelled(luckOf(c.name), n, c.a, c.b, 1, 1)
		k.mean(c.name+"/p-win", left.where(func(x float64) bool { return x > 0 }), c.win)
		var winners draws
		for _, x := range left {
			if x > 0 {
				winners = append(winners, x)
			}
		}
		k.mean(c.name+"/survivors-if-won", winners, c.survivors)
		k.mean(c.name+"/duration_d", days, c.durationD)
	}
	left, _ := duelled(luckOf("duel/10v10"), n, 10, 10, 1, 1)
	for i, x := range left {
		left[i] = math.Abs(x)
	}
	k.mean("duel/10v10/survivors", left, 5.7151474749735199)
}

// duelled plays n duels to the end: what is left of the attackers, or less than nothing, which is what is
// left of the defenders; and the durations [d].
func duelled(luck stream, n, attackers, defenders int, a, b float64) (left, days draws) {
	left, days = make(draws, n), make(draws, n)
	for i := range n {
		lostA, lostB, d := duel(luck, attackers, defenders, a, b, math.Inf(1))
		left[i], days[i] = float64((attackers-lostA)-(defenders-lostB)), d
	}
	return left, days
}

// salvos is Hughes's salvo equations (Naval Research Logistics 42, 1995) and the stochastic salvo of
// Armstrong (Operations Research 53, 2005) by what the war does to a hub: what hits of the shots is
// binomial, interceptors meet what comes for as long as there are any ([shootLookShoot]), and what
// leaks strikes people ([tripwire.hit]). With every chance 1 the salvo is Hughes's.
func (k knowns) salvos() {
	w := bare(func(s *Scenario) { s.Coalition.HitDeathsProb, s.Coalition.HitPeople = 1, 1 })
	luck := luckOf("salvo")
	_, lostA := (&hubSalvo{shots: 4 * 4, hit: 1, interceptors: 4 * 2, kill: 1, targets: 4, staying: 2}).play(w, luck)
	_, lostB := (&hubSalvo{shots: 4 * 3, hit: 1, interceptors: 4 * 2, kill: 1, targets: 4, staying: 2}).play(w, luck)
	k.exact("salvo-hughes/a", 4-lostA, 0)
	k.exact("salvo-hughes/b", 4-lostB, 2)

	leakers, lost := (&hubSalvo{shots: 12, hit: .6, interceptors: 8, kill: .5, targets: 4, staying: 2}).draw(w, luck, 200_000)
	k.mean("salvo-stochastic/leakers", leakers, 3.270100119552)
	k.mean("salvo-stochastic/p-no-leak", leakers.where(func(x float64) bool { return x == 0 }), .111137496832)
	k.mean("salvo-stochastic/lost", lost, 1.631332019808)
	k.sd("salvo-stochastic/lost-sd", lost, 1.0264936917317861)
}

// A hubSalvo is fired at targets that each take so many leakers, behind interceptors that are fired one
// after the other.
type hubSalvo struct {
	shots        int64
	hit          float64
	interceptors int64
	kill         float64
	targets      int64
	staying      int64 // Hughes's staying power: leakers that put one target out of action
}

// play is one salvo: how many leak, and how many targets they put out of action. A target is as many
// people as it takes leakers, and each leaker kills one.
func (s *hubSalvo) play(w *war, luck stream) (leakers, lost float64) {
	n, _ := shootLookShoot(luck, luck.Binomial(s.shots, s.hit), s.interceptors, s.kill, int(s.interceptors))
	t := &w.tripwire
	t.left, t.losses, t.deaths = float64(s.targets*s.staying), 0, true
	t.hit(w, n)
	return float64(n), t.losses / float64(s.staying)
}

func (s *hubSalvo) draw(w *war, luck stream, n int) (leakers, lost draws) {
	leakers, lost = make(draws, n), make(draws, n)
	for i := range n {
		leakers[i], lost[i] = s.play(w, luck)
	}
	return leakers, lost
}

// layers is defence in depth by [airdefence.engage]: 100 drones meet interceptor drones, then fire teams,
// and what leaks meets the teams of a second engagement.
func (k knowns) layers() {
	const threats, n = 100, 100_000
	leak := layered(luckOf("layers"), threats, n, .5, .6, .7)
	k.mean("layers/leakers", leak, 6)
	k.sd("layers/leakers-sd", leak, 2.3748684174075834)
	k.mean("layers/p-10-or-more", leak.where(func(x float64) bool { return x >= 10 }), .077539057345611803)

	luck := luckOf("shoot-look-shoot")
	leak, used := make(draws, n), make(draws, n)
	for i := range n {
		l, u := shootLookShoot(luck, 30, 40, .6, 2)
		leak[i], used[i] = float64(l), float64(u)
	}
	k.mean("shoot-look-shoot/leakers", leak, 6.2031235736333284)
	k.mean("shoot-look-shoot/used", used, 39.661460710611119)
}

// layered is n times what leaks of so many drones through three layers of these chances to kill.
func layered(luck stream, drones int64, n int, first, second, third float64) draws {
	w := bare(func(s *Scenario) {
		// Interceptor drones for all that come, and a team that no target keeps busy.
		s.AirDefence.DronePerD, s.AirDefence.DroneStockD, s.AirDefence.Teams = PerDay(drones), 1, 1
		s.Air.ClosestKm = referenceClosestKm
	})
	p := &w.airdefence.kills
	return drawn(n, func() float64 {
		w.airdefence.reset(w)
		p.drone, p.team = first, second
		leak, _ := w.airdefence.engage(w, luck, drones, 0)
		p.drone, p.team = 0, third
		leak, _ = w.airdefence.engage(w, luck, leak, 0)
		return float64(leak)
	})
}

// channels is the loss and the abandonment of targets at fire channels (Erlang 1917; Palm 1957).
func (k knowns) channels() {
	k.exact("erlang-loss/8-channels", erlangLoss(8, 6), .12187578366630444)
	k.exact("erlang-loss/4-channels", erlangLoss(4, 6), .46956521739130435)
	k.exact("erlang-a/4-channels", erlangAbandon(4, 6, 1, .5), .35264222073812793)
}
