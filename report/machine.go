package report

import (
	"encoding/json"
	"io"
	"math"

	"tripwire/stats"
	"tripwire/study/record"
)

// number is a float64 that is null in JSON where it is missing or the data set no bound.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return record.AppendFloat(nil, float64(x), 10), nil
}

// writeJSON writes a table as it is for machines.
func writeJSON(w io.Writer, table any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(table)
}

// appendFloats appends cells of a CSV row, each after a comma; what is no number is empty.
func appendFloats(line []byte, xs ...float64) []byte {
	for _, x := range xs {
		if line = append(line, ','); !math.IsNaN(x) && !math.IsInf(x, 0) {
			line = record.AppendFloat(line, x, 10)
		}
	}
	return line
}

// appendTexts appends cells of a CSV row, each before a comma.
func appendTexts(line []byte, texts []string) []byte {
	for _, text := range texts {
		line = append(record.AppendText(line, text), ',')
	}
	return line
}

type estimateJSON struct {
	Value    number   `json:"value"`
	Low      number   `json:"low"`
	High     number   `json:"high"`
	N        int      `json:"n"`
	Method   string   `json:"method"`
	Warnings []string `json:"warnings,omitempty"`
}

func newEstimateJSON(e stats.Estimate) *estimateJSON {
	return &estimateJSON{number(e.Value), number(e.Low), number(e.High), e.N, e.Method, e.Warnings}
}

// barsJSON is both bars of a number: low and high beside it are the run bar's.
type barsJSON struct {
	Run   runJSON    `json:"run"`
	Input *inputJSON `json:"input,omitempty"`
}

type runJSON struct {
	SE           number  `json:"se"` // of the mean; of a quantile that of the share below it
	DF           number  `json:"df"`
	Clusters     int     `json:"clusters"` // independent groups of points
	Replications int     `json:"replications"`
	Futures      number  `json:"variance_share_futures"`
	Luck         number  `json:"variance_share_luck"`
	Rest         number  `json:"variance_share_rest"`
	MoreFutures  number  `json:"half_width_4x_futures"`
	MoreLuck     number  `json:"half_width_4x_replications"`
	Best         *[2]int `json:"best_futures_replications,omitempty"` // for as many histories
}

type inputJSON struct {
	Low      number   `json:"q05"`
	High     number   `json:"q95"`
	SD       number   `json:"sd"`       // of the true values; null of a quantile, which is told by rank
	Noise    number   `json:"noise_sd"` // that the runs at one future add to its value
	Futures  int      `json:"futures"`
	Method   string   `json:"method"`
	Warnings []string `json:"warnings,omitempty"`
}

func (b *Bars) json(e stats.Estimate, share bool) *barsJSON {
	if b == nil {
		return nil
	}
	w := b.Run
	futures, luck, rest := w.Parts()
	scale := e.HalfWidth() / w.HalfWidth() // of a quantile and of the share below it
	out := &barsJSON{Run: runJSON{
		number(w.SE), number(w.DF), w.Rows, w.Columns, number(futures), number(luck), number(rest),
		number(scale * w.HalfWidthAt(4, 1)), number(scale * w.HalfWidthAt(1, 4)), nil,
	}}
	if w.Rows > 1 && w.Columns > 1 && w.SE > 0 && !b.block {
		r, c := w.Best(0)
		out.Run.Best = &[2]int{r, c}
	}
	if in := b.Input; in != nil {
		low, high := b.InputRange(share)
		noise := math.Sqrt(in.Noise)
		if b.ranks != nil {
			noise = math.NaN() // of ranks too
		}
		out.Input = &inputJSON{number(low), number(high), number(b.inputSD()), number(noise), in.Futures, in.Method, in.Warnings}
	}
	return out
}

// cells is both bars for a line of CSV: input_q05, input_q95, input_sd, and the shares of the run bar's variance.
func (b *Bars) cells(share bool) (c [6]float64) {
	for i := range c {
		c[i] = math.NaN()
	}
	if b == nil {
		return c
	}
	c[3], c[4], c[5] = b.Run.Parts()
	if b.Input != nil {
		c[0], c[1] = b.InputRange(share)
		c[2] = b.inputSD()
	}
	return c
}
