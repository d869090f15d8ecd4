package sim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// portablePackages are those whose results have the same bits on every machine, for any number of workers.
var portablePackages = []string{"tripwire/sim/...", "tripwire/model"}

// exactMath has what may be used of package math: what IEEE 754 defines to the last bit, or what is done on bits.
// The rest is in sim/portable.
var exactMath = []string{
	"Abs", "Ceil", "Copysign", "Float32bits", "Float32frombits", "Float64bits", "Float64frombits", "Floor", "Inf", "IsInf", "IsNaN", "Max", "Min",
	"NaN", "Nextafter", "Round", "RoundToEven", "Signbit", "Sqrt", "Trunc",
}

// bannedImports could make two runs of one replication differ.
var bannedImports = map[string]string{
	"crypto/rand":  "luck comes from sim/random",
	"maps":         "the order of a map is not defined",
	"math/cmplx":   "its results depend on the processor",
	"math/rand":    "luck comes from sim/random",
	"math/rand/v2": "luck comes from sim/random",
	"sync":         "an engine belongs to one goroutine",
	"sync/atomic":  "an engine belongs to one goroutine",
}

// deprecatedRand may be imported by one file only.
const (
	deprecatedRand = "golang.org/x/exp/rand"
	itsFile        = "sim/random/pcg.go"
)

func TestNothingUnportable(t *testing.T) {
	for _, fault := range unportable(t, ".", portablePackages...) {
		t.Error(fault)
	}
}

// The test above finds what it is there to find, and no more.
func TestUnportableIsFound(t *testing.T) {
	got := unportable(t, plant(t, `package planted

import (
	"math"
	"math/rand/v2"
	"time"
)

type table map[string]int

func Sum[M ~map[string]int](m M, t table, list []int) (sum int) {
	for _, n := range m {
		sum += n
	}
	for _, n := range t {
		sum += n
	}
	for _, n := range list {
		sum += n
	}
	go time.Sleep(time.Second)
	clock := time.Now
	return sum + int(math.Sqrt(2)) + int(math.Exp(1)) + rand.Int() + clock().Day()
}
`), ".")
	want := []string{
		"planted/planted.go:5: imports math/rand/v2: luck comes from sim/random",
		"planted/planted.go:12: ranges over a map: its order is not defined",
		"planted/planted.go:15: ranges over a map: its order is not defined",
		"planted/planted.go:21: starts a goroutine",
		"planted/planted.go:21: time.Sleep: the only clock is the engine's",
		"planted/planted.go:22: time.Now: the only clock is the engine's",
		"planted/planted.go:23: math.Exp depends on the processor; see sim/portable",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// plant is a new module of one file.
func plant(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{"go.mod": "module planted\n\ngo 1.26.0\n", "planted.go": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// unportable is what the packages, named as in dir, use that they must not, each with its place.
func unportable(t *testing.T, dir string, packages ...string) (faults []string) {
	t.Helper()
	args := append([]string{"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly"}, packages...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, stderr(err))
	}
	exports := map[string]string{}
	var own []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if !p.DepOnly {
			own = append(own, p)
		}
	}
	if len(own) < len(packages) {
		t.Fatalf("go list found %d packages of %v", len(own), packages)
	}
	fset := token.NewFileSet()
	lookup := func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }
	config := types.Config{Importer: importer.ForCompiler(fset, "gc", lookup)}
	for _, p := range own {
		if _, err := os.ReadDir(p.Dir); err != nil { // which makes go test forget a cached result when a file is added
			t.Fatal(err)
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, file)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		if _, err := config.Check(p.ImportPath, fset, files, info); err != nil {
			t.Fatal(err)
		}
		for i, file := range files {
			place := strings.TrimPrefix(p.ImportPath, "tripwire/") + "/" + p.GoFiles[i]
			faults = append(faults, unportableIn(fset, place, file, info)...)
		}
	}
	return faults
}

// unportableIn is unportable for one file.
func unportableIn(fset *token.FileSet, place string, file *ast.File, info *types.Info) (faults []string) {
	fault := func(n ast.Node, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s:%d: ", place, fset.Position(n.Pos()).Line)+fmt.Sprintf(format, args...))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			path := strings.Trim(n.Path.Value, `"`)
			if why, banned := bannedImports[path]; banned {
				fault(n, "imports %s: %s", path, why)
			}
			if path == deprecatedRand && place != itsFile {
				fault(n, "imports %s, which is for %s alone", path, itsFile)
			}
		case *ast.GoStmt:
			fault(n, "starts a goroutine")
		case *ast.RangeStmt:
			if isMap(info.TypeOf(n.X)) {
				fault(n, "ranges over a map: its order is not defined")
			}
		case *ast.Ident:
			f, ok := info.Uses[n].(*types.Func)
			if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
				break
			}
			switch f.Pkg().Path() {
			case "math":
				if !slices.Contains(exactMath, f.Name()) {
					fault(n, "math.%s depends on the processor; see sim/portable", f.Name())
				}
			case "time":
				if slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick"}, f.Name()) {
					fault(n, "time.%s: the only clock is the engine's", f.Name())
				}
			}
		}
		return true
	})
	return faults
}

// isMap says whether t is a map, or a type parameter that may be one.
func isMap(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Map:
		return true
	case *types.Interface:
		for e := range u.EmbeddedTypes() {
			if isMap(e) {
				return true
			}
		}
	case *types.Union:
		for term := range u.Terms() {
			if isMap(term.Type()) {
				return true
			}
		}
	}
	return false
}

// fused matches a line of the compiler's listing with an instruction that multiplies and adds and rounds once, on
// arm64 or on amd64.
var fused = regexp.MustCompile(`\(([^()]+:\d+)\)\s+(FN?M(?:ADD|SUB)[DS]|VFN?M(?:ADD|SUB)\w+)\s`)

// fusingTargets are the machines that have such instructions and use them unasked.
var fusingTargets = []string{"GOARCH=arm64", "GOARCH=amd64 GOAMD64=v3"}

// fusedIn is the places of fused instructions in the packages, compiled in dir for the target.
func fusedIn(t *testing.T, dir, target string, packages ...string) (places []string) {
	t.Helper()
	args := append([]string{"build", "-trimpath", "-gcflags=-S"}, packages...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOOS=linux", "CGO_ENABLED=0"), strings.Fields(target)...)
	listing, err := cmd.CombinedOutput()
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(listing)), "\n")
		t.Fatalf("%s go %s: %v\n%s", target, strings.Join(args, " "), err, strings.Join(lines[max(0, len(lines)-20):], "\n"))
	}
	if !bytes.Contains(listing, []byte("STEXT")) {
		t.Fatalf("%s go %s printed no listing", target, strings.Join(args, " "))
	}
	for _, m := range fused.FindAllSubmatch(listing, -1) {
		places = append(places, fmt.Sprintf("%s: %s", m[1], m[2]))
	}
	slices.Sort(places)
	return slices.Compact(places)
}

func TestNoFusedInstruction(t *testing.T) {
	for _, target := range fusingTargets {
		for _, place := range fusedIn(t, ".", target, portablePackages...) {
			t.Errorf("%s: with %s a product and a sum are one instruction; write float64(x*y) + z", place, target)
		}
	}
}

// The test above finds what it is there to find, and no more.
func TestFusedInstructionIsFound(t *testing.T) {
	dir := plant(t, `package planted

func Fused(x, y, z float64) float64 { return x*y + z }

func Hidden(a []float64, x float64) (sum float64) {
	for _, v := range a {
		v *= x
		sum += v
	}
	return sum
}

func Rounded(x, y, z float64) float64 { return float64(x*y) + z }
`)
	for _, target := range fusingTargets {
		got := strings.Join(fusedIn(t, dir, target, "."), "\n")
		for line, want := range map[string]bool{"planted.go:3": true, "planted.go:8": true, "planted.go:13": false} {
			if strings.Contains(got, line+":") != want {
				t.Errorf("%s: %s found %v, want %v; all that was found:\n%s", target, line, !want, want, got)
			}
		}
	}
}

func stderr(err error) []byte {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.Stderr
	}
	return nil
}
