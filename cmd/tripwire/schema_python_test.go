//go:build python

package main

import (
	"bytes"
	"cmp"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tripwire/configs"
)

// python runs a program of Python, which may be named by the environment variable PYTHON, in the working
// directory. This test needs Python 3.11 and jsonschema 4: Debian's python3-jsonschema.
func python(t *testing.T, program string, args ...string) string {
	t.Helper()
	cmd := exec.Command(cmp.Or(os.Getenv("PYTHON"), "python3"), append([]string{"-c", program}, args...)...)
	var out, err bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &err
	if e := cmd.Run(); e != nil {
		t.Fatalf("%v\n%s", e, err.String())
	}
	return out.String()
}

const validate = `
import json, sys, tomllib
from jsonschema import Draft202012Validator as Validator
schema = json.load(open("schema.json"))
Validator.check_schema(schema)
validator = Validator(schema)
for name in sys.argv[1:]:
    with open(name, "rb") as f:
        faults = list(validator.iter_errors(tomllib.load(f)))
    print(name, "refused" if faults else "valid", *(e.json_path for e in faults))
`

// A validator that is not ours takes every file that tripwire carries and writes, and refuses broken ones.
func TestSchemaInAValidator(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "schema.json", must(t, "params", "--schema").out)
	want := map[string]string{}
	for _, name := range loader.Names() {
		text, err := fs.ReadFile(configs.FS, name+".toml")
		if err != nil {
			t.Fatal(err)
		}
		write(t, name+".toml", string(text))
		want[name+".toml"] = "valid"
	}
	must(t, "run", "credibility", "-n", "1", "-o", "out", "--progress", "none")
	want["out/scenario.toml"] = "valid"
	for _, name := range initNames() {
		must(t, "init", "by-"+name, "--template", name)
		want["by-"+name+"/war.toml"], want["by-"+name+"/study.toml"] = "valid", "valid"
	}
	for name, text := range map[string]string{
		"unknown":  "extends = \"baseline\"\n[strike]\ntomahwak_allotted = 1\n",
		"table":    "extends = \"baseline\"\n[stirke]\n",
		"range":    "extends = \"baseline\"\nattribution.threshold = 1.3\n",
		"open":     "extends = \"baseline\"\nattribution.threshold = { value = 1 }\n",
		"whole":    "extends = \"baseline\"\ncoalition.troops = 1.5\n",
		"type":     "extends = \"baseline\"\ncoalition.troops = \"many\"\n",
		"word":     "extends = \"baseline\"\ncoalition.roe = \"R5\"\n",
		"half":     "extends = \"baseline\"\nattribution.threshold = { value = 0.9, low = 0.8, basis = \"judgement\" }\n",
		"baseless": "extends = \"baseline\"\nattribution.threshold = { value = 0.9, low = 0.8, high = 0.95 }\n",
		"basis":    "extends = \"baseline\"\nattribution.threshold = { value = 0.9, basis = \"guess\" }\n",
		"evidence": "extends = \"baseline\"\nattribution.threshold = { value = 0.9, sorce = \"me\" }\n",
		"design":   "extends = \"baseline\"\n[study]\ndesign = \"full-factorial\"\n",
		"factor":   "extends = \"baseline\"\n[study]\ndesign = \"grid\"\n[[study.factors]]\nvalues = [1]\n",
		"study":    "extends = \"baseline\"\n[study]\nreps = 10\n",
		"alone":    "seed = 1\n",
		"format":   "extends = \"baseline\"\nformat = 2\n",
	} {
		write(t, name+"-broken.toml", text)
		want[name+"-broken.toml"] = "refused"
		if c := call(t, "check", name+"-broken.toml"); c.code != 3 {
			t.Errorf("%s: check exits with %d", name, c.code)
		}
	}
	var files []string
	for file := range want {
		files = append(files, file)
	}
	for line := range strings.Lines(python(t, validate, files...)) {
		f := strings.Fields(line)
		if f[1] != want[f[0]] {
			t.Errorf("got %swant %s", line, want[f[0]])
		}
		delete(want, f[0])
	}
	if len(want) > 0 {
		t.Errorf("nothing was said of %v", want)
	}
}
