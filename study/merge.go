package study

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tripwire/study/record"
)

// Survey counts what lies in the parts of a run of the study, or of a shard of it, and of how many runs that are
// known to be wanted.
func (s *Study) Survey(ctx context.Context, parts *record.Parts, origin record.Origin) (Progress, error) {
	r := newRunner(s, Options{Workers: 1, Shard: origin.Shard})
	c, err := openCheckpoint([]*record.Parts{parts}, nil, origin, r.opt.Warn)
	if err != nil {
		return Progress{}, err
	}
	err = r.all(ctx, c)
	return r.progress, err
}

// Merge writes by w, as Run does, the result of what was played elsewhere, in shards of any number, whole runs that were
// cut short, or both; what lies in several places is read in one. It plays nothing: where something is missing the
// error is [*Missing].
func (s *Study) Merge(ctx context.Context, from []*record.Parts, w *record.Writer, opt Options) error {
	opt.Shard = record.Shard{}
	return newRunner(s, opt).merge(ctx, from, w)
}

func (r *runner) merge(ctx context.Context, from []*record.Parts, w *record.Writer) error {
	c, err := openCheckpoint(from, nil, r.study.Origin(r.opt), r.opt.Warn)
	if err == nil {
		err = r.all(ctx, c)
	}
	if err == nil && len(r.missing) > 0 {
		err = &Missing{Units: r.missing, Runs: r.progress.Runs - r.progress.Done, Of: r.progress.Runs}
	}
	if err != nil {
		return w.Fail(err)
	}
	return r.finish(ctx, w, c)
}

// A Missing error names the units that nobody has played, or whose part is damaged.
type Missing struct {
	Units    []int64
	Runs, Of int64 // histories in them, and in the study as far as is known
}

func (m *Missing) Error() string {
	return fmt.Sprintf("%d of %d %s %s missing", m.Runs, m.Of, record.Noun(m.Of, "history", "histories"), record.Noun(m.Runs, "is", "are"))
}

// Shards is which of so many shards the units belong to, from 1.
func (m *Missing) Shards(of int64) []int64 {
	var shards []int64
	for _, unit := range m.Units {
		shards = append(shards, record.ShardOf(unit, of))
	}
	slices.Sort(shards)
	return slices.Compact(shards)
}

// Ranges writes ascending numbers as 1-3,7.
func Ranges(numbers []int64) string {
	var b strings.Builder
	for i := 0; i < len(numbers); {
		j := i + 1
		for j < len(numbers) && numbers[j] == numbers[j-1]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		if fmt.Fprint(&b, numbers[i]); j > i+1 {
			fmt.Fprint(&b, "-", numbers[j-1])
		}
		i = j
	}
	return b.String()
}
