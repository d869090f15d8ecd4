package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tripwire/input"
	"tripwire/report"
	"tripwire/study"
	"tripwire/study/record"
)

// What whoever has read an answer, or an error, can type next.

// steps is advice in the making.
type steps struct {
	program string
	list    []report.Advice
}

func (s *steps) add(what, format string, args ...any) {
	s.list = append(s.list, report.Advice{Command: s.program + " " + fmt.Sprintf(format, args...), For: what})
}

// advice is what to type after a summary.
func advice(std *streams, s *report.Summary, file, dir string) []report.Advice {
	next := steps{program: std.program}
	for _, e := range s.Examples {
		if e.Class != "terms-refused" || len(s.Examples) == 1 {
			next.add("how one history came to "+e.Class, "trace %s --rep %d", quote(dir), e.Rep)
			break
		}
	}
	next.add("what led to each outcome, and which gate held the American answer back", "why %s", quote(dir))
	next.add("all of it as one page with figures", "report %s", quote(dir))
	if now, err := load(file, nil); err == nil {
		if p, ok := now.File.Get("coalition.roe"); ok {
			other := "R3"
			if p.Value == `"R3"` {
				other = "R1"
			}
			next.add("the same luck under other rules of engagement", "run %s --set coalition.roe=%s -o %s", quote(file), other, quote(dir+"-"+strings.ToLower(other)))
		}
	}
	if n := s.Manifest.Design.Replications; s.Manifest.Stopping == nil && n <= study.MaxRuns/4 {
		next.add("intervals half as wide", "run %s -n %d -o %s", quote(file), 4*n, quote(fmt.Sprintf("%s-%d", dir, 4*n)))
	}
	next.add("what can be set, and on what it rests", "params 'coalition.*'")
	return next.list
}

// rankingAdvice is what to type after a ranking.
func rankingAdvice(std *streams, r *record.Result, dir string) []report.Advice {
	d, best := &r.Manifest.Design, max(0, r.Manifest.Selection.Best)
	next := steps{program: std.program}
	next.add("another measure, choice by choice", "summary %s --by %s --measure invaded", quote(dir), strings.Join(defaultBy(d), ","))
	next.add("one history at the best choice", "trace %s --point %d --rep 0", quote(dir), best*max(1, d.Futures))
	return next.list
}

// studyAdvice is what to type after the table of a study.
func studyAdvice(std *streams, d *record.Design, dir string) []report.Advice {
	next := steps{program: std.program}
	futures := len(d.Uncertain) > 0 && d.Futures > 0
	if choices := d.Futures < d.Points; choices {
		next.add("another measure, group by group", "summary %s --by %s --measure invaded", quote(dir), strings.Join(defaultBy(d), ","))
		if futures {
			next.add("how each choice does at its worst future, and what it gives away", "summary %s --robustness", quote(dir))
		}
	}
	if report.MethodFor(d) != "" {
		next.add("which inputs matter, or where it fails", "sensitivity %s", quote(dir))
	}
	next.add("one history at the last point", "trace %s --point %d --rep 0", quote(dir), d.Points-1)
	return next.list
}

// whatNext adds to the error of a folder without a finished result what makes one of what lies there.
func whatNext(std *streams, err error) error {
	var at *record.Error
	if !errors.Is(err, record.ErrUnfinished) || !errors.As(err, &at) {
		return err
	}
	dir := filepath.Clean(at.Path)
	parts, opened := record.OpenParts(dir)
	if opened != nil {
		if near := resultLike(dir); near != "" {
			return fmt.Errorf("%w (did you mean %s?)", err, near)
		}
		return err
	}
	defer parts.Close()
	_, running := parts.Running()
	left, there := unfinished(dir)
	switch {
	case running:
		return fmt.Errorf("%w: it is being played; to see how far it is: %s status %s", err, std.program, quote(dir))
	case there && left.shard.Of > 0:
		return fmt.Errorf("%w: it holds shard %v; unite the shards: %s merge %s -o %s",
			err, left.shard, std.program, besides(dir), quote(unitedFolder(dir)))
	case there:
		return fmt.Errorf("%w: it holds a run that was cut short; go on with: %s run %s --resume", err, std.program, quote(dir))
	}
	below, _ := filepath.Glob(filepath.Join(dir, "*")) // only a bad pattern is an error
	for _, sub := range below {
		if left, there := unfinished(sub); there && left.shard.Of > 0 {
			return fmt.Errorf("%w: it holds shards; unite them: %s merge %s -o %s", err, std.program, besides(sub), quote(unitedFolder(sub)))
		}
	}
	return err
}

// resultLike is the result that was probably meant by a folder that is not there; "" where none is like it.
func resultLike(dir string) string {
	parent, name := filepath.Split(dir)
	parents := []string{parent}
	if parent == "" {
		parents = []string{".", "results"}
	}
	for _, parent := range parents {
		found, _ := os.ReadDir(parent) // what cannot be read suggests nothing
		var names []string
		for _, e := range found {
			at := filepath.Join(parent, e.Name())
			if _, err := os.Stat(filepath.Join(at, record.ManifestFile)); err != nil {
				continue
			}
			if e.Name() == name {
				return at
			}
			names = append(names, e.Name())
		}
		if near := input.Nearest(name, names); near != "" {
			return filepath.Join(parent, near)
		}
	}
	return ""
}

// besides is what to type for a shard and all that lie in the same folder.
func besides(dir string) string {
	if parent := filepath.Dir(dir); parent != "." {
		return quote(parent) + "/*"
	}
	return quote(dir) + " DIR..."
}

// unitedFolder is where the result of the shards beside dir is suggested to go.
func unitedFolder(dir string) string {
	parent := filepath.Dir(dir)
	if result, ok := strings.CutSuffix(parent, "-shards"); ok {
		return result
	}
	return filepath.Join(filepath.Dir(parent), "result")
}

// quote makes a word of a command line that is to be typed.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
