package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"tripwire/study"
	"tripwire/study/record"
)

// A leftover is what lies in a result folder that is given in the place of a file.
type leftover struct {
	scenario, events string
	shard            record.Shard
	parquet          bool
}

// leftoverIn is what lies in FILE; nil where it is no folder.
func leftoverIn(file string) (*leftover, error) {
	if !isFolder(file) {
		return nil, nil
	}
	if left, there := unfinished(file); there {
		return left, nil
	}
	r, err := record.Open(file)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return &leftover{
		scenario: filepath.Join(file, record.ScenarioFile), events: r.Manifest.Events, parquet: slices.Contains(r.Manifest.Formats, "parquet"),
	}, nil
}

// unfinished says what lies in dir of a run that has not come to its end.
func unfinished(dir string) (*leftover, bool) {
	parts, err := record.OpenParts(dir)
	if err != nil {
		return nil, false
	}
	defer parts.Close()
	o, err := parts.Origin()
	if err != nil || o == nil {
		return nil, false
	}
	return &leftover{parts.Scenario(), o.Events, o.Shard, o.Parquet}, true
}

// options is what of the flags the result depends on.
func (opt *runOptions) options() study.Options {
	return study.Options{Events: opt.events == "all", Parquet: opt.parquet(), Shard: opt.part, Version: version, Revision: revision()}
}

// begun says whether an unfinished run of a study lies in dir.
func (opt *runOptions) begun(s *study.Study, dir string) bool {
	parts, err := record.OpenParts(dir)
	if err != nil {
		return false
	}
	defer parts.Close()
	o, err := parts.Origin()
	return err == nil && o != nil && o.Input == s.File.Hash()
}

// claim decides what becomes of the unfinished work in a folder: it is gone on with, or given up if the
// user says so.
func (opt *runOptions) claim(std *streams, w *record.Writer, s *study.Study, dir string) error {
	o, err := w.Parts().Origin()
	if errors.Is(err, fs.ErrNotExist) || o == nil && err == nil {
		return w.Clear() // there is no work to lose
	} else if err != nil {
		return err
	}
	mine := s.Origin(opt.options())
	anew := "; start anew with --force, or name another folder with -o"
	switch {
	case opt.force:
		return w.Clear()
	case o.Input != mine.Input:
		return output{fmt.Errorf("%s holds an unfinished run of another input (%s)%s", dir, difference(s, w.Parts().Scenario()), anew)}
	case o.Version != mine.Version || o.Revision != mine.Revision || o.Format != mine.Format:
		return output{fmt.Errorf("%s holds an unfinished run of version %s, revision %s, and this is version %s, revision %s: "+
			"the rest might not fit what is there; go on with that tripwire%s", dir, o.Version, o.Revision, mine.Version, mine.Revision, anew)}
	case o.Events != mine.Events:
		return output{fmt.Errorf("%s holds an unfinished run with --events %s: add that%s", dir, o.Events, anew)}
	case o.Shard != mine.Shard && mine.Shard.Of == 0:
		return output{fmt.Errorf("%s holds shard %v of the same input: name another folder with -o, or start anew with --force", dir, o.Shard)}
	case o.Shard != mine.Shard && o.Shard.Of == 0:
		return output{fmt.Errorf("%s holds an unfinished run of the whole: name another folder for a shard with -o", dir)}
	case o.Shard != mine.Shard:
		return output{fmt.Errorf("%s holds shard %v: name another folder for %v with -o", dir, o.Shard, mine.Shard)}
	case !opt.resume:
		return output{fmt.Errorf("%s holds an unfinished run of the same input: go on with --resume, or start anew with --force", dir)}
	}
	return nil
}

// difference names the keys in which a study and the file of another differ.
func difference(s *study.Study, file string) string {
	const most = 10
	theirs, err := load(file, nil)
	if err != nil {
		return "which this tripwire does not read"
	}
	keys := s.File.Differ(theirs.File)
	if more := len(keys) - most; more > 0 {
		keys = append(keys[:most], fmt.Sprintf("and %d more", more))
	}
	return "differs in " + strings.Join(keys, ", ")
}
