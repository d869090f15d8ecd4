package input

import (
	"slices"
	"strings"
)

// Nearest is the known key that the unknown key probably means, or "". In order: the same but for
// case; the same last part in another table, if there is only one; the least number of letters
// missing, extra, wrong or swapped (optimal string alignment), at most four and a third of the word; the only one
// that begins with it, or that it begins with.
func Nearest(key string, known []string) string {
	if len(key) > 100 {
		return ""
	}
	last := key[strings.LastIndexByte(key, '.')+1:]
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool {
		return k == key || strings.HasPrefix(key, k+".") // a table, or the table that it was given in
	})
	elsewhere, n := "", 0
	for _, k := range known {
		if strings.EqualFold(k, key) {
			return k
		}
		if k[strings.LastIndexByte(k, '.')+1:] == last {
			elsewhere = k
			n++
		}
	}
	if n == 1 {
		return elsewhere
	}
	best, least := "", 5
	for _, k := range known {
		a, b := unshared(key, k)
		limit := min(max(1, len(a)/3)+1, least)
		if d := distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)), limit); d < limit {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	for _, k := range known {
		a, b := unshared(key, k)
		if min(len(a), len(b)) > 3 && !strings.Contains(a+b, ".") && (strings.HasPrefix(b, a) || strings.HasPrefix(a, b)) {
			if best != "" {
				return ""
			}
			best = k
		}
	}
	return best
}

// unshared is what is left of two dotted keys without the tables that they share.
func unshared(a, b string) (string, string) {
	for {
		i := strings.IndexByte(a, '.')
		if i < 0 || len(b) <= i || a[:i+1] != b[:i+1] {
			return a, b
		}
		a, b = a[i+1:], b[i+1:]
	}
}

// distance is the optimal string alignment distance of a and b, or limit if it is not below that.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d >= limit || -d >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
