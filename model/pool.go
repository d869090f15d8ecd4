package model

// pool hands out things that are in flight a few at a time, used ones first, so that a worker stops
// allocating after its first histories. Its zero value is ready.
type pool[T any] struct {
	all  []*T // ever made by this worker
	idle []*T
}

// reset takes everything back, for a new history.
func (p *pool[T]) reset() { p.idle = append(p.idle[:0], p.all...) }

// take hands out one; whoever takes it sets all of it.
func (p *pool[T]) take() *T {
	if n := len(p.idle); n > 0 {
		t := p.idle[n-1]
		p.idle = p.idle[:n-1]
		return t
	}
	t := new(T)
	p.all = append(p.all, t)
	return t
}

// give returns one that is out of use.
func (p *pool[T]) give(t *T) { p.idle = append(p.idle, t) }
