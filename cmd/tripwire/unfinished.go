package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"tripwire/study/record"
)

// whatNext adds to the error of a folder without a finished result what makes one of what lies there.
func whatNext(std *streams, err error) error {
	var at *record.Error
	if !errors.Is(err, record.ErrUnfinished) || !errors.As(err, &at) {
		return err
	}
	dir := filepath.Clean(at.Path)
	parts, opened := record.OpenParts(dir)
	if opened != nil {
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
