package record

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// mixedRow is a row of the table of [mixed]; nil is missing.
type mixedRow struct {
	ID      int64    `parquet:"id"`
	ROE     *string  `parquet:"p_roe,optional"`
	Held    *bool    `parquet:"held,optional"`
	FrontKm *float64 `parquet:"front_km,optional"`
	Outcome *string  `parquet:"outcome,optional"`
}

func toParquet(t *testing.T, r *Resource, csv string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := r.WriteParquet(&b, strings.NewReader(csv)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every cell reads back from Parquet as what it is, missing ones as nulls.
func TestParquet(t *testing.T) {
	r, table := mixed()
	file := toParquet(t, r, mixedCSV)
	rows, err := parquet.Read[mixedRow](bytes.NewReader(file), int64(len(file)))
	if err != nil || len(rows) != table.Len() {
		t.Fatalf("%d rows, want %d: %v", len(rows), table.Len(), err)
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	for i, got := range rows {
		want := table.Row(i)
		roe, outcome := table.Columns[1].Label(want[1]), table.Columns[4].Label(want[4])
		if got.ID != int64(want[0]) || text(got.ROE) != roe || text(got.Outcome) != outcome ||
			(got.Held == nil) != math.IsNaN(want[2]) || got.Held != nil && *got.Held != (want[2] == 1) ||
			(got.FrontKm == nil) != math.IsNaN(want[3]) || got.FrontKm != nil && *got.FrontKm != want[3] {
			t.Errorf("row %d reads back as %+v, want %v", i, got, want)
		}
	}
}

// The columns stand in the order of the CSV, typed, and the metadata says what they are.
func TestParquetSchema(t *testing.T) {
	r, _ := mixed()
	file := toParquet(t, r, mixedCSV)
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	const want = `message runs {
	required int64 id (INT(64,true));
	optional binary p_roe (STRING);
	optional boolean held;
	optional double front_km;
	optional binary outcome (STRING);
}`
	if got := f.Schema().String(); got != want {
		t.Errorf("the schema is\n%s\nwant\n%s", got, want)
	}
	for key, want := range map[string]string{
		"description": "a row a run", "front_km.title": "Front", "front_km.unit": "km", "held.description": "it <held> & stood", "id.title": "Run",
	} {
		if got, _ := f.Lookup(key); got != want {
			t.Errorf("metadata %s is %q, want %q", key, got, want)
		}
	}
	if by := f.Metadata().CreatedBy; strings.Contains(by, "parquet-go") || !strings.HasPrefix(by, "tripwire ") {
		t.Errorf("created by %q, want what does not change with the library's version", by)
	}
}

// manyRows is a CSV of so many rows, and what it is one of.
func manyRows(n int) (*Resource, string) {
	r, _ := mixed()
	b := r.AppendHeader(nil)
	for i := range n {
		b = fmt.Appendf(b, "%d,R%d,%d,%d.25,lost\n", i, i%5, i%2, i%1000)
	}
	return r, string(b)
}

// The bytes are pinned: they depend on nothing but the rows. They may change with the library's version, which
// CHANGELOG.md then says, but never with the machine.
func TestParquetBytes(t *testing.T) {
	r, csv := manyRows(groupRows + pageRows + 1)
	const want = "e99dcdf0185d9b7df8fdc1659b8c2855b55c1aaf0e6a9923102540b3f392b736"
	if got := fmt.Sprintf("%x", sha256.Sum256(toParquet(t, r, csv))); got != want {
		t.Errorf("SHA-256 %s, want %s", got, want)
	}
}

// Row groups have a fixed size, whatever the number of rows.
func TestParquetRowGroups(t *testing.T) {
	for _, n := range []int{0, 1, pageRows, groupRows, groupRows + 1} {
		r, csv := manyRows(n)
		file := toParquet(t, r, csv)
		f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		left := int64(n)
		for _, group := range f.RowGroups() {
			if want := min(left, groupRows); group.NumRows() != want {
				t.Errorf("of %d rows a row group has %d, want %d", n, group.NumRows(), want)
			}
			left -= group.NumRows()
		}
		if left != 0 {
			t.Errorf("%d of %d rows are missing", left, n)
		}
	}
}

func TestParquetFaults(t *testing.T) {
	r, _ := mixed()
	header := string(r.AppendHeader(nil))
	for in, want := range map[string]string{
		"id\n":                         "runs.csv:1: the header is not the one that datapackage.json describes",
		header + ",R1,1,2.0,lost\n":    `runs.csv:2: id: "" is no int`,
		header + "1,R1,2,2.0,lost\n":   `runs.csv:2: held: "2" is no bool`,
		header + "1,R1,1,2.0\n":        "runs.csv:2: the row has not 5 fields",
		header + "1,R1,1,2.0,lost\n,,": "runs.csv:3: the row has no end",
	} {
		if err := r.WriteParquet(new(bytes.Buffer), strings.NewReader(in)); err == nil || err.Error() != want {
			t.Errorf("of %q came %v, want %s", in, err, want)
		}
	}
}

// longCSV makes rows, each with a text that no other has, and looks at the heap between row groups.
type longCSV struct {
	rows, made int
	line       []byte
	heap       []uint64 // in use after each row group
}

func (l *longCSV) Read(p []byte) (int, error) {
	if len(l.line) == 0 {
		if l.made == l.rows {
			return 0, io.EOF
		}
		if l.made++; l.made%groupRows == 0 {
			var m runtime.MemStats
			for range 3 { // what a sync.Pool holds outlives two collections
				runtime.GC()
			}
			runtime.ReadMemStats(&m)
			l.heap = append(l.heap, m.HeapAlloc)
		}
		l.line = fmt.Appendf(l.line[:0], "%d,no other row has the text %d,,,\n", l.made, l.made)
	}
	n := copy(p, l.line)
	l.line = l.line[n:]
	return n, nil
}

// Memory does not grow with the number of rows, nor with the number of texts.
func TestParquetMemory(t *testing.T) {
	r, _ := mixed()
	l := &longCSV{rows: 4 * groupRows, line: r.AppendHeader(nil)}
	if err := r.WriteParquet(io.Discard, l); err != nil {
		t.Fatal(err)
	}
	if first, last := l.heap[0], l.heap[len(l.heap)-1]; float64(last) > 1.3*float64(first) {
		t.Errorf("%d bytes are in use after a row group, %d after %d of them", first, last, len(l.heap))
	}
}

func BenchmarkWriteParquet(b *testing.B) {
	r, csv := manyRows(groupRows)
	var out bytes.Buffer
	for b.Loop() {
		out.Reset()
		if err := r.WriteParquet(&out, strings.NewReader(csv)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/groupRows, "ns/row")
	b.ReportMetric(float64(out.Len())/groupRows, "B/row")
}
