package figure

import (
	"os"
	"strings"
	"testing"
)

// A card of each kind, with what it has to bear: open bounds, nothing reported, every verdict.
func TestCards(t *testing.T) {
	for _, name := range []string{"calibration", "behaviours"} {
		data, err := os.ReadFile("testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		f, err := DrawCard(data, name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := DrawCard(data, name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		checkFigure(t, f, again)
		other := map[string]string{"calibration": "behaviours", "behaviours": "calibration"}[name]
		if _, err := DrawCard(data, other, Options{}); err == nil || !strings.Contains(err.Error(), "verify --"+other) {
			t.Errorf("the %s card as %s: got %v, want an error that says what prints it", name, other, err)
		}
	}
	for _, data := range []string{"", "{}", `{"card": "calibration"}`, "[1]"} {
		if _, err := DrawCard([]byte(data), "calibration", Options{}); err == nil {
			t.Errorf("%q is drawn as a card", data)
		}
	}
}
