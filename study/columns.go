package study

import (
	"fmt"
	"math"
	"reflect"
	"sync"

	"tripwire/model"
	"tripwire/study/record"
)

// The columns that say which history a row is.
var (
	runColumn   = record.Column{Name: "run_id", Kind: record.Int, Title: "Run", Doc: "number of the run in the whole design, from 0"}
	pointColumn = record.Column{Name: "point", Kind: record.Int, Title: "Design point", Doc: "number of the design point, from 0"}
	repColumn   = record.Column{Name: "rep", Kind: record.Int, Title: "Replication", Doc: "number of the replication at its design point, from 0; with the seed it fixes all luck"}

	historyColumns = []record.Column{runColumn, pointColumn, repColumn}
)

// Measures is the columns of what a history is measured by, derived from the tags of [model.Outcome]
// in its order.
var Measures = sync.OnceValue(func() []record.Column {
	t := reflect.TypeFor[model.Outcome]()
	columns := make([]record.Column, t.NumField())
	for i := range columns {
		columns[i] = newMeasure(t.Field(i))
	}
	return columns
})

func newMeasure(f reflect.StructField) record.Column {
	tag := f.Tag
	c := record.Column{Name: tag.Get("col"), Title: tag.Get("title"), Unit: tag.Get("unit"), Doc: tag.Get("doc")}
	if c.Name == "" {
		panic(fmt.Sprintf("study: model.Outcome.%s has no tag col", f.Name))
	}
	switch k := f.Type.Kind(); {
	case f.Type == reflect.TypeFor[model.Maybe](), k == reflect.Bool:
		c.Kind = record.Bool
	case k == reflect.Float64:
		c.Kind = record.Float
	case k == reflect.Int64:
		c.Kind = record.Int
	case k == reflect.Uint8 && f.Type.Implements(reflect.TypeFor[classed]()):
		c.Kind, c.Classes = record.Class, reflect.Zero(f.Type).Interface().(classed).Classes()
		if c.Classes[0] != "" {
			panic(fmt.Sprintf("study: the first of the classes of model.%v must be \"\", for missing", f.Type))
		}
		c.Classes = c.Classes[1:]
	default:
		panic(fmt.Sprintf("study: model.Outcome.%s is a %v, which cannot be a measure", f.Name, f.Type))
	}
	return c
}

type classed interface{ Classes() []string }

// A reader turns outcomes into cells. Each worker has its own.
type reader struct {
	outcome model.Outcome
	fields  []reflect.Value // of outcome
	columns []record.Column
}

func newReader() *reader {
	r := &reader{columns: Measures()}
	v := reflect.ValueOf(&r.outcome).Elem()
	for i := range r.columns {
		r.fields = append(r.fields, v.Field(i))
	}
	return r
}

// read sets cells to the measures of the outcome. It panics if one is infinite.
func (r *reader) read(cells []float64) {
	for i, f := range r.fields {
		x := math.NaN()
		switch f.Kind() {
		case reflect.Bool:
			x = 0
			if f.Bool() {
				x = 1
			}
		case reflect.Int64:
			x = float64(f.Int())
		case reflect.Uint8:
			if u := f.Uint(); u > 0 {
				x = float64(u - 1)
			}
		default:
			if x = f.Float(); math.IsInf(x, 0) {
				panic(fmt.Sprintf("study: %s is %v", r.columns[i].Name, x))
			}
		}
		cells[i] = x
	}
}

// RunsColumns is the columns of runs.csv of a study without factors.
func RunsColumns() []record.Column { return runsResource(new(plan)).Columns }

// Row is an outcome as cells in the columns of [Measures].
func Row(outcome model.Outcome) []float64 {
	r := newReader()
	r.outcome = outcome
	cells := make([]float64, len(r.columns))
	r.read(cells)
	return cells
}
