package causes

import (
	"fmt"
	"math"
	"regexp"
	"strconv"

	"tripwire/model"
	"tripwire/stats"
	"tripwire/study/record"
)

// alike is how many events that differ only in their figures are worth telling.
const alike = 3

var figure = regexp.MustCompile(`[-+]?[0-9][0-9.,]*`)

// Telling says which events of a history are worth telling: not the routine ones, and of those that differ only
// in their figures the first three. It counts what is left out.
func Telling(history []model.Entry) (told []bool, routine, repeated int) {
	told = make([]bool, len(history))
	seen := map[string]int{}
	for i, e := range history {
		kind := e.Subject + e.Event + figure.ReplaceAllString(e.What, "0")
		switch seen[kind]++; {
		case e.What == "":
			routine++
		case seen[kind] > alike:
			repeated++
		default:
			told[i] = true
		}
	}
	return told, routine, repeated
}

// Brief is a history in a few sentences.
func Brief(o model.Outcome, gates [model.GateTime + 1]model.Passage) []string {
	var s []string
	say := func(format string, args ...any) { s = append(s, fmt.Sprintf(format, args...)) }
	switch {
	case !o.TermsAccepted:
		say("Moscow refused the terms, and the war went on.")
	case !o.Invaded && math.IsNaN(o.BuildUpD):
		say("Moscow accepted the terms and never massed for an attack.")
	case !o.Invaded:
		say("Moscow accepted the terms; it massed for an attack, first on day %s, and stood down.", day(o.BuildUpD))
	default:
		name := "limited attack"
		if o.Kind == model.FullInvasion {
			name = "full invasion"
		}
		say("On day %s of the armistice Russia began a %s.", day(o.InvasionD), name)
	}
	if o.TermsAccepted {
		say("Of %s, %s seen and %s rightly attributed to Russia.", things(o.FlareUps, "flare-up"), were(o.Detected), were(o.Attributed))
	}
	if o.Invaded {
		fell := "no objective fell"
		if Objective(&o) {
			fell = "an objective fell"
		}
		say("The front moved %.1f km at its furthest; %s.", o.FrontMaxKm, fell)
		say("%s", answered(o, gates))
	}
	switch {
	case o.Collapsed:
		say("After first deaths most of the coalition's force withdrew.")
	case o.LossesCoalition > 0:
		say("The coalition lost %s people killed and wounded.", stats.Round(float64(o.LossesCoalition), 0))
	}
	if o.NuclearUse {
		say("A nuclear weapon was used.")
	} else if o.NuclearSignal {
		say("Moscow gave a nuclear signal.")
	}
	say("It ended on day %s: %s.", day(o.EndD), o.Outcome)
	return s
}

// answered is how the American answer fared, in a sentence.
func answered(o model.Outcome, gates [model.GateTime + 1]model.Passage) string {
	if d := o.FirstStrikeD; d == d {
		when := ""
		if Objective(&o) && o.StrikeBeforeFaitAccompli == 0 {
			when = ", after an objective had fallen"
		}
		return fmt.Sprintf("The first American strike came %.1f days after D-day%s.", d, when)
	}
	text := "The American answer stood at the gate of " + o.GateFailed.String()
	if o.GateFailed >= model.GateDetection {
		if n := gates[o.GateFailed].Refused; n > 0 {
			text += ", which was refused " + times(n)
		}
	}
	return text + "; no strike came."
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

func were(n int64) string {
	return stats.Round(float64(n), 0) + " " + record.Noun(n, "was", "were")
}

func things(n int64, thing string) string {
	return stats.Round(float64(n), 0) + " " + record.Noun(n, thing, thing+"s")
}

func day(d float64) string { return stats.Round(math.Floor(d), 0) }

// Phase is the part of a history in which an event falls: its name and a word for it.
func Phase(e model.Entry, o model.Outcome) (name, word string) {
	switch {
	case e.Event == "outcome" || e.Event == "gate":
		return "The end", "end"
	case o.Invaded && e.At.Days() >= o.InvasionD:
		return "The renewed war", "war"
	case !o.TermsAccepted && e.At > 0:
		return "The war that went on", "war"
	}
	return "The armistice", "armistice"
}

// actors is what the subjects of events are called where a person reads of them.
var actors = map[string]string{
	"moscow": "Moscow", "washington": "Washington", "ceasefire": "Monitors", "attribution": "Attribution",
	"tripwire": "Coalition", "air": "Air policing", "airdefence": "Air defence", "purl": "Deliveries",
	"sea": "Shipping", "sanctions": "Sanctions", "escalation": "Escalation", "ground": "Front", "theatre": "Front",
	"strike": "Strikes", "forces": "Russian army", "outcome": "The end",
}

// Actor is what the subject of an event is called where a person reads of it.
func Actor(subject string) string {
	if name, ok := actors[subject]; ok {
		return name
	}
	return subject
}
