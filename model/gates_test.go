package model

import (
	"fmt"
	"testing"
)

// A gate that is supposed to say what it says of itself changes nothing, to the last bit.
func TestAGateSupposedToSayWhatItSays(t *testing.T) {
	s := baseline(t)
	own, other := New(s), New(s)
	checked := map[Gate]map[Answer]int{}
	for rep := range uint64(400) {
		want := fmt.Sprintf("%+v", own.Play(1, rep))
		o := own.Play(1, rep)
		if !o.Invaded {
			continue
		}
		gates := own.Passages()
		for g := GateDetection; g <= GateTime; g++ {
			answer := No
			switch p := gates[g]; {
			case p.PassedD == p.PassedD && p.Refused == 0:
				answer = Yes
			case p.PassedD == p.PassedD:
				continue // it said no, and later yes
			case g == GateTime && p.ReachedD == p.ReachedD:
				continue // it said neither: the strike was on its way
			}
			other.Suppose(g, answer)
			got := fmt.Sprintf("%+v", other.Play(1, rep))
			other.Suppose(g, OwnAnswer)
			// A war that ended on the warning ended in the gate's own answer, which was neither yes nor no.
			if got != want && !(g == GateWarning && o.GateFailed == GateWarning) {
				t.Fatalf("replication %d: gate %s said %s of itself; supposed to, the history differs:\n got %s\nwant %s", rep, g, answer, got, want)
			}
			if checked[g] == nil {
				checked[g] = map[Answer]int{}
			}
			checked[g][answer]++
		}
		if got := fmt.Sprintf("%+v", other.Play(1, rep)); got != want {
			t.Fatalf("replication %d: suppositions taken back leave a trace:\n got %s\nwant %s", rep, got, want)
		}
	}
	for g := GateDetection; g <= GateTime; g++ {
		if checked[g][Yes] < 10 {
			t.Errorf("gate %s was supposed to say yes in only %d histories", g, checked[g][Yes])
		}
	}
	if checked[GateDecision][No] < 50 {
		t.Errorf("the decision was supposed to refuse in only %d histories", checked[GateDecision][No])
	}
}

// A gate that is opened lets the answer go on: it stands at a later gate, or nothing holds it back. One that is
// shut holds it there, or at one before.
func TestAGateSupposedToOpenLetsTheAnswerOn(t *testing.T) {
	sets := map[Gate][]string{ // of wars in which the gate often holds the answer back
		GateDetection:   {"moscow.attack=\"limited\"", "ceasefire.masked_prob=1", "ceasefire.detection=0", "ceasefire.unmask_km=100"},
		GateAttribution: {"moscow.attack=\"limited\"", "ceasefire.masked_prob=1", "attribution.case_d=10", "attribution.threshold=0.9999", "ceasefire.unmask_km=100"},
		GateWarning:     {"moscow.attack=\"limited\"", "washington.comply_limited=1"},
		GateDecision:    {"moscow.attack=\"full\"", "washington.p_response_major=0.02"},
		GateConsent:     {"moscow.attack=\"full\"", "washington.p_response_major=0.98", "washington.consent_share=0", "washington.sea_alone=0"},
		GateCapacity:    {"moscow.attack=\"full\"", "washington.p_response_major=0.98", "strike.least_package=100000"},
	}
	for g := GateDetection; g < GateTime; g++ {
		w := New(baseline(t, sets[g]...))
		held := 0
		for rep := range uint64(60) {
			o := w.Play(5, rep)
			if o.GateFailed != g {
				continue
			}
			held++
			for _, a := range []Answer{Yes, AtOnce} {
				w.Suppose(g, a)
				opened := w.Play(5, rep)
				p := w.Passages()[g]
				w.Suppose(g, OwnAnswer)
				// A history may end before the gate is asked; where it was asked, it opened.
				if p.Refused > 0 || a == AtOnce && opened.GateFailed != GateNone && opened.GateFailed <= g && p.ReachedD == p.ReachedD {
					t.Errorf("replication %d: %s supposed to say %s holds the answer back all the same: %s, %+v", rep, g, a, opened.GateFailed, p)
				}
			}
			w.Suppose(g, No)
			shut := w.Play(5, rep)
			w.Suppose(g, OwnAnswer)
			if shut.GateFailed == GateNone || shut.GateFailed > g || shut.FirstStrikeD == shut.FirstStrikeD {
				t.Errorf("replication %d: %s is shut, and the answer stands at %s, strike on day %v", rep, g, shut.GateFailed, shut.FirstStrikeD)
			}
		}
		if held < 10 {
			t.Errorf("%s holds the answer back in only %d of 60 histories", g, held)
		}
	}
}

// Time taken out of every gate leaves the strike no later, and the shut gate of time no strike.
func TestTimeTakenOutOfTheGates(t *testing.T) {
	w := New(baseline(t, "moscow.attack=\"full\"", "washington.p_response_major=0.8"))
	sooner := 0
	for rep := range uint64(60) {
		own := w.Play(2, rep)
		w.Suppose(GateTime, AtOnce)
		fast := w.Play(2, rep)
		w.Suppose(GateTime, No)
		late := w.Play(2, rep)
		w.Suppose(GateTime, OwnAnswer)
		if fast.FirstStrikeD < own.FirstStrikeD {
			sooner++
		} else if fast.FirstStrikeD > own.FirstStrikeD && own.FirstStrikeD < 10 {
			t.Errorf("replication %d: without waiting the strike comes on day %.1f, with it on day %.1f", rep, fast.FirstStrikeD, own.FirstStrikeD)
		}
		if late.FirstStrikeD == late.FirstStrikeD {
			t.Errorf("replication %d: a strike on day %.1f through a gate that is shut", rep, late.FirstStrikeD)
		}
	}
	if sooner < 20 {
		t.Errorf("the strike came sooner in only %d of 60 histories", sooner)
	}
}

func TestPassagesAreInOrder(t *testing.T) {
	w := New(baseline(t))
	strikes := 0
	for rep := range uint64(400) {
		o := w.Play(1, rep)
		gates, last := w.Passages(), 0.0
		for g := GateDetection; g <= GateTime; g++ {
			p := gates[g]
			if p.ReachedD == p.ReachedD != (o.Invaded && last == last) {
				t.Fatalf("replication %d: %s reached on %v, the gate before it passed on %v, invaded %v", rep, g, p.ReachedD, last, o.Invaded)
			}
			if p.ReachedD < last || p.PassedD < p.ReachedD {
				t.Fatalf("replication %d: %s %+v after day %v", rep, g, p, last)
			}
			last = p.PassedD
		}
		if o.FirstStrikeD == o.FirstStrikeD {
			strikes++
			if gates[GateTime].PassedD != o.FirstStrikeD {
				t.Errorf("replication %d: the gate of time passed on day %v, the strike came on day %v", rep, gates[GateTime].PassedD, o.FirstStrikeD)
			}
		}
	}
	if strikes == 0 {
		t.Error("no history had a strike")
	}
}
