package report

import (
	"flag"
	"io"
	"iter"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"testing"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/model"
	"tripwire/study"
	"tripwire/study/record"
)

var summaryRuns = flag.Int("summary-runs", 400_000, "histories of TestSummaryMemoryIsFlat, the fewer of two numbers")

// scattered yields rows in which every measure is there: classes are as likely as one another, and numbers are spread widely
// and mostly new.
func scattered(rows int) iter.Seq2[*record.Table, error] {
	random := rand.New(rand.NewPCG(15, 16))
	columns := study.RunsColumns()
	var cells []float64
	for range 4096 {
		for _, c := range columns {
			switch c.Kind {
			case record.Bool:
				cells = append(cells, float64(random.IntN(2)))
			case record.Class:
				cells = append(cells, float64(random.IntN(len(c.Classes))))
			default:
				cells = append(cells, math.Exp(3*random.NormFloat64()))
			}
		}
	}
	return func(yield func(*record.Table, error) bool) {
		t := record.NewTable(columns)
		for ; rows > 0; rows -= t.Len() {
			t.Clear()
			t.Append(cells[:min(rows, 4096)*len(columns)]...)
			stretch := random.Float64()
			for i := range t.Len() {
				row := t.Row(i)
				for j, c := range columns {
					switch {
					case c.Kind == record.Int:
						row[j] = math.Floor(row[j] * stretch)
					case c.Kind == record.Float:
						row[j] *= stretch
					}
				}
			}
			if !yield(t, nil) {
				return
			}
		}
	}
}

// The memory of a summary of one design point is the same however many histories there are.
func TestSummaryMemoryIsFlat(t *testing.T) {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	peak := func(rows int) (most uint64) {
		look := func() {
			runtime.GC()
			metrics.Read(live)
			most = max(most, live[0].Value.Uint64())
		}
		seen := 0
		chunks := func(yield func(*record.Table, error) bool) {
			for chunk, err := range scattered(rows) {
				if !yield(chunk, err) {
					return
				}
				if seen++; seen%16 == 0 {
					look()
				}
			}
		}
		s, err := read(&record.Manifest{Runs: int64(rows), Design: record.Design{Points: 1}}, new(record.Package), chunks, 0.95)
		if err != nil || s.N[Any] != rows {
			t.Fatalf("%d of %d histories: %v", s.N[Any], rows, err)
		}
		look()
		return most
	}
	some, all := peak(*summaryRuns), peak(2**summaryRuns)
	t.Logf("%d histories: %d MB, %d: %d MB", *summaryRuns, some>>20, 2**summaryRuns, all>>20)
	// Rarer measures pass from values to bins only after the fewer histories; values that are kept would add 45 MB.
	const bound, slack = 64 << 20, 12 << 20
	if all > bound || all > some+slack {
		t.Errorf("the heap of a summary of %d histories is %d MB, of %d %d MB: want no more than %d MB, and no more for more: go test ./report -run TestSummaryMemoryIsFlat -v",
			*summaryRuns, some>>20, 2**summaryRuns, all>>20, bound>>20)
	}
}

var summaryRows = flag.Int("summary-rows", 1_000_000, "histories of BenchmarkSummary")

// repeated is a header and then the same rows again and again.
type repeated struct {
	header, rows, rest []byte
	left               int
}

func (r *repeated) Read(b []byte) (int, error) {
	if len(r.header) > 0 {
		n := copy(b, r.header)
		r.header = r.header[n:]
		return n, nil
	}
	if len(r.rest) == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.rest = r.rows
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// BenchmarkSummary is what a summary of the baseline costs from the bytes of runs.csv on.
func BenchmarkSummary(b *testing.B) {
	loaded, err := study.Load(input.Loader{Embedded: configs.FS}, "baseline", nil)
	if err != nil {
		b.Fatal(err)
	}
	runs := record.Resource{Name: "runs", Columns: study.RunsColumns()}
	var rows []byte
	const histories = 1000
	war := model.New(&loaded.Scenario)
	for rep := range uint64(histories) {
		rows = runs.AppendRow(rows, append([]float64{float64(rep), 0, float64(rep)}, study.Row(war.Play(1, rep))...))
	}
	m := &record.Manifest{Runs: int64(*summaryRows), Design: record.Design{Points: 1}}
	b.SetBytes(int64(len(rows)) * int64(*summaryRows/histories))
	for b.Loop() {
		in := &repeated{header: runs.AppendHeader(nil), rows: rows, left: *summaryRows / histories}
		s, err := read(m, new(record.Package), runs.ReadCSV(in, looked()...), 0.95)
		if err != nil || s.N[Any] != *summaryRows/histories*histories {
			b.Fatalf("%+v: %v", s, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(*summaryRows), "ns/row")
}
