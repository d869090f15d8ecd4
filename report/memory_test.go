package report

import (
	"io"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"slices"
	"testing"

	"tripwire/study"
	"tripwire/study/record"
)

// A made is the runs.csv of a study of several points that nobody played: its rows are made as they are read, all of them of
// one length, and sometimes it looks how large the heap is.
type made struct {
	design record.Design
	runs   record.Resource
	header []byte
	rests  [][]byte // of a row, from the first measure on
	length int      // of a row
	line   []byte
	read   int64  // bytes, since it looked
	most   uint64 // bytes on the heap
}

// newMade has all measures or, where some are named, those.
func newMade(d record.Design, names ...string) *made {
	random := rand.New(rand.NewPCG(17, 18))
	m := &made{design: d}
	m.runs = record.Resource{Name: "runs", Columns: []record.Column{{Name: "run_id", Kind: record.Int}, {Name: "point", Kind: record.Int}, {Name: "rep", Kind: record.Int},
		{Name: "p_a", Title: "a", Kind: record.Int, Factor: true}}}
	measures := record.Resource{Columns: slices.DeleteFunc(slices.Clone(study.Measures()), func(c record.Column) bool {
		return len(names) > 0 && !slices.Contains(names, c.Name)
	})}
	m.runs.Columns = append(m.runs.Columns, measures.Columns...)
	m.header = m.runs.AppendHeader(nil)
	for range 4096 {
		var cells []float64
		for _, c := range measures.Columns {
			switch {
			case c.Name == "invasion_kind": // so that half of the numbers are always there
				cells = append(cells, 0)
			case c.Kind == record.Bool:
				cells = append(cells, float64(random.IntN(2)))
			case c.Kind == record.Class:
				cells = append(cells, float64(random.IntN(len(c.Classes))))
			case c.Kind == record.Int:
				cells = append(cells, math.Floor(math.Exp(3*random.NormFloat64())))
			default:
				cells = append(cells, math.Exp(3*random.NormFloat64()))
			}
		}
		m.rests = append(m.rests, measures.AppendRow(nil, cells))
		m.length = max(m.length, len("0")+madeIndex+len(m.rests[len(m.rests)-1]))
	}
	return m
}

const madeIndex = len(",000000,000000000,0000,") // point, rep and the factor

// appendDigits appends a comma and so many digits of x.
func appendDigits(b []byte, x int64, n int) []byte {
	b = append(b, ",000000000"[:1+n]...)
	for i := len(b) - 1; x > 0; i-- {
		b[i] += byte(x % 10)
		x /= 10
	}
	return b
}

// ReadAt makes the rows; the number of the run, at which nobody looks, fills them up.
func (m *made) ReadAt(b []byte, at int64) (n int, err error) {
	if m.read > m.design.Runs()*int64(m.length)/16 {
		m.read = 0
		m.look()
	}
	if at < int64(len(m.header)) {
		n = copy(b, m.header[at:])
	}
	for n < len(b) {
		row := (at + int64(n) - int64(len(m.header))) / int64(m.length)
		point, rep := m.design.Run(row)
		if point >= m.design.Points {
			return n, io.EOF
		}
		rest := m.rests[(row*2654435761>>7)%int64(len(m.rests))]
		line := m.line[:0]
		for range m.length - madeIndex - len(rest) {
			line = append(line, '0')
		}
		line = appendDigits(appendDigits(appendDigits(line, point, 6), rep, 9), point/m.design.Futures, 4)
		m.line = append(append(line, ','), rest...)
		n += copy(b[n:], m.line[(at+int64(n)-int64(len(m.header)))%int64(m.length):])
	}
	m.read += int64(n)
	return n, nil
}

func (m *made) look() {
	runtime.GC()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	m.most = max(m.most, live[0].Value.Uint64())
}

// hold is the runs of the study, of which fewer are held at once than usual.
func (m *made) hold(t *testing.T, columns ...string) *runs {
	h := newRuns(&m.design, m.open(t, append(columns, "point", "rep")...))
	h.mostCells = 1 << 17
	return h
}

// open opens some columns.
func (m *made) open(t *testing.T, columns ...string) *record.Rows {
	t.Helper()
	rows, err := m.runs.RowsAt(m, columns...)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// The memory of what is told of a study of several points is the same however many histories there are at each.
func TestStudyMemoryIsFlat(t *testing.T) {
	by := func(t *testing.T, m *made) *By {
		b := &By{Manifest: &record.Manifest{Design: m.design}, Level: 0.95, Keys: []string{"a"}, measured: measured{Measure: m.runs.Columns[4]}}
		h := m.hold(t, b.Measure.Name)
		if err := b.read(h, m.open(t, "p_a", "point"), b.Keys, wanted{futures: true}); err != nil {
			t.Fatal(err)
		}
		return b
	}
	list := record.Design{Kind: "list", Points: 6, Futures: 3, Factors: []string{"a", "b"}, Uncertain: []string{"b"}}
	for _, c := range []struct {
		name     string
		design   record.Design
		measures []string
		slack    uint64 // what a value that is kept of each history would be well beyond
		tell     func(t *testing.T, m *made)
	}{
		{"summary", list, nil, 16 << 20, func(t *testing.T, m *made) {
			s, err := readStudy(&record.Manifest{Design: m.design}, new(record.Package), m.hold(t, looked()...), 0.95)
			if err != nil || s.N[Any] != int(m.design.Runs()) {
				t.Fatalf("%d of %d histories: %v", s.N[Any], m.design.Runs(), err)
			}
		}},
		{"by", list, []string{"losses_russia"}, 1 << 20, func(t *testing.T, m *made) {
			if n := by(t, m).Groups[1].Estimate.N; n != int(m.design.Runs()/2) {
				t.Fatalf("%d of %d histories", n, m.design.Runs()/2)
			}
		}},
		{"by point", record.Design{Kind: "list", Points: 4, Futures: 1, Factors: []string{"a"}}, []string{"losses_russia"}, 1 << 20, func(t *testing.T, m *made) {
			if n := by(t, m).Groups[1].Difference.N; n != int(m.design.Replications) {
				t.Fatalf("%d of %d pairs", n, m.design.Replications)
			}
		}},
		{"robustness", list, []string{"losses_russia"}, 1 << 20, func(t *testing.T, m *made) {
			if _, err := newRobust(by(t, m), false, 10); err != nil {
				t.Fatal(err)
			}
		}},
		{"sobol", record.Design{Kind: "saltelli", Points: 16, Futures: 16, Scrambles: 2, Factors: []string{"a", "b"}}, []string{"invaded"}, 1 << 20, func(t *testing.T, m *made) { ask(t, m, "sobol", nil) }},
		{"morris", record.Design{Kind: "morris", Points: 6, Futures: 6, Factors: []string{"a", "b"}}, []string{"invaded"}, 1 << 20, func(t *testing.T, m *made) {
			ask(t, m, "morris", [][]float64{{0, 0}, {1, 0}, {1, 1}, {1, 0}, {1, 1}, {0, 1}})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			peak := func(runs int) uint64 {
				d := c.design
				d.Replications = int64(runs) / d.Points
				m := newMade(d, c.measures...)
				c.tell(t, m)
				return m.most
			}
			n := *summaryRuns / 2
			if c.measures != nil {
				n = *summaryRuns // of one measure, they are quickly read
			}
			some, all := peak(n), peak(2*n)
			t.Logf("%d histories: %.1f MB, %d: %.1f MB", n, float64(some)/(1<<20), 2*n, float64(all)/(1<<20))
			if all > some+c.slack {
				t.Errorf("the heap of %d histories is %d kB, of %d %d kB: want no more for more: go test ./report -run 'TestStudyMemoryIsFlat/%s' -v",
					n, some>>10, 2*n, all>>10, c.name)
			}
		})
	}
}

func ask(t *testing.T, m *made, method string, sample [][]float64) {
	t.Helper()
	s := &Sensitivity{Manifest: &record.Manifest{Design: m.design, Runs: m.design.Runs()}, Method: method, Level: 0.95,
		measured: measured{Measure: record.Column{Name: "invaded", Kind: record.Bool}}, inputs: Inputs{Sample: sample}}
	h := m.hold(t, "invaded")
	if err := s.read(h, h.index("invaded")); err != nil {
		t.Fatal(err)
	}
}
