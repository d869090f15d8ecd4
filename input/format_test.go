package input_test

import (
	"os"
	"testing"

	"tripwire/input"
)

// A file says its format, or is of the first; one of a format to come is refused for that alone.
func TestFormat(t *testing.T) {
	t.Chdir(t.TempDir())
	type scenario struct {
		Seed int64 `toml:"seed"`
	}
	for _, c := range []struct{ text, want string }{
		{"seed = 1\n", ""},
		{"format = 1\nseed = 1\n", ""},
		{"format = 2\nseeds = { from = 1 }\n", "x.toml:1:10: format: 2 is newer than this tripwire, which reads format 1: install a newer one"},
		{"format = 0\nseed = 1\n", "x.toml:1:10: format: 0 must be 1, the one format there is so far"},
		{"format = \"1\"\nseed = 1\n", `x.toml:1:10: format: "1" must be 1, the one format there is so far`},
		{"fromat = 1\nseed = 1\n", "x.toml:1:1: fromat: no such parameter (did you mean format?)"},
		{"format = [1]\nseed = 1\n", "x.toml:1:10: format: [1] must be 1, the one format there is so far"},
		{"format.a = 1\nseed = 1\n", "x.toml:1:1: format: a table must be 1, the one format there is so far"},
	} {
		_, err := input.Loader{}.Load(save(t, c.text), nil, new(scenario), nil)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%q\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
	_, err := input.Loader{}.Load(save(t, "seed = 1\n"), []string{"format=1"}, new(scenario), nil)
	if err == nil || err.Error() != "--set:1:1: format: cannot be set: it stands in a file" {
		t.Errorf("--set format=1: %v", err)
	}
}

func save(t *testing.T, text string) string {
	t.Helper()
	if err := os.WriteFile("x.toml", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return "x.toml"
}
