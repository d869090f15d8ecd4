package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tripwire/study/record"
)

// matched is a place: successive design points of A and of B that are compared as one: a chosen point, or all
// sampled futures of a choice. By side.
type matched struct{ from, n [2]int64 }

// A points table as choices, each of which meets the same futures.
type choices struct {
	*Side
	futures int64 // at each choice; 1 where nothing is sampled
	count   int64
	chosen  []string // columns of factors that somebody chose
	sampled []string // of those that the design sampled
}

func (s *Side) choices() choices {
	rows := int64(s.points.Len())
	c := choices{Side: s, futures: max(1, min(s.Manifest.Design.Futures, rows))}
	c.count = rows / c.futures
	for i, f := range s.points.Columns {
		switch {
		case !f.Factor || f.Name == "case":
		case s.Manifest.Design.Futures == 0 || !whole(&s.Manifest.Design) && (!slices.Contains(s.Manifest.Design.Uncertain, f.Title) || c.steps(i)):
			c.chosen = append(c.chosen, f.Name)
		default:
			c.sampled = append(c.sampled, f.Name)
		}
	}
	return c
}

// steps says whether a factor differs between choices and never within one: an uncertainty whose values
// somebody chose.
func (c *choices) steps(column int) bool {
	differs := false
	for row := range c.points.Len() {
		x := c.points.Row(row)[column]
		if x != c.points.Row(row - row%int(c.futures))[column] {
			return false
		}
		differs = differs || x != c.points.Row(0)[column]
	}
	return differs
}

// match finds the places: choices of the same case, or with the same values of all factors that either design
// chooses, where a factor that a design does not vary has the value of its input. Histories are pairs only
// where they met the same luck at the same point, so of a sample in the same future.
func (c *Comparison) match(values [2]func(key string) any) error {
	sides := [2]choices{c.A.choices(), c.B.choices()}
	a, b := &sides[0], &sides[1]
	if a.points.Len() == 1 && b.points.Len() == 1 { // two scenarios, whatever they are
		c.Places, c.places, c.Points = []string{""}, []matched{{n: [2]int64{1, 1}}}, [2]int64{1, 1}
		c.pair(a, b)
		return nil
	}
	var factors []string
	for i, s := range sides {
		for _, name := range s.chosen {
			if slices.Contains(sides[1-i].sampled, name) {
				return &Ask{fmt.Sprintf("the designs cannot be matched: %s is chosen in %s and sampled in %s", s.key(name), s.Name, sides[1-i].Name)}
			}
			if !slices.Contains(factors, name) {
				factors = append(factors, name)
			}
		}
	}
	c.Matched = "factors"
	byCase := a.points.Index("case") >= 0 && b.points.Index("case") >= 0
	var known []string // factors of which the value is known on both sides
	for _, name := range factors {
		missing := slices.IndexFunc(sides[:], func(s choices) bool { return !slices.Contains(s.chosen, name) })
		if missing < 0 {
			known = append(known, name)
			continue
		}
		title, without, with := sides[1-missing].key(name), string("AB"[missing]), string("AB"[1-missing])
		if values[missing] != nil && values[missing](title) != nil {
			known = append(known, name)
		} else if !byCase {
			return &Ask{fmt.Sprintf("the designs cannot be matched: %s is varied in %s alone, and its value in %s is not known", title, sides[1-missing].Name, sides[missing].Name)}
		}
		if !byCase {
			c.Said = append(c.Said, fmt.Sprintf("%s is varied in %s alone: in %s the value of its input counts.", title, with, without))
		}
	}
	value := func(side int, choice int64, name string) string {
		if s := &sides[side]; slices.Contains(s.chosen, name) {
			return s.factor(int(choice*s.futures), name)
		}
		return plainText(values[side](sides[1-side].key(name)))
	}
	text := func(side int, choice int64) string {
		var b strings.Builder
		for _, name := range known {
			b.WriteString(value(side, choice, name) + "\x00")
		}
		return b.String()
	}
	key := text
	if byCase {
		c.Matched = "case"
		key = func(side int, choice int64) string {
			return sides[side].factor(int(choice*sides[side].futures), "case")
		}
	}
	type nth struct {
		key string
		n   int // of the choices that are alike
	}
	in, seen := map[nth]int64{}, [2]map[string]int{{}, {}}
	number := func(side int, choice int64) nth {
		k := key(side, choice)
		seen[side][k]++
		return nth{k, seen[side][k]}
	}
	for choice := range b.count {
		in[number(1, choice)] = choice
	}
	others := 0 // cases of one name with other values
	for choice := range a.count {
		to, ok := in[number(0, choice)]
		if !ok {
			continue
		}
		if byCase && text(0, choice) != text(1, to) {
			others++
		}
		c.Places = append(c.Places, a.describe(choice))
		c.places = append(c.places, matched{[2]int64{choice * a.futures, to * b.futures}, [2]int64{a.futures, b.futures}})
	}
	if len(c.places) == 0 {
		if byCase {
			known, value = []string{"case"}, func(side int, choice int64, name string) string { return key(side, choice) }
		}
		return &Ask{fmt.Sprintf("%s and %s have no design point in common, matched by %s: %s", c.A.Name, c.B.Name, c.Matched, disjoint(&sides, known, value))}
	}
	if others > 0 {
		c.Said = append(c.Said, fmt.Sprintf("Cases of the same name with other values of factors: %s.", Count(others)))
	}
	c.pair(a, b)
	for side, s := range sides {
		for _, p := range c.places {
			c.Points[side] += p.n[side]
		}
		c.Only[side] = int64(s.points.Len()) - c.Points[side]
	}
	return nil
}

// disjoint shows some choices of each side, by the factors that are not one and the same at all of them.
func disjoint(sides *[2]choices, factors []string, value func(side int, choice int64, name string) string) string {
	const most = 3 // choices of a side, and factors of a choice
	var differ []string
	for _, name := range factors {
		first, same := value(0, 0, name), true
		for side := range sides {
			for choice := range sides[side].count {
				same = same && value(side, choice, name) == first
			}
		}
		if !same {
			differ = append(differ, name)
		}
	}
	var text [2]string
	for side := range sides {
		s := &sides[side]
		var met []string
		for choice := int64(0); choice < s.count && len(met) <= most; choice++ {
			var words []string
			for _, name := range differ {
				of := &sides[0]
				if of.points.Index(name) < 0 {
					of = &sides[1]
				}
				words = append(words, of.key(name)+" = "+value(side, choice, name))
			}
			if len(words) > most {
				words = append(words[:most], "…")
			}
			if one := strings.Join(words, ", "); !slices.Contains(met, one) {
				met = append(met, one)
			}
		}
		if len(met) > most {
			met = append(met[:most], "…")
		}
		text[side] = string("AB"[side]) + " has " + strings.Join(met, "; ")
	}
	return text[0] + ". " + text[1]
}

// pair decides whether histories are pairs, and leaves out the futures that one side alone has where they are.
func (c *Comparison) pair(a, b *choices) {
	common := min(a.futures, b.futures)
	same := a.same(b)
	moved := int64(0)
	for _, p := range c.places {
		for k := range common {
			if !same(p.from[0]+k, p.from[1]+k) {
				moved++
			}
		}
	}
	switch da, db := &c.A.Manifest.Design, &c.B.Manifest.Design; {
	case da.Futures == 0 && db.Futures > 0:
		c.Unpaired = fmt.Sprintf("B samples %s and A none, so that B−A is of the inputs too", Plural(db.Futures, "future", "futures"))
	case da.Futures > 0 && db.Futures == 0:
		c.Unpaired = fmt.Sprintf("A samples %s and B none, so that B−A is of the inputs too", Plural(da.Futures, "future", "futures"))
	case moved > 0 && !(sampling(da) == sampling(db) && da.Futures == db.Futures && slices.Equal(a.sampled, b.sampled) && c.A.Manifest.Seed == c.B.Manifest.Seed):
		c.Unpaired = "the sampled futures are not the same"
	case c.A.Manifest.Seed != c.B.Manifest.Seed:
		c.Unpaired = "the seeds are not the same"
	case slices.ContainsFunc(c.places, func(p matched) bool {
		for k := range common {
			if c.A.luck(p.from[0]+k) != c.B.luck(p.from[1]+k) {
				return true
			}
		}
		return false
	}):
		c.Unpaired = "the luck at a point is not the same"
	}
	if c.Unpaired != "" {
		return
	}
	c.Paired = true
	for i := range c.places {
		c.places[i].n = [2]int64{common, common}
	}
	if a.futures > 1 {
		c.Matched += " and future"
	}
	if moved > 0 { // the design put them at the same place: the same quantiles of what is believed
		c.Said = append(c.Said, fmt.Sprintf("At %s of them sampled values differ, because what is believed of them does, or a rule between parameters moved them.", Count(moved)))
	}
}

// same says of a point of each whether it has the same values of all that is sampled.
func (c *choices) same(other *choices) func(mine, others int64) bool {
	if !slices.Equal(slices.Sorted(slices.Values(c.sampled)), slices.Sorted(slices.Values(other.sampled))) {
		return func(int64, int64) bool { return false }
	}
	var columns [][2]int
	for _, name := range c.sampled {
		columns = append(columns, [2]int{c.points.Index(name), other.points.Index(name)})
	}
	return func(mine, others int64) bool {
		row, with := c.points.Row(int(mine)), other.points.Row(int(others))
		for _, at := range columns {
			f, g := &c.points.Columns[at[0]], &other.points.Columns[at[1]]
			if f.Classes == nil && row[at[0]] != with[at[1]] || f.Classes != nil && f.Label(row[at[0]]) != g.Label(with[at[1]]) {
				return false
			}
		}
		return true
	}
}

// whole says whether all factors of a design are sampled.
func whole(d *record.Design) bool {
	return slices.Contains([]string{"latin-hypercube", "sobol", "nolh", "morris", "saltelli"}, d.Kind)
}

// sampling is how a design draws its futures: beside chosen points they are a Latin hypercube.
func sampling(d *record.Design) string {
	if !whole(d) {
		return "latin-hypercube"
	}
	return fmt.Sprint(d.Kind, d.Scrambles)
}

// luck is what the luck of a point's replications depends on beside seed and number.
func (s *Side) luck(point int64) int64 { return Luck(&s.Manifest.Design, point) }

// Luck is what the luck of the replications at a design point depends on beside seed and number: of two
// results of one seed, points where it is the same met the same luck.
func Luck(d *record.Design, point int64) int64 {
	switch {
	case d.OwnLuck:
		return point
	case d.Sharing > 0:
		return point / d.Sharing
	}
	return 0
}

// digits is how many points.csv has of a number.
const digits = 10

func (s *Side) factor(row int, name string) string {
	i := s.points.Index(name)
	return string(record.AppendCell(nil, &s.points.Columns[i], s.points.Row(row)[i], digits))
}

// plainText is a parameter's value as the cell of a factor is written.
func plainText(value any) string {
	switch x := value.(type) {
	case float64:
		return string(record.AppendFloat(nil, x, digits))
	case int64:
		return strconv.FormatInt(x, 10)
	case bool:
		if x {
			return "1"
		}
		return "0"
	}
	return fmt.Sprint(value)
}

func (s *Side) key(name string) string { return s.points.Columns[s.points.Index(name)].Title }

// describe is a choice in words.
func (c *choices) describe(choice int64) string {
	row := int(choice * c.futures)
	switch {
	case c.points.Len() == 1:
		return ""
	case c.points.Index("case") >= 0:
		return c.factor(row, "case")
	case c.count == 1 && len(c.Manifest.Design.Uncertain) > 0:
		return "all sampled futures"
	case c.count == 1:
		return "all sampled points"
	}
	const most = 3
	var words []string
	for _, name := range c.chosen {
		words = append(words, c.key(name)+" = "+c.factor(row, name))
	}
	if len(words) > most {
		words = append(words[:most], "…")
	}
	text := strings.Join(words, ", ")
	if c.futures == 1 {
		text = fmt.Sprintf("point %d: %s", row, text)
	}
	return text
}
