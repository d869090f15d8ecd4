package stats

import (
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "with -coverage, rewrite docs/validation/coverage.md")

const coverageDocument = "../docs/validation/coverage.md"

// A coverageCase is an interval, or a rule, in a setting whose truth is known. Its coverage is computed,
// or simulated, or both: then the two must agree.
type coverageCase struct {
	what, setting string
	level         float64
	low, high     float64                 // where coverage must lie: what is claimed of the method here
	exact         func() float64          // by enumeration; nil where there is none
	trial         func(r *rand.Rand) bool // one repetition: whether it covers; nil to leave it at enumeration
	counts        func() (covered, n int) // in place of trial: a simulation that another test runs too
	test          string                  // whose it is
}

func (c coverageCase) name() string { return c.what + "; " + c.setting }

// simulate plays 10,000 repetitions with -coverage, else the first thousand of them.
func (c coverageCase) simulate() (covered, n int) {
	switch {
	case c.counts != nil:
		return c.counts()
	case c.trial == nil:
		return 0, 0
	}
	hash := fnv.New64a()
	hash.Write([]byte(c.name()))
	seed := hash.Sum64()
	n = repetitions(10000)
	hits := make([]bool, n)
	inParallel(n, func(i int) { hits[i] = c.trial(rand.New(rand.NewPCG(seed, uint64(i)))) })
	for _, hit := range hits {
		if hit {
			covered++
		}
	}
	return covered, n
}

func coverageCases() []coverageCase {
	var all []coverageCase
	for _, some := range [][]coverageCase{shareCoverage(), differenceCoverage(), classCoverage(), numberCoverage(),
		timesCoverage(), sequentialCoverage(), studyCoverage()} {
		all = append(all, some...)
	}
	return all
}

// Every interval and every rule covers as often as is said of it, enumeration and simulation agree within
// four standard errors of the simulation, and docs/validation/coverage.md says so truly.
func TestCoverage(t *testing.T) {
	if *update && !*fullCoverage {
		t.Fatal("the document holds the full size: go test ./stats -run '^TestCoverage$' -coverage -update")
	}
	written := map[string]string{}
	old, err := os.ReadFile(coverageDocument)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(old)) {
		if cell := strings.Split(line, " | "); len(cell) == 7 {
			written[strings.TrimPrefix(cell[0], "| ")+"; "+cell[1]] = line
		}
	}
	document := coverageHead
	cases := coverageCases()
	for _, c := range cases {
		row := c.check(t, written[c.name()])
		document += row
	}
	switch {
	case *update:
		if err := os.WriteFile(coverageDocument, []byte(document), 0o644); err != nil {
			t.Fatal(err)
		}
	case *fullCoverage && document != string(old):
		t.Errorf("%s is not what this run gives: go test ./stats -run '^TestCoverage$' -coverage -update writes it anew", coverageDocument)
	case len(written) != len(cases)+1 || !strings.HasPrefix(string(old), coverageHead): // the head is a row too
		t.Errorf("%s has %d rows of %d, or another head: go test ./stats -run '^TestCoverage$' -coverage -update writes it anew",
			coverageDocument, len(written)-1, len(cases))
	}
}

// check runs the case and gives its row; written is the row in the document.
func (c coverageCase) check(t *testing.T, written string) string {
	t.Helper()
	again := "; see it again: go test ./stats -run '^TestCoverage$'"
	exact, simulated, size := "", "", ""
	want := math.NaN()
	if c.exact != nil {
		want = c.exact()
		exact = fmt.Sprintf("%.4f", want)
		const rounding = 1e-9
		if !(want >= c.low-rounding && want <= c.high+rounding) {
			t.Errorf("%s: coverage is %.5f, want it from %v to %v%s", c.name(), want, c.low, c.high, again)
		}
	}
	covered, n := c.simulate()
	if n > 0 {
		got := float64(covered) / float64(n)
		simulated, size = fmt.Sprintf("%.4f", got), strconv.Itoa(n)
		low, high := c.low, c.high
		if c.exact != nil {
			low, high = want, want
		}
		error := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)/float64(n)) }
		if !(got >= low-error(low) && got <= high+error(high)) {
			t.Errorf("%s: covered %d of %d, %.4f, want %.4f to %.4f but for four standard errors%s", c.name(), covered, n, got, low, high, again)
		}
	}
	cell := strings.Split(written, " | ")
	if !*fullCoverage && len(cell) != 7 {
		t.Errorf("%s: no row in %s: go test ./stats -run '^TestCoverage$' -coverage -update writes it anew", c.name(), coverageDocument)
	} else if !*fullCoverage {
		if cell[3] != exact {
			t.Errorf("%s: %s has %q, this run %q: go test ./stats -run '^TestCoverage$' -coverage -update writes it anew", c.name(), coverageDocument, cell[3], exact)
		}
		if n > 0 {
			p, err := strconv.ParseFloat(cell[4], 64)
			got := float64(covered) / float64(n)
			if err != nil || math.Abs(p-got) > 4*math.Sqrt(max(p*(1-p), 1/float64(n))/float64(n)) {
				t.Errorf("%s: %s has %q, this run %.4f%s", c.name(), coverageDocument, cell[4], got, again)
			}
		}
	}
	test := c.test
	if test == "" {
		test = "TestCoverage"
	}
	return fmt.Sprintf("| %s | %s | %v | %s | %s | %s | `%s` |\n", c.what, c.setting, c.level, exact, simulated, size, test)
}

const coverageHead = `# How often the intervals cover

Each interval and rule of ` + "`stats`" + ` was tried where the truth is known. *Exact* coverage is a sum over all that can be observed;
*simulated* is a share of repetitions at fixed seeds, and is off by its own binomial error. Where both stand, they must agree within four
standard errors. Approximate intervals miss their level by a point or two either way; in the rows *where it covers less* the estimate carries
a warning. A confidence sequence covers only if it does so at every look. *Stopping* is what ` + "`until`" + ` does: the same rule
(` + "`stats.Precision`" + `) in the same rounds, each a quarter longer than the one before (` + "`stats.NextLook`" + `). What is *not offered* stands here as the reason.

Regenerate with: ` + "`go test ./stats -run '^TestCoverage$' -coverage -update`" + `; without ` + "`-coverage`" + ` the test plays a tenth of the repetitions and compares.

| interval or rule | setting | level | exact | simulated | repetitions | test |
|---|---|---|---|---|---|---|
`
