package random

import "tripwire/sim/portable"

// Stream is one random process's luck. It comes from [Luck.Stream] or [Stream.Numbered]; its zero value is not usable.
// A copy of a Stream draws what the original draws.
type Stream struct {
	generator generator
	luck      *Luck
	epoch     uint64 // of the luck that the generator was keyed in
	name      key
	lasting   bool
}

// Numbered is the stream of the i-th thing of this name, so that things whose turn depends on what happens do not
// take each other's luck. It allocates nothing, costs little until it is drawn from, and begins at its
// beginning each time it is asked for: keep it in a variable while it is drawn from.
func (s *Stream) Numbered(i uint64) Stream { return Stream{luck: s.luck, name: s.name.absorb(i)} }

// Lasting is like Numbered, but no branch of the luck changes it: for what is asked again and must give the same
// answer, before and after a branch.
func (s *Stream) Lasting(i uint64) Stream {
	return Stream{luck: s.luck, name: s.name.absorb(i), lasting: true}
}

// Uniform is uniform in the open interval (0, 1): an odd multiple of 2^-53, so that 1 - u is one too.
func (s *Stream) Uniform() float64 {
	if s.epoch != s.luck.epoch {
		s.rekey()
	}
	return uniform(s.generator.next())
}

func uniform(n uint64) float64 { return (float64(int64(n>>12)) + 0.5) * 0x1p-52 }

func (s *Stream) rekey() {
	root := s.luck.root
	if s.lasting {
		root = s.luck.first
	}
	s.generator.set(key{mix(root.hi ^ s.name.hi), mix(root.lo ^ s.name.lo)})
	s.epoch = s.luck.epoch
}

// Happens is true with chance p: never if p <= 0, always if p >= 1.
func (s *Stream) Happens(p float64) bool { return s.Uniform() < p }

// Exp is exponential with the given mean; see [ExpQuantile]. Of a draw 1 - u is exact, so that it needs no Log1p.
func (s *Stream) Exp(mean float64) float64 {
	checkMean(mean)
	return -mean * portable.Log(1-s.Uniform())
}

// Normal is normal; see [NormalQuantile].
func (s *Stream) Normal(mean, sd float64) float64 { return NormalQuantile(s.Uniform(), mean, sd) }

// LogNormal is log-normal; see [LogNormalQuantile].
func (s *Stream) LogNormal(median, sigma float64) float64 {
	return LogNormalQuantile(s.Uniform(), median, sigma)
}

// Gamma is gamma with the given shape and mean; see [GammaQuantile].
func (s *Stream) Gamma(shape, mean float64) float64 { return GammaQuantile(s.Uniform(), shape, mean) }

// Poisson is Poisson with the given mean; see [PoissonQuantile].
func (s *Stream) Poisson(mean float64) int64 { return PoissonQuantile(s.Uniform(), mean) }

// Binomial counts the successes of n trials with chance p each; see [BinomialQuantile].
func (s *Stream) Binomial(n int64, p float64) int64 { return BinomialQuantile(s.Uniform(), n, p) }
