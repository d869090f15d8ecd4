package figure

import (
	"strings"
	"testing"
)

// Refused terms are neither the best nor the worst that can come.
func TestRefusedTermsStandApart(t *testing.T) {
	for _, study := range []string{"baseline", "worth"} {
		f, err := draw(t, study, "outcomes", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.Caption, "last and apart, terms-refused.") {
			t.Errorf("%s: %s", study, f.Caption)
		}
	}
}

// The title of the race names an objective only where one is drawn.
func TestTitleOfRace(t *testing.T) {
	for study, want := range map[string]bool{"baseline": false, "war": true} {
		f, err := draw(t, study, "race", Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(f.Title, "objective"); got != want {
			t.Errorf("%s: %s", study, f.Title)
		}
	}
}
