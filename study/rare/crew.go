package rare

import (
	"context"
	"sync"
)

// A crew is workers, each with a process of its own.
type crew[S any] []Process[S]

func newCrew[S any](process func() Process[S], workers int) crew[S] {
	c := make(crew[S], workers)
	for i := range c {
		c[i] = process()
	}
	return c
}

// share plays tasks 0 to n-1 on all workers. What a task does must depend on its number alone, so that it does
// not matter which worker takes it. A fault ends the others too, and is the caller's. Done is told by one worker
// at a time how many are done.
func (c crew[S]) share(ctx context.Context, n int, task func(p Process[S], i int), done func(n int)) error {
	var (
		wait          sync.WaitGroup
		mutex         sync.Mutex
		taken, played int
		fault         any
	)
	take := func() (i int, ok bool) {
		mutex.Lock()
		defer mutex.Unlock()
		if taken == n || fault != nil || ctx.Err() != nil {
			return 0, false
		}
		taken++
		return taken - 1, true
	}
	for _, p := range c[:min(len(c), n)] {
		wait.Go(func() {
			defer func() {
				if f := recover(); f != nil {
					mutex.Lock()
					defer mutex.Unlock()
					fault = f
				}
			}()
			for i, ok := take(); ok; i, ok = take() {
				task(p, i)
				mutex.Lock()
				if played++; done != nil {
					done(played)
				}
				mutex.Unlock()
			}
		})
	}
	wait.Wait()
	if fault != nil {
		panic(fault)
	}
	if played < n {
		return context.Cause(ctx)
	}
	return nil
}
