package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// readShard reads I/N of --shard; the zero shard is the whole run.
func readShard(text string) (record.Shard, error) {
	var s record.Shard
	if text == "" {
		return s, nil
	}
	_, err := fmt.Sscanf(text, "%d/%d", &s.Number, &s.Of)
	if err != nil || s.String() != text || s.Number < 1 || s.Number > s.Of {
		return s, usagef("--shard %s: must be I/N with I from 1 to N, such as 3/8", text)
	}
	return s, nil
}

// shardFolder is where a shard goes that is given no folder: beside the others, so that one * names them all.
func shardFolder(result string, s record.Shard) string {
	return filepath.Join(result+"-shards", fmt.Sprintf("%d-of-%d", s.Number, s.Of))
}

// runShard plays a shard, if it is not there whole.
func (opt *runOptions) runShard(ctx context.Context, std *streams, meter *meter, s *study.Study, dir string) error {
	if !s.Fixed() {
		return usagef("--shard %v: %s decides by all its histories how long to go on, and a shard knows only its own: run it whole, or without until and [study.select]",
			opt.part, s.File.Name)
	}
	if units := s.Units(); opt.part.Of > units {
		return usagef("--shard %v: %s has %s: N must be at most that", opt.part, s.File.Name, report.Plural(units, "unit of work", "units of work"))
	}
	whole, err := opt.wholeShard(ctx, s, dir)
	if err != nil {
		return err
	}
	if !whole {
		if err := opt.play(ctx, std, meter, s, dir); err != nil && !errors.As(err, new(*study.Failed)) {
			return err
		}
	}
	return opt.printShard(ctx, std, dir)
}

// wholeShard says whether all of the shard lies in dir already.
func (opt *runOptions) wholeShard(ctx context.Context, s *study.Study, dir string) (bool, error) {
	if r, err := record.Open(dir); err == nil {
		return false, errors.Join(r.Close(), output{fmt.Errorf("%s holds a finished result: name another folder for a shard with -o", dir)})
	} else if !errors.Is(err, record.ErrUnfinished) {
		return false, err
	}
	parts, err := record.OpenParts(dir)
	if errors.Is(err, record.ErrUnfinished) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	defer parts.Close()
	o, err := parts.Origin()
	mine := s.Origin(opt.options())
	if err != nil || o == nil || opt.force || !o.Fits(mine) || o.Shard != mine.Shard {
		return false, err
	}
	p, err := s.Survey(ctx, parts, *o)
	return p.Done == p.Runs, err
}

// printShard says what lies in dir of a shard, which is no result.
func (opt *runOptions) printShard(ctx context.Context, std *streams, dir string) error {
	s, err := stateOf(ctx, std, dir)
	if err != nil {
		return err
	}
	if opt.form.json {
		err = writeJSON(std.out, s)
	} else {
		s.print(std)
	}
	if err == nil && s.Failed > 0 {
		err = &study.Failed{Failed: s.Failed, Runs: s.Done}
	}
	return err
}

// missing says which shards a merge has to wait for, and what to type to play just those.
func missing(std *streams, m *study.Missing, from []*record.Parts, origins []*record.Origin) error {
	of := int64(1)
	for _, o := range origins {
		of = max(of, o.Shard.Of)
	}
	source := from[0].Dir()
	text := fmt.Sprintf("%s of %s %s missing", report.Count(m.Runs), report.Plural(m.Of, "history", "histories"), record.Noun(m.Runs, "is", "are"))
	if of == 1 {
		return stopped{fmt.Errorf("%s, and nothing was written; play them: %s run %s --resume", text, std.program, quote(source))}
	}
	named := func(i int64) string { return fmt.Sprintf("%d-of-%d", i, of) }
	parent := filepath.Dir(source)
	there := map[int64]string{}
	for i, o := range origins {
		if o.Shard.Of != of {
			continue
		}
		there[o.Shard.Number] = from[i].Dir()
		if parent = filepath.Dir(from[i].Dir()); filepath.Base(from[i].Dir()) == fmt.Sprint(o.Shard.Number) {
			named = func(i int64) string { return fmt.Sprint(i) }
		}
	}
	command := func(shard, folder string) string {
		return fmt.Sprintf("%s run %s --shard %s/%d --resume -o %s", std.program, quote(source), shard, of, folder)
	}
	shards := m.Shards(of)
	var commands []string
	regular := true // folders differ in their numbers alone
	for _, i := range shards {
		folder := filepath.Join(parent, named(i))
		if dir, ok := there[i]; ok {
			regular, folder = regular && filepath.Clean(dir) == folder, dir
		}
		commands = append(commands, command(fmt.Sprint(i), quote(folder)))
	}
	if regular && len(shards) > 1 {
		var list []string
		for _, r := range strings.Split(study.Ranges(shards), ",") {
			if first, last, ok := strings.Cut(r, "-"); ok {
				r = fmt.Sprintf("$(seq %s %s)", first, last)
			}
			list = append(list, r)
		}
		folder := quote(parent) + "/" + strings.Replace(named(0), "0", "$i", 1)
		commands = []string{fmt.Sprintf("for i in %s; do %s; done", strings.Join(list, " "), command("$i", folder))}
	}
	return stopped{fmt.Errorf("%s, and nothing was written\nmissing shards: %s of %d\nplay them: %s",
		text, study.Ranges(shards), of, strings.Join(commands, "\n  "))}
}
