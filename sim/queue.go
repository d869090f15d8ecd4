package sim

import (
	"math"
	"math/bits"
)

// key orders the queue: by instant, then by event number, which is above the slot in the second word.
type key struct{ at, idAndSlot uint64 }

func (k key) id() ID       { return ID(k.idAndSlot >> slotBits) }
func (k key) slot() uint32 { return uint32(k.idAndSlot & (1<<slotBits - 1)) }

// before is 1 if k is due before l and 0 otherwise, without a branch.
func (k key) before(l key) uint64 {
	_, borrow := bits.Sub64(k.idAndSlot, l.idAndSlot, 0)
	_, borrow = bits.Sub64(k.at, l.at, borrow)
	return borrow
}

// or is k where mask is 0, and l where it is all ones.
func (k key) or(l key, mask uint64) key {
	return key{k.at ^ (k.at^l.at)&mask, k.idAndSlot ^ (k.idAndSlot^l.idAndSlot)&mask}
}

// queue is a 4-ary heap of keys (LaMarca and Ladner, The influence of caches on the performance of heaps, J. Experimental
// Algorithmics 1, 1996). The keys of cancelled events stay in it, dead, until they come up or make a quarter of it.
//
// The key taken last stays at the root until the next push takes its place, because most events schedule
// another one: one sift instead of two.
type queue struct {
	// keys begins with the root at 3, so that the four children of i, at 4(i-2) and after, share a cache line. After the last
	// key come none, at least three, which make up its line.
	keys  []key
	end   int  // after the last key; 0 in a new queue
	dead  int  // keys of cancelled events
	taken bool // the root has been taken, and counts neither as dead nor as alive
}

const root = 3

// none is after every key.
var none = key{math.MaxUint64, math.MaxUint64}

// minCompact is the number of keys below which dead ones are not worth collecting.
const minCompact = 64

// live counts the keys that are alive.
func (q *queue) live() int {
	n := max(q.end, root) - root - q.dead
	if q.taken {
		n--
	}
	return n
}

func (q *queue) reset() {
	for i := root; i < q.end; i++ {
		q.keys[i] = none
	}
	q.end, q.dead, q.taken = root, 0, false
}

// min is the first key, dead or alive, that has not been taken.
func (q *queue) min() (key, bool) {
	if q.taken {
		q.taken = false
		q.removeMin()
	}
	if q.end <= root {
		return key{}, false
	}
	return q.keys[root], true
}

// takeMin marks the first key, which is alive, as taken.
func (q *queue) takeMin() { q.taken = true }

// dropMin removes the first key, which is dead.
func (q *queue) dropMin() {
	q.dead--
	q.removeMin()
}

func (q *queue) removeMin() {
	q.end--
	k := q.keys[q.end]
	q.keys[q.end] = none
	if q.end > root {
		q.siftDown(root, k)
	}
}

func (q *queue) push(k key) {
	if q.taken {
		q.taken = false
		q.siftDown(root, k)
	} else {
		q.add(k)
	}
}

func (q *queue) add(k key) {
	q.end = max(q.end, root) + 1
	for len(q.keys) < q.end+3 {
		q.keys = append(q.keys, none)
	}
	q.siftUp(q.end-1, k)
}

// bury counts one more key as dead and says whether it is time to compact: at a quarter, which costs less than at half, because
// a dead key that comes up costs a whole sift.
func (q *queue) bury() bool {
	q.dead++
	return q.dead*4 > q.end-root && q.end-root >= minCompact
}

// all is the keys, dead and alive, in no order.
func (q *queue) all() []key { return q.keys[root:q.end] }

// keep keeps the first n keys, which the caller has gathered there in any order, all alive, and drops the rest.
func (q *queue) keep(n int) {
	for i := root + n; i < q.end; i++ {
		q.keys[i] = none
	}
	q.end, q.dead, q.taken = root+n, 0, false
	for i := (q.end-1)/4 + 2; i >= root; i-- {
		q.siftDown(i, q.keys[i])
	}
}

// siftUp puts k where i is or above.
func (q *queue) siftUp(i int, k key) {
	keys := q.keys
	for i > root {
		parent := i/4 + 2
		if k.before(keys[parent]) == 0 {
			break
		}
		keys[i] = keys[parent]
		i = parent
	}
	keys[i] = k
}

// siftDown puts k where i is or below.
func (q *queue) siftDown(i int, k key) {
	keys, end := q.keys, q.end
	for child := 4 * (i - 2); child < end; child = 4 * (i - 2) {
		// The first of the four by arithmetic, because no processor can predict which it is: masks of the first's and the
		// second's pair say that the latter key is the earlier, and mask second that the second pair's is.
		c := (*[4]key)(keys[child:])
		left := -c[1].before(c[0])
		a := c[0].or(c[1], left)
		right := -c[3].before(c[2])
		b := c[2].or(c[3], right)
		second := -b.before(a)
		first := a.or(b, second)
		if k.before(first) != 0 {
			break
		}
		keys[i] = first
		i = child + int(left&1&^second|(2|right&1)&second)
	}
	keys[i] = k
}
