package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"tripwire/stats"
	"tripwire/study/record"
)

// An Ask is a question that a result cannot answer, and why: the mistake of whoever asks.
type Ask struct{ Message string }

func (a *Ask) Error() string { return a.Message }

// By is one measure of a study, group by group of its design points.
type By struct {
	Manifest *record.Manifest
	Title    string
	Question string
	Level    float64
	Keys     []string // that make the groups
	measured
	Groups   []Group
	Unpaired string // why there are no differences; "" where there are
	Verdicts Verdicts
}

// Group is the design points that have the same values of the keys.
type Group struct {
	Values     []string // of the keys
	Points     int
	Histories  int // that came to an end
	Estimate   stats.Estimate
	*Bars              // nil where the group is one point: then the interval is luck's
	Difference *Change // from the first group; nil for the first, and where the groups cannot be paired

	points []int64  // their numbers
	others []string // of each: the factors that make no group

	gathered
}

// Change is what separates a group from the first under the same luck.
type Change struct {
	stats.Estimate
	P                 float64 // of no difference
	Adjusted          float64 // the same, by Holm's method for as many comparisons as there are groups
	VarianceReduction float64 // histories saved by the common luck
}

// ReadBy groups the points of a result by keys: of factors ("coalition.troops", or the column's name),
// "case" or "point". The measure is a column of runs.csv, with =CLASS if it has classes. An error may
// be an [*Ask]. Memory grows with the points, and not with the histories.
func ReadBy(r *record.Result, keys []string, measure string, level float64) (*By, error) {
	return readBy(r, keys, measure, level, wanted{})
}

func readBy(r *record.Result, keys []string, measure string, level float64, want wanted) (*By, error) {
	b := &By{Manifest: &r.Manifest, Title: r.Package.Title, Question: r.Package.Doc, Level: level}
	runs := r.Package.Resource("runs")
	if runs == nil {
		return nil, &Ask{"the result has no runs"}
	}
	if err := b.keys(runs.Columns, keys); err != nil {
		return nil, err
	}
	if _, err := b.find(runs.Columns, measure); err != nil {
		return nil, err
	}
	columns := []string{b.Measure.Name}
	if b.Manifest.Failed > 0 && b.Measure.Name != "outcome" { // which only a failed history lacks
		columns = append(columns, "outcome")
	}
	h, err := openRuns(r, columns...)
	if err != nil {
		return nil, err
	}
	defer h.close()
	heads, err := r.Rows("runs", append(factorNames(runs.Columns), "point")...)
	if err != nil {
		return nil, err
	}
	defer heads.Close()
	return b, b.read(h, heads, keys, want)
}

// factorNames is the names of the columns that a design varies.
func factorNames(columns []record.Column) (names []string) {
	for _, c := range columns {
		if c.Factor {
			names = append(names, c.Name)
		}
	}
	return names
}

// read reads the groups, whose keys and measure are known; heads has the factors.
func (b *By) read(h *runs, heads *record.Rows, keys []string, want wanted) error {
	failed, ended := map[int64]int{}, h.index("outcome")
	err := h.each(func(point, _ int, row []float64) {
		if ended >= 0 && math.IsNaN(row[ended]) {
			failed[int64(point)]++
		}
	})
	if err != nil {
		return err
	}
	if err := b.group(h, heads, keys); err != nil {
		return err
	}
	for i := range b.Groups {
		b.Groups[i].ended(b.Manifest, failed)
	}
	at := h.index(b.Measure.Name)
	return b.gather(want, func(show func(rep int, value func(point int64) (x float64, played bool))) error {
		return h.inStep(func(rep int, row func(point int) []float64) {
			show(rep, func(point int64) (float64, bool) {
				if cells := row(int(point)); cells != nil {
					return b.value(cells[at]), true
				}
				return math.NaN(), false
			})
		})
	})
}

// keyColumn is where a key of groups stands; -1 where it does not.
func keyColumn(columns []record.Column, key string) int {
	return slices.IndexFunc(columns, func(c record.Column) bool {
		return c.Factor && (c.Name == key || c.Title == key) || c.Name == "point" && key == "point"
	})
}

// keys finds the keys.
func (b *By) keys(columns []record.Column, keys []string) error {
	for _, key := range keys {
		i := keyColumn(columns, key)
		if i < 0 {
			names := []string{"point"}
			for _, c := range columns {
				if c.Name == "case" {
					names = append(names, "case")
				} else if c.Factor {
					names = append(names, c.Title)
				}
			}
			const most = 12
			if len(names) > most {
				names = append(names[:most], "...")
			}
			return &Ask{fmt.Sprintf("--by %s: the design does not vary it; what it varies: %s", key, strings.Join(names, ", "))}
		}
		name := columns[i].Title
		if columns[i].Name == "case" || columns[i].Name == "point" {
			name = columns[i].Name
		}
		b.Keys = append(b.Keys, name)
	}
	return nil
}

// ended counts the histories of the group, without those that failed.
func (g *Group) ended(m *record.Manifest, failed map[int64]int) {
	g.Histories = 0
	for _, point := range g.points {
		g.Histories += int(m.Design.At(point)) - failed[point]
	}
}

func bits(row []float64, at []int) string {
	b := make([]byte, 0, 8*len(at))
	for _, i := range at {
		b = fmt.Appendf(b, "%x,", math.Float64bits(row[i]))
	}
	return string(b)
}

// group puts the points into groups.
func (b *By) group(h *runs, heads *record.Rows, keys []string) error {
	var keyed, other []int // columns
	for _, key := range b.Keys {
		keyed = append(keyed, keyColumn(heads.Columns, key))
	}
	for i, c := range heads.Columns {
		if c.Factor && c.Name != "case" && !slices.Contains(keyed, i) &&
			(!slices.Contains(keys, "case") || slices.Contains(b.Manifest.Design.Uncertain, c.Title)) {
			other = append(other, i)
		}
	}
	groups := map[string]int{} // by the bits of the keys' cells
	return h.heads(heads, func(point int, row []float64) {
		key := bits(row, keyed)
		i, ok := groups[key]
		if !ok {
			i = len(b.Groups)
			groups[key] = i
			var values []string
			for _, k := range keyed {
				values = append(values, string(record.AppendCell(nil, &heads.Columns[k], row[k], 6)))
			}
			b.Groups = append(b.Groups, Group{Values: values})
		}
		g := &b.Groups[i]
		g.Points++
		g.points = append(g.points, int64(point))
		g.others = append(g.others, bits(row, other))
	})
}

// estimate makes the table of what was gathered.
func (b *By) estimate() {
	var p []float64
	for i := range b.Groups {
		g := &b.Groups[i]
		b.level(g)
		if b.paired(i) {
			g.Difference = b.change(g)
			p = append(p, g.Difference.P)
		}
	}
	for i, adjusted := range stats.Holm(p) {
		b.Groups[1+i].Difference.Adjusted = adjusted
	}
}

// unpaired says why no group can be compared with the first, point by point and history by history.
func (b *By) unpaired() string {
	if len(b.Groups) < 2 {
		return ""
	}
	if b.Manifest.Design.OwnLuck {
		return "No differences: every point had luck of its own (common_luck = false)."
	}
	if b.Manifest.Design.Sharing > 0 {
		return "No differences: luck is shared within a scrambling or trajectory only."
	}
	first := &b.Groups[0]
	for i := range b.Groups {
		g := &b.Groups[i]
		if g.Points != first.Points || g.Points > 1 && !slices.Equal(g.others, first.others) {
			return "No differences: the groups do not hold the same values of the other factors."
		}
	}
	return ""
}

// inputs says whether the groups have input bars.
func (b *By) inputs() bool {
	return slices.ContainsFunc(b.Groups, func(g Group) bool { return g.Bars != nil && g.Input != nil })
}

// possible cuts an interval to what the mean of a measure can be: none is below 0 in any history.
func (m *measured) possible(e stats.Estimate) stats.Estimate {
	if m.share() {
		return e.Within(0, 1)
	}
	return e.Within(0, math.Inf(1))
}
