package report

import (
	"encoding/json"
	"io"
	"math"
	"strconv"

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

type rowJSON struct {
	Measure   string   `json:"measure"`
	Class     string   `json:"class,omitempty"`
	AtLeast   int64    `json:"at_least,omitempty"`
	Given     string   `json:"given,omitempty"`
	Statistic string   `json:"statistic"`
	WithinD   float64  `json:"within_d,omitempty"`
	Unit      string   `json:"unit,omitempty"`
	Value     number   `json:"value"`
	Low       number   `json:"low"`
	High      number   `json:"high"`
	N         int      `json:"n"`
	Method    string   `json:"method"`
	Warnings  []string `json:"warnings,omitempty"`
}

type summaryJSON struct {
	Title    string           `json:"title,omitempty"`
	Question string           `json:"question,omitempty"`
	Level    float64          `json:"level"`
	Caution  string           `json:"caution"`
	Manifest *record.Manifest `json:"manifest"`
	Verdicts []verdictJSON    `json:"expectations,omitempty"`
	Rows     []rowJSON        `json:"estimates"`
}

// JSON writes the summary as one JSON object: the manifest, and an object an estimate.
func (s *Summary) JSON(w io.Writer) error {
	out := summaryJSON{Title: s.Title, Question: s.Question, Level: s.Level, Caution: s.caution(), Manifest: s.Manifest, Verdicts: s.Verdicts.json(), Rows: []rowJSON{}}
	for _, r := range s.Rows {
		out.Rows = append(out.Rows, rowJSON{
			Measure: r.Measure, Class: r.Class, AtLeast: r.Least, Given: r.Given.String(), Statistic: r.Statistic,
			WithinD: r.Days, Unit: r.Unit, Value: number(r.Value), Low: number(r.Low), High: number(r.High),
			N: r.N, Method: r.Method, Warnings: r.Warnings,
		})
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// CSV writes a row an estimate.
func (s *Summary) CSV(w io.Writer) error {
	b := []byte("measure,class,at_least,given,statistic,within_d,unit,value,low,high,level,n,method\n")
	float := func(x float64) {
		if b = append(b, ','); !math.IsNaN(x) && !math.IsInf(x, 0) {
			b = record.AppendFloat(b, x, 10)
		}
	}
	text := func(s string) { b = record.AppendText(append(b, ','), s) }
	for _, r := range s.Rows {
		b = record.AppendText(b, r.Measure)
		text(r.Class)
		if b = append(b, ','); r.Least != 0 {
			b = strconv.AppendInt(b, r.Least, 10)
		}
		text(r.Given.String())
		text(r.Statistic)
		if b = append(b, ','); r.Days != 0 {
			b = strconv.AppendFloat(b, r.Days, 'f', -1, 64)
		}
		text(r.Unit)
		float(r.Value)
		float(r.Low)
		float(r.High)
		float(r.Level)
		b = strconv.AppendInt(append(b, ','), int64(r.N), 10)
		text(r.Method)
		b = append(b, '\n')
	}
	_, err := w.Write(b)
	return err
}
