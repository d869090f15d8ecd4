package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tripwire/study"
	"tripwire/study/record"
)

// audit is what verify finds out about a result.
type audit struct {
	Dir    string      `json:"-"`
	Files  []fileFound `json:"files"`
	Runs   int64       `json:"runs"`         // of the result
	Again  int         `json:"played_again"` // of them
	Differ []rowFound  `json:"differ"`       // of those
	Passed int         `json:"passed"`       // files and rows
	Failed int         `json:"failed"`
}

// fileFound is a file of the result, and what is wrong with it.
type fileFound struct {
	Name  string `json:"name"`
	OK    bool   `json:"ok"`
	Fault string `json:"fault,omitempty"`
}

// rowFound is a row of runs.csv that comes out otherwise when its run is played again.
type rowFound struct {
	Run   int64       `json:"run"`
	Cells []cellFound `json:"cells"`
}

type cellFound struct {
	Column   string `json:"column"`
	Recorded string `json:"recorded"`
	Again    string `json:"again"`
}

// verifyResult checks the result in dir and plays so many of its runs again.
func verifyResult(ctx context.Context, std *streams, dir string, rerun int64, asJSON bool) error {
	ctx, release := signalled(ctx)
	defer release()
	a := &audit{Dir: dir, Differ: []rowFound{}}
	err := a.find(ctx, rerun)
	if err != nil && a.Failed == 0 {
		return err // there is no result to speak of, or it was interrupted
	}
	var written error
	if asJSON {
		written = writeJSON(std.out, a)
	} else {
		written = a.print(std.out)
	}
	return errors.Join(err, written)
}

// find fills the audit. Its error is what the command fails with.
func (a *audit) find(ctx context.Context, rerun int64) error {
	r, err := record.Inspect(a.Dir, a.file)
	if a.Failed > 0 {
		return a.damaged("")
	} else if err != nil {
		return err
	}
	defer r.Close()
	m := &r.Manifest
	a.Runs = m.Runs
	s, err := load(filepath.Join(a.Dir, record.ScenarioFile), nil)
	switch {
	case err != nil:
		first, _, _ := strings.Cut(err.Error(), "\n")
		a.bad(record.ScenarioFile, errors.New("this tripwire does not read it: "+first))
		return a.damaged(otherVersion(m))
	case s.File.Hash() != m.Input:
		err = errors.New("its input is not that of " + record.ScenarioFile)
	case uint64(s.Scenario.Seed) != m.Seed:
		err = fmt.Errorf("its seed is %d, that of %s %d", m.Seed, record.ScenarioFile, s.Scenario.Seed)
	case m.Stopping == nil && m.Selection == nil && s.Runs() != m.Runs:
		err = fmt.Errorf("it has %d %s, %s %d", m.Runs, record.Noun(m.Runs, "run", "runs"), record.ScenarioFile, s.Runs())
	case m.Runs > s.Runs():
		err = fmt.Errorf("it has %d %s, and %s at most %d", m.Runs, record.Noun(m.Runs, "run", "runs"), record.ScenarioFile, s.Runs())
	}
	a.file(record.ManifestFile, err)
	if err != nil {
		return a.damaged("")
	}
	if err := a.again(ctx, r, s, rerun); err != nil {
		return err
	}
	if len(a.Differ) == 0 {
		return nil
	}
	return mismatch{fmt.Errorf("%s: %d of %d %s played again %s out otherwise%s", a.Dir, len(a.Differ), a.Again, record.Noun(a.Again, "run", "runs"), record.Noun(len(a.Differ), "comes", "come"), otherVersion(m))}
}

// file notes what was found out about a file.
func (a *audit) file(name string, fault error) {
	f := fileFound{Name: name, OK: fault == nil}
	if f.OK {
		a.Passed++
	} else {
		f.Fault = strings.TrimPrefix(fault.Error(), filepath.Join(a.Dir, name)+": ")
		a.Failed++
	}
	a.Files = append(a.Files, f)
}

// bad notes that a file, though its hash is right, is not what it should be.
func (a *audit) bad(name string, fault error) {
	a.Files = slices.DeleteFunc(a.Files, func(f fileFound) bool { return f.Name == name })
	a.Passed--
	a.file(name, fault)
}

func (a *audit) damaged(why string) error {
	return output{fmt.Errorf("%s: %d of %d files are not as they should be%s", a.Dir, a.Failed, len(a.Files), why)}
}

// otherVersion says that another tripwire made a result, if it was.
func otherVersion(m *record.Manifest) string {
	if m.Version == version && m.Revision == revision() {
		return ""
	}
	return fmt.Sprintf(" (made by version %s, revision %s; this is version %s, revision %s)", m.Version, m.Revision, version, revision())
}

// again plays a sample of the runs and compares them with their rows.
func (a *audit) again(ctx context.Context, r *record.Result, s *study.Study, rerun int64) error {
	manifest, err := r.Read(record.ManifestFile)
	if err != nil {
		return err
	}
	encore := s.Encore()
	header := encore.Header()
	rows, err := readRows(filepath.Join(a.Dir, record.RunsFile), sample(sha256.Sum256(manifest), a.Runs, rerun), func(run int64, recorded []byte) error {
		if run < 0 {
			if !bytes.Equal(recorded, header) {
				return errColumns
			}
			return nil
		}
		point, rep := r.Manifest.Design.Run(run)
		row, err := encore.Row(ctx, point, rep)
		if err != nil {
			return err
		}
		a.Again++
		if bytes.Equal(row, recorded) {
			a.Passed++
		} else {
			a.Failed++
			a.Differ = append(a.Differ, rowFound{run, otherCells(header, recorded, row)})
		}
		return nil
	})
	switch {
	case errors.Is(err, errColumns):
		a.bad(record.RunsFile, err)
		return mismatch{fmt.Errorf("%s: the columns of %s %w%s", a.Dir, record.RunsFile, err, otherVersion(&r.Manifest))}
	case err != nil:
		return err
	case rows != a.Runs:
		a.bad(record.RunsFile, fmt.Errorf("has %d %s, and %d %s played", rows, record.Noun(rows, "row", "rows"), a.Runs, record.Noun(a.Runs, "run was", "runs were")))
		return a.damaged("")
	}
	return nil
}

var errColumns = errors.New("are not those of this tripwire")

// sample is up to k of n runs, in order, each as likely as any other; the key fixes them. It is Floyd's
// (Bentley and Floyd, Communications of the ACM 30, 1987).
func sample(key [32]byte, n, k int64) []int64 {
	luck := rand.New(rand.NewChaCha8(key))
	k = min(k, n)
	in, chosen := make(map[int64]bool, k), make([]int64, 0, k)
	for last := n - k; last < n; last++ {
		run := luck.Int64N(last + 1)
		if in[run] {
			run = last
		}
		in[run] = true
		chosen = append(chosen, run)
	}
	slices.Sort(chosen)
	return chosen
}

// readRows calls each for the header of a CSV file, as row -1, and for those of its rows that are wanted, with
// their line feeds. It counts all rows.
func readRows(file string, wanted []int64, each func(row int64, line []byte) error) (rows int64, err error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, output{err}
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 1<<20)
	for row := int64(-1); ; row++ {
		line, err := in.ReadSlice('\n')
		switch {
		case err != nil && err != io.EOF:
			return 0, output{fmt.Errorf("%s: row %d: %w", file, row, err)}
		case len(line) == 0:
			return max(row, 0), nil
		case row < 0:
		case len(wanted) > 0 && wanted[0] == row:
			wanted = wanted[1:]
		default:
			continue
		}
		if err := each(row, line); err != nil {
			return 0, err
		}
	}
}

// otherCells lists the cells in which a row and the row played again differ.
func otherCells(header, recorded, again []byte) []cellFound {
	fields := func(line []byte) []string {
		list, err := csv.NewReader(bytes.NewReader(line)).Read()
		if err != nil {
			return []string{string(line)} // no row of CSV: it differs as a whole
		}
		return list
	}
	names, was, is := fields(header), fields(recorded), fields(again)
	if len(was) != len(is) {
		return []cellFound{{"", strings.TrimSuffix(string(recorded), "\n"), strings.TrimSuffix(string(again), "\n")}}
	}
	var cells []cellFound
	for i := range is {
		if was[i] != is[i] {
			cells = append(cells, cellFound{names[i], was[i], is[i]})
		}
	}
	return cells
}

// print prints the audit as text.
func (a *audit) print(w io.Writer) error {
	var b strings.Builder
	for _, f := range a.Files {
		if f.OK {
			fmt.Fprintf(&b, "ok %s\n", f.Name)
		} else {
			fmt.Fprintf(&b, "FAIL %s %s\n", f.Name, f.Fault)
		}
	}
	const most = 20
	for i, d := range a.Differ {
		if i == most {
			fmt.Fprintf(&b, "FAIL and %d more %s\n", len(a.Differ)-most, record.Noun(len(a.Differ)-most, "run", "runs"))
			break
		}
		fmt.Fprintf(&b, "FAIL run %d %s\n", d.Run, d.words())
	}
	if equal := a.Again - len(a.Differ); equal > 0 {
		fmt.Fprintf(&b, "ok %d of %d %s, played again\n", equal, a.Runs, record.Noun(a.Runs, "run", "runs"))
	}
	fmt.Fprintf(&b, "%d passed, %d failed\n", a.Passed, a.Failed)
	_, err := io.WriteString(w, b.String())
	return err
}

// words says how a row differs.
func (d *rowFound) words() string {
	const most = 3
	var list []string
	for i, c := range d.Cells {
		if i == most {
			list = append(list, fmt.Sprintf("and %d more columns", len(d.Cells)-most))
			break
		}
		list = append(list, strings.TrimLeft(fmt.Sprintf("%s is %q, played again %q", c.Column, c.Recorded, c.Again), " "))
	}
	if len(list) == 0 {
		return "is written in other bytes"
	}
	return strings.Join(list, "; ")
}
