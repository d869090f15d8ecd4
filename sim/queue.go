package sim

import "math/bits"

// queue is a radix heap (Ahuja, Mehlhorn, Orlin and Tarjan, Faster algorithms for the shortest path problem, J. ACM 37(2),
// 1990). Nothing is ever pushed before the instant taken last, its base, so keys need not be compared with each other: what
// first differs from base in bit b-1, counted from the top, is in list b, and what is due at base itself in list 0. All of a list
// is before all of the next. Within a list the order is that of pushing, and so among events due at the same instant, which
// are always in the same list, that of scheduling.
//
// When the base moves up to the first key of the lowest list, the others of that list move to lower ones, each at most once a
// bit. The lists are rings linked both ways, because a cancelled event leaves at once and leaves nothing behind.
type queue struct {
	base   uint64
	filled uint64 // bit b: list b may hold something
	links  []link // the ends of the lists, and after them the slots
}

// link is when a slot is due, and its neighbours in its list.
type link struct {
	at         uint64
	prev, next uint32
}

// lists is one for each of the 63 bits of an instant, which is never negative, and list 0.
const lists = 64

func (q *queue) reset() {
	q.base, q.filled = 0, 0
	if q.links == nil {
		q.links = make([]link, lists)
	}
	for b := range uint32(lists) {
		q.links[b].prev, q.links[b].next = b, b
	}
}

// grow makes room for one slot more.
func (q *queue) grow() {
	if q.links == nil {
		q.reset()
	}
	q.links = append(q.links, link{})
}

// push files slot n, which is due at at, not before base.
func (q *queue) push(n uint32, at uint64) {
	b := uint32(bits.Len64(at ^ q.base))
	last := q.links[b].prev
	q.links[lists+n] = link{at, last, b}
	q.links[last].next = lists + n
	q.links[b].prev = lists + n
	q.filled |= 1 << b
}

// remove takes slot n out of its list.
func (q *queue) remove(n uint32) {
	l := q.links[lists+n]
	q.links[l.prev].next = l.next
	q.links[l.next].prev = l.prev
}

// due is when slot n is due.
func (q *queue) due(n uint32) Time { return Time(q.links[lists+n].at) }

// min is the first slot and when it is due. It moves nothing, so that what is due before the first may still be pushed.
func (q *queue) min() (n uint32, at uint64, ok bool) {
	links := q.links
	for ; q.filled != 0; q.filled &= q.filled - 1 {
		b := uint32(bits.TrailingZeros64(q.filled))
		first := links[b].next
		if first == b {
			continue
		}
		l := &links[first]
		at := l.at
		for i := l.next; i != b; i = l.next {
			l = &links[i]
			if l.at < at {
				first, at = i, l.at
			}
		}
		return first - lists, at, true
	}
	return 0, 0, false
}

// take removes slot n, the first, and moves the base to at, when it is due.
func (q *queue) take(n uint32, at uint64) {
	q.remove(n)
	b := uint32(bits.Len64(at ^ q.base))
	if b == 0 {
		return
	}
	q.base = at
	links, filled := q.links, q.filled&^(1<<b)
	i := links[b].next
	links[b].prev, links[b].next = b, b
	for i != b {
		l := &links[i]
		next := l.next
		c := uint32(bits.Len64(l.at ^ at))
		end := &links[c]
		l.prev, l.next = end.prev, c
		links[end.prev].next = i
		end.prev = i
		filled |= 1 << c
		i = next
	}
	q.filled = filled
}
