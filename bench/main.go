// Command bench measures tripwire's engine beside others, all on one machine, in one go, in alternating rounds:
//
//	cd bench && go run . [-rounds 7] [-o lines.txt]
//
// It needs g++; ns-3 (Debian's libns3-dev) and SimPy 2 (python3-simpy) are left out, and named, where they are not there.
// It prints medians of processor time an event, and what they are of tripwire's; -o keeps every round as a line for
// golang.org/x/perf/cmd/benchstat -col /engine. What is played is described in docs/performance.md.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// peer is an engine: a command that plays a model of n pending events for so many events.
type peer struct {
	name    string
	build   []string // {out} is where the program goes
	version []string
	play    []string // without model, n and events, for which {} stands
	share   float64  // of the events that tripwire plays, since slower engines need no more for the same precision
	largest int      // n
}

var peers = []peer{
	{"tripwire", []string{"go", "build", "-o", "{out}", "./peers/tripwire"}, []string{"go", "version"}, []string{"{out}", "{}"}, 1, 1e6},
	{"priority_queue", []string{"g++", "-O2", "-std=c++17", "-o", "{out}", "peers/queue.cpp"}, []string{"g++", "--version"}, []string{"{out}", "{}"}, 1, 1e6},
	{"ns-3", []string{"g++", "-O2", "-std=c++17", "-o", "{out}", "peers/ns3.cpp", "-lns3-core"}, []string{"pkg-config", "--modversion", "ns3-core"},
		[]string{"{out}", "{}", "ns3::PriorityQueueScheduler"}, 0.5, 1e6},
	{"SimPy", []string{"/usr/bin/python3", "-c", "import SimPy.Simulation"}, []string{"/usr/bin/python3", "-c", "import SimPy, sys; print(SimPy.__version__, 'Python', sys.version.split()[0])"},
		[]string{"/usr/bin/python3", "peers/simpy2.py", "{}"}, 0.02, 1e4},
}

type setting struct {
	model string
	n     int
}

var settings = []setting{
	{"hold", 10}, {"hold", 100}, {"hold", 1e3}, {"hold", 1e4}, {"hold", 1e5}, {"hold", 1e6},
	{"cancel", 100}, {"cancel", 1e4}, {"cancel", 1e6}, {"mm1", 2},
}

func main() {
	rounds := flag.Int("rounds", 7, "rounds, in each of which every engine plays every model once")
	events := flag.Int("events", 2_000_000, "events of tripwire in a round")
	keep := flag.String("o", "", "file for a line a measurement, as benchstat reads them")
	flag.Parse()
	if err := run(*rounds, *events, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds, events int, keep string) error {
	if rounds < 1 || events < 1 {
		return errors.New("rounds and events must be positive")
	}
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	lines := io.Discard
	if keep != "" {
		f, err := os.Create(keep)
		if err != nil {
			return err
		}
		defer f.Close()
		lines = f
	}

	var there []peer
	for _, p := range peers {
		p = p.at(filepath.Join(dir, p.name))
		if out, err := exec.Command(p.build[0], p.build[1:]...).CombinedOutput(); err != nil {
			if len(there) == 0 {
				return fmt.Errorf("%v: %w: %s", p.build, err, out)
			}
			fmt.Printf("%-15s left out: %v: %s\n", p.name, err, lastLine(out))
			continue
		}
		out, err := exec.Command(p.version[0], p.version[1:]...).Output()
		if err != nil {
			return fmt.Errorf("%v: %w", p.version, err)
		}
		first, _, _ := strings.Cut(string(out), "\n")
		fmt.Printf("%-15s %s\n", p.name, first)
		there = append(there, p)
	}

	measured := map[setting]map[string][]float64{}
	for round := range rounds {
		for _, s := range settings {
			if measured[s] == nil {
				measured[s] = map[string][]float64{}
			}
			for i := range there {
				p := there[(i+round)%len(there)]
				if s.n > p.largest {
					continue
				}
				ns, err := p.measure(s, int(float64(events)*p.share))
				if err != nil {
					return err
				}
				measured[s][p.name] = append(measured[s][p.name], ns)
				fmt.Fprintf(lines, "Benchmark/model=%s/n=%d/engine=%s 1 %.2f ns/event\n", s.model, s.n, p.name, ns)
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round+1, rounds)
	}
	table(there, measured)
	return nil
}

// at is p with its program there.
func (p peer) at(out string) peer {
	for _, words := range []*[]string{&p.build, &p.play} {
		*words = slices.Clone(*words)
		for i, word := range *words {
			(*words)[i] = strings.ReplaceAll(word, "{out}", out)
		}
	}
	return p
}

// measure is the processor time of an event [ns].
func (p peer) measure(s setting, events int) (float64, error) {
	var words []string
	for _, word := range p.play {
		if word == "{}" {
			words = append(words, s.model, fmt.Sprint(s.n), fmt.Sprint(events))
		} else {
			words = append(words, word)
		}
	}
	out, err := exec.Command(words[0], words[1:]...).Output()
	if err != nil {
		return 0, fmt.Errorf("%v: %w", words, err)
	}
	var fired, ns, mean float64
	if _, err := fmt.Sscan(string(out), &fired, &ns, &mean); err != nil || math.Abs(fired-float64(events)) > 0.1*float64(events)+1000 {
		return 0, fmt.Errorf("%v played %q, not about %d events", words, out, events)
	}
	// The mean time in an M/M/1 system, so loaded, is 4; of 20,000 customers it is seldom off by a quarter.
	if s.model == "mm1" && math.Abs(mean-4) > 1 {
		return 0, fmt.Errorf("%v: mean time in the system %v, not 4", words, mean)
	}
	return ns / fired, nil
}

func table(there []peer, measured map[setting]map[string][]float64) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush()
	fmt.Fprint(w, "\nns an event\tn\t")
	for _, p := range there {
		fmt.Fprintf(w, "%s\t", p.name)
	}
	fmt.Fprintln(w)
	for _, s := range settings {
		fmt.Fprintf(w, "%s\t%d\t", s.model, s.n)
		ours := median(measured[s][there[0].name])
		for i, p := range there {
			switch m := median(measured[s][p.name]); {
			case math.IsNaN(m):
				fmt.Fprint(w, "-\t")
			case i == 0:
				fmt.Fprintf(w, "%.0f\t", m)
			default:
				fmt.Fprintf(w, "%.0f (%.2f ×)\t", m, m/ours)
			}
		}
		fmt.Fprintln(w)
	}
}

func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	x = slices.Sorted(slices.Values(x))
	return (x[len(x)/2] + x[(len(x)-1)/2]) / 2
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
