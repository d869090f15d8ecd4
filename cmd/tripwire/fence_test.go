package main

import (
	"regexp"
	"strings"
	"testing"
)

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// fenced is what the blocks of a language in a document hold, one after the other.
func fenced(t *testing.T, document, language string) string {
	t.Helper()
	var b strings.Builder
	for _, m := range fence.FindAllStringSubmatch(read(t, document), -1) {
		if m[1] == language {
			b.WriteString(m[2] + "\n")
		}
	}
	if b.Len() == 0 {
		t.Fatalf("%s has no block of %s", document, language)
	}
	return b.String()
}
