package main

import (
	"fmt"
	"strings"

	"tripwire/study/validation"
)

// runValidation plays one of the cards, "behaviours" or "calibration", n histories a side, and prints it.
func runValidation(std *streams, which string, n int) error {
	play := validation.Behaviours
	if which == "calibration" {
		play = validation.Calibration
	}
	card, err := play(loader, n, validation.Seed)
	if err != nil {
		return err
	}
	if _, err := std.out.Write(card.Markdown()); err != nil {
		return output{err}
	}
	if surprises := card.Surprises(); len(surprises) > 0 {
		return mismatch{fmt.Errorf("the card does not say what the table of expectations knows:\n%s", strings.Join(surprises, "\n"))}
	}
	return nil
}
