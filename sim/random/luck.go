// Package random gives a simulation its luck: streams of random numbers, one for each random process, each found by
// its name. Start at [Luck]. It knows distributions, not what is drawn from them.
//
// A stream depends on the seed, the replication and its name alone. So a new process moves no other's draws, and two
// scenarios under one seed meet the same luck. To keep it so, a draw takes one uniform number whatever its
// parameters, and grows with it: every distribution is drawn by its quantile function, and none by rejection.
// The numbers are the same on every machine.
package random

// Luck is the luck of one replication after the other. It belongs to one goroutine.
type Luck struct {
	first   key // of the replication
	root    key // of the replication, and of the branch within it
	epoch   uint64
	streams map[string]*Stream
}

// New is the luck of seed 0, replication 0.
func New() *Luck {
	l := &Luck{streams: map[string]*Stream{}}
	l.Reset(0, 0)
	return l
}

// Reset begins the given replication of the given seed. Streams found before stay valid, and begin anew.
func (l *Luck) Reset(seed, replication uint64) {
	l.first = key{}.absorb(seed).absorb(replication)
	l.root = l.first
	l.epoch++
}

// Branch lets every stream begin anew, from here on, with other luck: the n-th future of this history. Branches of a
// branch differ from each other likewise. What [Stream.Lasting] gave stays as it is.
func (l *Luck) Branch(n uint64) {
	l.root = l.root.absorb(n)
	l.epoch++
}

// Stream is the stream of that name: always the same one. Find it once, when the model is built.
func (l *Luck) Stream(name string) *Stream {
	s := l.streams[name]
	if s == nil {
		s = &Stream{luck: l, name: hash(name)}
		l.streams[name] = s
	}
	return s
}

// key is 128 bits that name a stream, and the state that its generator begins with. Its halves are mixed apart, so
// that only one in 2^128 pairs of streams begin alike.
type key struct{ hi, lo uint64 }

// absorb is the key of word n after k.
func (k key) absorb(n uint64) key {
	return key{mix(k.hi + golden ^ mix(n+golden)), mix(k.lo + silver ^ mix(n+silver))}
}

// hash is the key of a name.
func hash(name string) key {
	k := key{}.absorb(uint64(len(name)))
	for len(name) > 0 {
		var word uint64
		n := min(8, len(name))
		for i := range n {
			word |= uint64(name[i]) << (8 * i)
		}
		k = k.absorb(word)
		name = name[n:]
	}
	return k
}

const (
	golden = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio, SplitMix64's step
	silver = 0x6a09e667f3bcc909 // the fraction of √2 in 64 bits
)

// mix is SplitMix64's finalizer: Steele, Lea and Flood, Fast splittable pseudorandom number generators,
// OOPSLA 2014.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
