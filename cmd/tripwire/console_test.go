package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// documents is every Markdown file for readers, from the top of the project.
func documents(t *testing.T) []string {
	t.Helper()
	files := []string{"README.md"}
	err := fs.WalkDir(os.DirFS(root), "docs", func(file string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(file, ".md") {
			files = append(files, file)
		}
		return err
	})
	if err != nil || len(files) < 10 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	return files
}

// fence is a block of a document: its language, and what it holds.
var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

const left = "..." // stands for any lines of an answer

// What documents show in blocks ```console is what happens: a block holds lines "$ tripwire ..." or "$ cd ...",
// each with its answer: what stands on stdout or, where the command fails, on stderr. One line "..." may
// stand for the middle or the end. All blocks of a document are carried out in one folder, in turn. A block
// ```toml whose first line is "# NAME.toml" is written there as that file. With -update the answers are
// written anew, as many lines before and after the "..." as there were.
func TestConsole(t *testing.T) {
	blocks := 0
	for _, document := range documents(t) {
		text := read(t, filepath.Join(root, document))
		if !strings.Contains(text, "\n```console\n") {
			continue
		}
		t.Run(document, func(t *testing.T) {
			here, err := filepath.Abs(filepath.Join(root, document))
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			got := fence.ReplaceAllStringFunc(text, func(block string) string {
				m := fence.FindStringSubmatch(block)
				switch name, isFile := strings.CutPrefix(strings.SplitN(m[2], "\n", 2)[0], "# "); {
				case m[1] == "toml" && isFile && strings.HasSuffix(name, ".toml") && filepath.IsLocal(name):
					write(t, name, m[2])
				case m[1] == "console":
					blocks++
					return "```console\n" + carryOut(t, document, m[2]) + "```"
				}
				return block
			})
			if *update {
				write(t, here, got)
			}
		})
	}
	if blocks < 8 {
		t.Errorf("only %d blocks were found", blocks)
	}
}

// carryOut carries out a block, and returns it with the answers as they are.
func carryOut(t *testing.T, document, block string) string {
	var anew strings.Builder
	for _, part := range strings.Split("\n"+block, "\n$ ")[1:] {
		line, shown, _ := strings.Cut(part, "\n")
		anew.WriteString("$ " + line + "\n")
		words := shellWords(line)
		answer, code := "", 0
		switch words[0] {
		case "cd":
			t.Chdir(words[1])
		case "tripwire":
			c := call(t, words[1:]...)
			if answer, code = c.out, c.code; c.code != 0 && c.out == "" {
				answer = c.err
			}
		default:
			t.Fatalf("%s: $ %s: only tripwire and cd are carried out in a block console", document, line)
		}
		answer = strings.TrimSuffix(answer, "\n")
		want := strings.TrimSuffix(shown, "\n")
		excerpt := excerptAs(answer, want)
		if code != 0 && excerpt != answer {
			t.Errorf("%s: $ %s: exit %d, which a document shows whole:\n%s", document, line, code, answer)
		}
		if excerpt != want && !*update {
			t.Errorf("%s: $ %s\nsays\n%s\nand the document shows\n%s\ngo test ./cmd/tripwire -run Console -update writes it anew", document, line, excerpt, want)
		}
		if excerpt != "" {
			anew.WriteString(excerpt + "\n")
		}
	}
	return anew.String()
}

// excerptAs is an answer cut as another one is: as many lines before and after "...".
func excerptAs(answer, shown string) string {
	head, tail, cut := strings.Cut("\n"+shown+"\n", "\n"+left+"\n")
	if !cut {
		return answer
	}
	lines := strings.Split(answer, "\n")
	before, after := strings.Count(head, "\n"), strings.Count(tail, "\n")
	if before+after >= len(lines) {
		return answer
	}
	kept := append(append(append([]string(nil), lines[:before]...), left), lines[len(lines)-after:]...)
	return strings.Join(kept, "\n")
}

// shellWords are the words of a command line without variables or pipes.
func shellWords(line string) []string {
	var words []string
	for _, m := range regexp.MustCompile(`(?:[^\s'"#]|'[^']*'|"[^"]*")+|#.*`).FindAllString(line, -1) {
		if strings.HasPrefix(m, "#") {
			break
		}
		words = append(words, strings.NewReplacer("'", "", `"`, "").Replace(m))
	}
	return words
}

var inline = regexp.MustCompile("`(?:go run ./cmd/)?tripwire ([^`\n]+)`|(?m)^(?:    |\\$ )(?:go run ./cmd/)?tripwire (.+)$")

// Every command line that a document names in passing is one that the program takes: the command exists,
// and so does each flag.
func TestDocumentsNameRealCommands(t *testing.T) {
	named := 0
	for _, document := range documents(t) {
		for _, m := range inline.FindAllStringSubmatch(read(t, filepath.Join(root, document)), -1) {
			line := m[1] + m[2]
			named++
			if err := takes(shellWords(line)); err != nil {
				t.Errorf("%s: tripwire %s: %v", document, line, err)
			}
		}
	}
	if named < 30 {
		t.Errorf("only %d command lines were found", named)
	}
}

// What the README tells a newcomer to type runs, in its order.
func TestReadmeCommandsRun(t *testing.T) {
	text := read(t, root+"/README.md")
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "5", "--progress", "none")
	ran := 0
	for _, row := range strings.Split(text, "\n") {
		if !strings.HasPrefix(row, "| ") {
			continue
		}
		for _, m := range inline.FindAllStringSubmatch(row, -1) {
			words := shellWords(m[1])
			if slices.Contains(words, "FILE") {
				continue // of the reader's
			}
			switch words[0] {
			case "check", "completion": // of a file of the reader's
				continue
			case "serve": // has no end; its own tests ask it
				continue
			case "rare":
				words = append(words, "--effort", "10", "--repetitions", "2")
			case "verify": // its own test carries out the known answers
				if len(words) == 1 {
					continue
				}
			case "run":
				words = append(words, "--progress", "none")
				if words[1] != "policies" { // whose first round is as long as its procedure needs
					words = append(words, "-n", "2")
				}
				if words[1] == "baseline" && len(words) == 6 {
					continue
				}
			case "plan":
				words = append(words, "--probe", "50ms")
			}
			must(t, words...)
			ran++
		}
	}
	if ran < 8 {
		t.Errorf("only %d commands were run", ran)
	}
}

// takes says why a command line could not be read. Words in capitals stand for something.
func takes(words []string) error {
	cmd, rest, err := newRoot(&streams{}).Find(words)
	if err != nil {
		return err
	}
	if !cmd.HasParent() {
		return cmd.Help()
	}
	cmd.InitDefaultHelpFlag()
	return flagsOf(cmd, rest)
}

func flagsOf(cmd *cobra.Command, words []string) error {
	placeholder := regexp.MustCompile(`^[A-Z]+(=[A-Z]+)?$`)
	for i, w := range words {
		if placeholder.MatchString(w) && i > 0 && strings.HasPrefix(words[i-1], "-") {
			if f := cmd.Flags().Lookup(strings.TrimLeft(words[i-1], "-")); f != nil && f.Value.Type() != "string" && f.Value.Type() != "stringArray" {
				words[i] = "1"
			}
		}
	}
	return cmd.ParseFlags(words)
}
