package study

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"math"

	"tripwire/study/record"
)

// The bytes of a unit in a part.

// unitHead is number, bytes that follow, chunks, and bytes of failures; chunkHead is point, first
// replication, replications, lengths of cells and events, and the CRC-32C of those.
const (
	unitHead  = 4 * 8
	chunkHead = 6 * 8
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendUnit appends a batch as a part has it.
func appendUnit(b []byte, number int64, chunks []chunk, failures []record.Failure) []byte {
	start := len(b)
	b = append(b, make([]byte, unitHead)...)
	for i := range chunks {
		b = appendChunk(b, &chunks[i])
	}
	tail := len(b)
	if len(failures) > 0 {
		text, err := json.Marshal(failures)
		if err != nil {
			panic("study: " + err.Error())
		}
		b = append(b, text...)
	}
	for i, n := range [...]int{int(number), len(b) - start - unitHead, len(chunks), len(b) - tail} {
		binary.LittleEndian.PutUint64(b[start+8*i:], uint64(n))
	}
	return b
}

func appendChunk(b []byte, c *chunk) []byte {
	start := len(b)
	b = append(b, make([]byte, chunkHead)...)
	body := len(b)
	b = packCells(b, c.cells)
	cells := len(b) - body
	b = append(b, c.events...)
	for i, n := range [...]int64{
		c.point, c.first, int64(len(c.cells) / len(Measures())), int64(cells), int64(len(c.events)),
		int64(crc32.Checksum(b[body:], castagnoli)),
	} {
		binary.LittleEndian.PutUint64(b[start+8*i:], uint64(n))
	}
	return b
}

// A cell is a byte if it is a small whole number, as most are, or missing; else it has eight more.
const (
	missingCell = 254
	otherCell   = 255
)

// smallCells is the cells of one byte.
var smallCells = func() (t [256]float64) {
	for n := range t {
		t[n] = float64(n)
	}
	t[missingCell] = math.NaN()
	return t
}()

func packCells(b []byte, cells []float64) []byte {
	for _, x := range cells {
		switch n := uint8(x); {
		case x != x:
			b = append(b, missingCell)
		case x >= 0 && x < missingCell && math.Float64bits(float64(n)) == math.Float64bits(x):
			b = append(b, n)
		default:
			b = binary.LittleEndian.AppendUint64(append(b, otherCell), math.Float64bits(x))
		}
	}
	return b
}

func unpackCells(cells []float64, b []byte) []float64 {
	for i := 0; i < len(b); i++ {
		if b[i] != otherCell {
			cells = append(cells, smallCells[b[i]])
			continue
		}
		cells = append(cells, math.Float64frombits(binary.LittleEndian.Uint64(b[i+1:])))
		i += 8
	}
	return cells
}

// field is a number of a head.
func field(head []byte, i int) int64 { return int64(binary.LittleEndian.Uint64(head[8*i:])) }

// bodySize is that of a chunk with such a head.
func bodySize(head []byte) int64 { return field(head, 3) + field(head, 4) }

// unpack makes a chunk of its bytes, head and body, in which its events stay.
func (f *file) unpack(b []byte, to *chunk) error {
	body, cells := b[chunkHead:], field(b, 3)
	if int64(crc32.Checksum(body, castagnoli)) != field(b, 5) {
		return f.parts.Fault(f.name, errors.New("was damaged while the run went on: add --resume to play it again"))
	}
	to.point, to.first = field(b, 0), field(b, 1)
	to.cells, to.events = unpackCells(to.cells[:0], body[:cells]), body[cells:]
	return nil
}
