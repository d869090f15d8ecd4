package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tripwire/configs"
	"tripwire/input"
	"tripwire/study"
)

var loader = input.Loader{Embedded: configs.FS}

// load reads FILE with the assignments of --set.
func load(file string, sets []string) (*study.Study, error) { return study.Load(loader, file, sets) }

// scenarioOf is FILE, or the scenario of a result if FILE is its folder.
func scenarioOf(file string) string {
	if info, err := os.Stat(file); err == nil && info.IsDir() && !slices.Contains(loader.Names(), file) {
		return filepath.Join(file, "scenario.toml")
	}
	return file
}

// completeFile offers the embedded names beside the shell's own files.
func completeFile(prefix string) []string {
	return slices.DeleteFunc(loader.Names(), func(name string) bool { return !strings.HasPrefix(name, prefix) })
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// quote makes a word of a command line that is to be typed.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
