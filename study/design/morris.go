package design

import "fmt"

// Morris is trajectories for screening (Morris, Technometrics 33, 1991): each is d+1 rows, of which every
// one differs from the one before in a single factor, each factor once, in random order, by
// levels/(2(levels-1)) up or down. Values are on the grid 0, 1/(levels-1), ..., 1. In all
// trajectories*(d+1) rows; stats.Morris reads them in this order. Levels must be even,
// so that every level is taken equally often; 4 is usual.
func Morris(trajectories, d, levels int, seed uint64) [][]float64 {
	checkSize("Morris", trajectories, d)
	if levels < 2 || levels%2 != 0 {
		panic(fmt.Sprintf("design: Morris: %d levels, must be even", levels))
	}
	l := newLuck(seed, "morris")
	points := matrix[float64](trajectories*(d+1), d)
	level := make([]int, d)
	for t := range trajectories {
		for j := range level {
			level[j] = l.below(levels)
		}
		order := l.permutation(d)
		for s := range d + 1 {
			if s > 0 {
				j := order[s-1]
				if level[j] < levels/2 {
					level[j] += levels / 2
				} else {
					level[j] -= levels / 2
				}
			}
			for j, v := range level {
				points[t*(d+1)+s][j] = float64(v) / float64(levels-1)
			}
		}
	}
	return points
}
