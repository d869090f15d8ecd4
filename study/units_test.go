package study

import (
	"fmt"
	"slices"
	"testing"

	"tripwire/study/record"
)

// A cluster waits for its largest shard: shards are even wherever they have ten units or more.
func TestShardsAreEven(t *testing.T) {
	compared := 0
	for _, points := range []int64{1, 2, 3, 5, 6, 24, 64, 2000} {
		for _, reps := range []int64{10, 11, 100, 1000, 16_448, 20_000, 25_000} {
			k := newCut(span{0, points, 0, reps}, 0, 0)
			sum := int64(0)
			for number := range k.units {
				u := k.unit(number)
				sum += u.runs()
			}
			if sum != points*reps {
				t.Errorf("%d points, %d replications: the units have %d histories", points, reps, sum)
			}
			for _, of := range []int64{2, 3, 4, 7, 8, 9, 16, 64, 100} {
				if k.units < 10*of {
					continue
				}
				compared++
				loads := make([]int64, of)
				for number := range k.units {
					u := k.unit(number)
					loads[record.ShardOf(number, of)-1] += u.runs()
				}
				if ratio := float64(slices.Max(loads)) * float64(of) / float64(sum); ratio > 1.1 {
					t.Errorf("%d points, %d replications, %d units in %d shards: the largest has %.3f of the mean (%v)", points, reps, k.units, of, ratio, loads)
				}
			}
		}
	}
	if compared < 200 {
		t.Errorf("only %d cuts were compared", compared)
	}
}

// Every point has its even share of every shard too, though points may take longer than others.
func TestShardsArePlayedAtAllPoints(t *testing.T) {
	k := newCut(span{0, 24, 0, 16_000}, 0, 0)
	for _, of := range []int64{2, 3, 8, 24} {
		played := make([][24]int64, of)
		for number := range k.units {
			u := k.unit(number)
			for point := u.from; point < u.to; point++ {
				played[record.ShardOf(number, of)-1][point] += u.end - u.first
			}
		}
		for i, shard := range played {
			if mean := 16_000 / of; slices.Min(shard[:]) < mean/2 || slices.Max(shard[:]) > 2*mean {
				t.Errorf("shard %d/%d has %v replications of the points, %d on average", i+1, of, shard, mean)
			}
		}
	}
}

// The largest shard is what a shard says that it has.
func TestLargestShard(t *testing.T) {
	for _, n := range []int{1, 10, 100} {
		s := mustLoad(t, gridText, fmt.Sprint("study.replications=", n))
		for _, of := range []int64{1, 2, 8, 1000} {
			most, sum := int64(0), int64(0)
			for i := range of {
				runs := s.FirstRuns(record.Shard{Number: i + 1, Of: of})
				most, sum = max(most, runs), sum+runs
			}
			if got := s.LargestShard(of); got != most || sum != s.Runs() {
				t.Errorf("%d replications in %d shards: the largest of %d, want %d; all of %d, want %d", n, of, got, most, sum, s.Runs())
			}
		}
	}
}
