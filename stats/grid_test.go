package stats

import "fmt"

// A Grid keeps the cells that it shows to a [Crossed]: of the runs that count, the sum and the number.
type Grid struct {
	Rows, Columns int
	Sum, N        []float64 // by row, then by column
	Own           bool      // replication k meets luck of its own at every future, not the same at all
}

// NewGrid is a grid in which nothing counts yet.
func NewGrid(rows, columns int, own bool) *Grid {
	if rows < 1 || columns < 1 {
		panic(fmt.Sprintf("stats: NewGrid: %d rows of %d columns", rows, columns))
	}
	return &Grid{Rows: rows, Columns: columns, Own: own, Sum: make([]float64, rows*columns), N: make([]float64, rows*columns)}
}

// Add counts a run with value x.
func (g *Grid) Add(row, column int, x float64) {
	i := row*g.Columns + column
	g.Sum[i] += x
	g.N[i]++
}

func (g *Grid) Mean(level float64) TwoWay  { return g.crossed(false).Mean(level) }
func (g *Grid) Share(level float64) TwoWay { return g.crossed(false).Share(level) }
func (g *Grid) Spread() Spread             { return g.crossed(true).Spread() }

// crossed shows the cells.
func (g *Grid) crossed(spread bool) *Crossed {
	c := NewCrossed(g.Rows, g.Own, spread)
	for i, n := range g.N {
		c.add(i/g.Columns, g.Sum[i], n)
	}
	c.Again()
	for column := range g.Columns {
		for row := range g.Rows {
			i := row*g.Columns + column
			c.add(row, g.Sum[i], g.N[i])
		}
		c.EndColumn()
	}
	c.Rows, c.Columns = g.Rows, g.Columns
	return c
}
