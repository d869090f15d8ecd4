package viewer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/study/record"
)

// A shelf is the results that have been opened.
type shelf struct {
	root    *os.Root
	mu      sync.Mutex
	entries map[string]*entry
}

// An entry is one result. Who holds its turn may use what is below it: a result is read by one at a time.
type entry struct {
	name string
	turn chan struct{}

	result  *record.Result // nil until it is asked for
	stamp   string         // of its files when it was opened
	summary *report.Summary
	table   *report.By
	ranking *report.Ranking // of a study that looked for the best; else nil
	drawn   map[string]*figure.Figure
	page    []byte // its report
}

// partsDir is where a run that is not finished keeps what it has.
const partsDir = ".tripwire"

// plain says whether a name is that of a folder on the shelf.
func plain(name string) bool {
	return fs.ValidPath(name) && !strings.ContainsAny(name, `/\`) && !strings.HasPrefix(name, ".")
}

func (s *shelf) entry(name string) (*entry, error) {
	info, err := fs.Stat(s.root.FS(), name)
	if !plain(name) || errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return nil, &problem{http.StatusNotFound, "There is no such study."}
	} else if err != nil {
		return nil, &problem{http.StatusNotFound, "This folder cannot be entered: it may lead out of the folder of the results, and is not followed."}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.entries[name]
	if e == nil {
		e = &entry{name: name, turn: make(chan struct{}, 1)}
		s.entries[name] = e
	}
	return e, nil
}

// open makes the entry that of the result as it is now.
func (s *shelf) open(e *entry) error {
	if e.result != nil {
		if e.stamp == s.stamp(e.name, e.result) {
			return nil
		}
		e.result.Close()
		e.result = nil
	}
	r, err := record.OpenIn(s.root, e.name)
	if errors.Is(err, record.ErrUnfinished) {
		return &problem{http.StatusConflict, s.unfinished(e.name)}
	} else if err != nil {
		return err
	}
	e.result, e.stamp, e.summary, e.table, e.drawn, e.page = r, s.stamp(e.name, r), nil, nil, map[string]*figure.Figure{}, nil
	return nil
}

// unfinished says what a folder is in which there is no finished result.
func (s *shelf) unfinished(name string) string {
	if _, err := s.root.Stat(path.Join(name, partsDir)); err == nil {
		return fmt.Sprintf("This study has no result yet: it is being run, or was cut short. In the folder of the results, tripwire run %s --resume goes on with it.", name)
	}
	return "This folder holds no result."
}

// stamp tells whether a file was written since.
func (s *shelf) stamp(name string, r *record.Result) string {
	var b strings.Builder
	for _, file := range append(slices.Sorted(maps.Keys(r.Manifest.Files)), "manifest.json") {
		if info, err := s.root.Stat(path.Join(name, file)); err == nil {
			fmt.Fprintln(&b, info.Size(), info.ModTime().UnixNano())
		} else {
			fmt.Fprintln(&b, err)
		}
	}
	return b.String()
}

// with does work on results that takes a while, or gives up waiting for it. Work that was given up comes to its end all the
// same, and what it leaves in the entries serves who asks next: so it may not touch the response.
func (v *viewer) with(r *http.Request, work func(...*entry) error, names ...string) error {
	ctx, cancel := context.WithTimeout(r.Context(), v.patience)
	defer cancel()
	var entries []*entry
	for _, name := range names {
		if v.Only != "" && name != v.Only {
			return &problem{http.StatusNotFound, "There is no such study."}
		}
		e, err := v.shelf.entry(name)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	var held []chan struct{}
	release := func() {
		for _, c := range held {
			<-c
		}
	}
	take := func(c chan struct{}) error {
		select {
		case c <- struct{}{}:
			held = append(held, c)
			return nil
		case <-ctx.Done():
			release()
			return ctx.Err()
		}
	}
	// All take their turns in the same order, so that no two wait for each other.
	for _, name := range slices.Compact(slices.Sorted(slices.Values(names))) {
		if err := take(entries[slices.Index(names, name)].turn); err != nil {
			return err
		}
	}
	if err := take(v.hands); err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		defer release()
		done <- v.do(entries, work)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (v *viewer) do(entries []*entry, work func(...*entry) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	for _, e := range entries {
		if err := v.shelf.open(e); err != nil {
			return err
		}
	}
	return work(entries...)
}
