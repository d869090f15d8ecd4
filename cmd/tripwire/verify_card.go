package main

import (
	"fmt"
	"strings"

	"tripwire/study/validation"
)

// runValidation plays one of the cards, "behaviours" or "calibration", n histories a side, and prints it.
func runValidation(std *streams, which string, n int, asJSON bool) error {
	play := validation.Behaviours
	if which == "calibration" {
		play = validation.Calibration
	}
	card, err := play(loader, n, validation.Seed)
	if err != nil {
		return err
	}
	if asJSON {
		if err := writeJSON(std.out, newCardJSON(which, card)); err != nil {
			return output{err}
		}
	} else if _, err := std.out.Write(card.Markdown()); err != nil {
		return output{err}
	}
	if surprises := card.Surprises(); len(surprises) > 0 {
		return mismatch{fmt.Errorf("the card does not say what the table of expectations knows:\n%s", strings.Join(surprises, "\n"))}
	}
	return nil
}

// A cardJSON is a card for machines, and for the figure of its name. Bounds that are open are null.
type cardJSON struct {
	Card  string        `json:"card"`
	Title string        `json:"title"`
	N     int           `json:"n"`
	Seed  uint64        `json:"seed"`
	Level float64       `json:"level"`
	Rows  []cardRowJSON `json:"rows"`
}

type cardRowJSON struct {
	Name    string         `json:"name"`
	Tests   string         `json:"tests"`
	Verdict string         `json:"verdict"`
	Note    string         `json:"note,omitempty"`
	Parts   []cardPartJSON `json:"parts"`
}

type cardPartJSON struct {
	Name         string `json:"name"`
	Unit         string `json:"unit,omitempty"`
	From         number `json:"from"`
	Value        number `json:"value"`
	Low          number `json:"low"`
	High         number `json:"high"`
	Expected     string `json:"expected,omitempty"`
	ExpectedLow  number `json:"expected_low"`
	ExpectedHigh number `json:"expected_high"`
	Verdict      string `json:"verdict"`
	Missed       bool   `json:"missed,omitempty"`
}

func newCardJSON(which string, c *validation.Card) cardJSON {
	out := cardJSON{which, c.Title, c.N, c.Seed, validation.Level, nil}
	for i := range c.Rows {
		r := &c.Rows[i]
		row := cardRowJSON{r.Name, r.Tests, r.Verdict().String(), r.Note, nil}
		for _, p := range r.Parts {
			row.Parts = append(row.Parts, cardPartJSON{
				p.Name, p.Unit, number(p.From), number(p.Got.Value), number(p.Got.Low), number(p.Got.High),
				p.Expected, number(p.Within[0]), number(p.Within[1]), p.Verdict.String(), p.Missed,
			})
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}
