package record

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A manifest whose parts forbid each other is damaged, and the key is named at fault: its readers divide by what it says, and
// make tables as large.
func TestInconsistentManifest(t *testing.T) {
	for _, c := range []struct {
		edit func(m *Manifest)
		want string // "" where nothing is wrong
	}{
		{func(m *Manifest) {}, ""},
		{func(m *Manifest) { m.Design.ByPoint = []int64{2, 2, 1, 0, 0, 0} }, "runs is 12: must be 5, by the design"},
		{func(m *Manifest) { m.Design.ByPoint, m.Runs = []int64{2, 3, 0, 0, 0, 0}, 5; m.Design.Replications = 3 }, ""},
		{func(m *Manifest) { m.Design.Points = 0 }, "design.points is 0: must be at least 1"},
		{func(m *Manifest) { m.Design.Points = 1 << 62 }, "design.points is 4611686018427387904: must be so few"},
		{func(m *Manifest) { m.Design.Replications = 0 }, "design.replications is 0: must be at least 1"},
		{func(m *Manifest) { m.Design.Replications = 1 << 62 }, "design.points is 6: must be so few"},
		{func(m *Manifest) { m.Design.ByPoint = []int64{2} }, "the length of design.replications_by_point is 1: must be 6"},
		{func(m *Manifest) { m.Design.ByPoint = []int64{2, 2, -2, 2, 2, 2} }, "design.replications_by_point[2] is -2: must be from 0 to 2"},
		{func(m *Manifest) { m.Design.ByPoint = []int64{2, 2, 2, 3, 2, 2} }, "design.replications_by_point[3] is 3: must be from 0 to 2"},
		{func(m *Manifest) { m.Runs = 7 }, "runs is 7: must be 12"},
		{func(m *Manifest) { m.Design.Futures = -1 }, "design.futures is -1: must be at least 0"},
		{func(m *Manifest) { m.Design.Futures = 4 }, "design.futures is 4: must be a divisor of the points, 6"},
		{func(m *Manifest) { m.Design.Sharing = 5 }, "design.sharing is 5: must be a divisor of the points, 6"},
		{func(m *Manifest) { m.Design.Scrambles = 7 }, "design.scrambles is 7: must be at most the futures, 6"},
		{func(m *Manifest) { m.Design.Kind, m.Design.Scrambles = "saltelli", 2 }, ""},
		{func(m *Manifest) { m.Design.Kind, m.Design.Scrambles = "saltelli", 4 }, "design.futures is 6: must be a multiple of 12"},
		{func(m *Manifest) { m.Design.Kind, m.Design.Futures = "morris", 0 }, "design.futures is 0: must be a multiple of 2"},
		{func(m *Manifest) { m.Selection = &Selection{Best: 2, EliminatedAt: []int64{0, 0}} }, "selection.best is 2: must be less than the number of choices, 2"},
	} {
		dir := filepath.Join(t.TempDir(), "x")
		if err := write(dir, 1, false, nil); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, ManifestFile)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var m Manifest
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		m.Runs = 12
		m.Design = Design{Kind: "sobol", Points: 6, Replications: 2, Futures: 6, Factors: []string{"a"}}
		c.edit(&m)
		if err := os.WriteFile(path, marshal(m), 0o644); err != nil {
			t.Fatal(err)
		}
		r, err := Open(dir)
		if err == nil {
			r.Close()
		}
		want := path + ": is damaged: " + c.want
		if e := new(Error); c.want == "" && err != nil || c.want != "" && (!errors.As(err, &e) || !strings.HasPrefix(err.Error(), want)) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
