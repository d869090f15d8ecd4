package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Shards on several machines come to the bytes of one, and each says what it is.
func TestShards(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "troops.toml", troops)
	must(t, "run", "troops.toml", "-o", "alone", "--events", "all", "--format", "csv,parquet", "--progress", "none")
	shard := func(i int, more ...string) called {
		t.Helper()
		return must(t, append([]string{"run", "troops.toml", "--shard", fmt.Sprintf("%d/4", i), "--events", "all", "--progress", "none"}, more...)...)
	}
	c := shard(1, "--format", "csv,parquet")
	if !strings.HasPrefix(c.out, "results/troops-shards/1-of-4: shard 1 of 4, whole\n  runs      ") ||
		!strings.HasSuffix(c.out, "  to unite  tripwire merge results/troops-shards/* -o results/troops\n") {
		t.Errorf("a shard says\n%s", c.out)
	}
	if again := shard(1); again.out != c.out || again.err != "" {
		t.Errorf("run again it says\n%s%s\nwant\n%s", again.out, again.err, c.out)
	}
	if again := must(t, "run", "results/troops-shards/1-of-4"); again.out != c.out {
		t.Errorf("run by its folder it says\n%s\nwant\n%s", again.out, c.out)
	}
	if _, err := os.Stat("results/troops-shards/1-of-4/manifest.json"); err == nil {
		t.Error("a shard has left a result")
	}
	shard(3)
	stump := call(t, "run", "troops.toml", "--shard", "4/4", "--events", "all", "--time-limit", "1ns", "--resume", "-o", "results/troops-shards/4-of-4")
	if stump.code != 6 {
		t.Errorf("a shard cut short: exit %d, %s", stump.code, stump.err)
	}
	merge := []string{"merge", "results/troops-shards/1-of-4", "results/troops-shards/3-of-4", "-o", "united"}
	said := call(t, merge...)
	const want = "missing shards: 2,4 of 4\nplay them: for i in 2 4; do tripwire run results/troops-shards/1-of-4 --shard $i/4 --resume -o results/troops-shards/$i-of-4; done\n"
	if said.code != 6 || !strings.HasSuffix(said.err, want) || !strings.Contains(said.err, " of 160 histories are missing, and nothing was written\n") {
		t.Errorf("without shards 2 and 4: exit %d, want 6 with\n%sgot\n%s", said.code, want, said.err)
	}
	if _, err := os.Stat("united"); err == nil {
		t.Error("a merge of too little has left a folder")
	}
	// What it says to type plays those shards, as they are to be played.
	for _, i := range []string{"2", "4"} {
		must(t, "run", "results/troops-shards/1-of-4", "--shard", i+"/4", "--resume", "-o", "results/troops-shards/"+i+"-of-4", "--progress", "none")
	}
	all, err := filepath.Glob("results/troops-shards/*")
	if err != nil || len(all) != 4 {
		t.Fatalf("there are %q, %v", all, err)
	}
	merge = append(append([]string{"merge"}, all...), "-o", "united")
	first := must(t, merge...)
	sameFiles(t, "united", "alone")
	if !regexp.MustCompile(`\A0/160 rows 0\.0%\n160/160 rows 100\.0% \S+ rows/s P\(deterred\)=0\.\d+\n\z`).MatchString(first.err) {
		t.Errorf("how far it is it tells by\n%s", first.err)
	}
	if c := must(t, append(merge, "--force", "--progress", "json")...); !regexp.MustCompile(`\A{"done":0,.*"runs":160}\n{.*"done":160,.*}\n\z`).MatchString(c.err) {
		t.Errorf("--progress json: %s", c.err)
	}
	if c := must(t, append(merge, "--force", "--progress", "none")...); c.err != "" {
		t.Errorf("--progress none: %s", c.err)
	}
	if again := must(t, merge...); again.out != first.out {
		t.Errorf("merged again it says\n%s\nwant\n%s", again.out, first.out)
	}
	var s state
	if err := json.Unmarshal([]byte(must(t, "status", all[1], "--json").out), &s); err != nil {
		t.Fatal(err)
	}
	if s.Finished || s.Unfinished || s.Shard.Number != 2 || s.Shard.Of != 4 || s.Done != s.Total || s.Done == 0 || s.Next != "tripwire merge results/troops-shards/* -o results/troops" {
		t.Errorf("status of a shard is %+v", s)
	}
}

// What cannot be played in shards, or united, is refused with its reason.
func TestShardsRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, "run", "baseline", "-n", "20", "-o", "done", "--progress", "none")
	for _, args := range []string{"-n 20 --shard 1/2 -o a/1", "-n 20 --shard 2/2 -o a/2", "-n 21 --set coalition.roe=R3 --shard 2/2 -o b/2", "-n 20 --shard 2/2 --events all -o c/2"} {
		must(t, append([]string{"run", "baseline", "--progress", "none"}, strings.Fields(args)...)...)
	}
	stump(t, "stump", "run", "baseline", "-n", "5000000", "-o", "stump")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"run baseline --shard 3/2", 2, "--shard 3/2: must be I/N with I from 1 to N, such as 3/8"},
		{"run baseline --shard 0/2", 2, "must be I/N"},
		{"run baseline -n 5 --shard 1/99999999999", 2, "--shard 1/99999999999: baseline has 5 units of work: N must be at most that"},
		{"run baseline -n 5 --shard 1/5 -o fifth", 0, ""},
		{"run baseline --shard 1/2x", 2, "must be I/N"},
		{"run baseline --shard 1/2 --until 0.1", 2, "decides by all its histories how long to go on"},
		{"run baseline -n 20 --shard 1/3 -o a/1", 7, "a/1 holds shard 1/2: name another folder for 1/3 with -o"},
		{"run baseline -n 20 --resume -o a/1", 7, "a/1 holds shard 1/2 of the same input: name another folder with -o"},
		{"run baseline -n 20 --shard 1/2 -o done", 7, "done holds a finished result: name another folder for a shard with -o"},
		{"run baseline -n 5000000 --shard 1/2 --resume -o stump", 7, "stump holds an unfinished run of the whole"},
		{"merge a/1 a/2 -o x --progress loud", 2, "--progress loud: must be auto, bar, plain, json or none"},
		{"merge a/1 a/2", 2, "-o: must name the folder of the result"},
		{"merge a/1 a/2 -o a/1", 2, "a/1 is one of the folders to unite"},
		{"merge a/1 nowhere -o x", 7, "nowhere: "},
		{"merge a/1 done -o x", 7, "done holds a finished result, and nothing to unite"},
		{"merge a/1 b/2 -o x", 7, "b/2 is of another input than a/1 (differs in coalition.roe, study.replications)"},
		{"merge a/1 c/2 -o x", 7, "c/2 was played with --events all, and a/1 with --events none"},
		{"merge a/1 a/2 -o stump", 7, "stump holds an unfinished run: name another folder"},
		{"merge b/2 -o done", 7, "done holds a result of another input"},
		{"merge stump -o x", 6, "histories are missing, and nothing was written; play them: tripwire run stump --resume"},
		{"merge b/2 -o x", 6, "missing shards: 1 of 2\nplay them: tripwire run b/2 --shard 1/2 --resume -o b/1"},
	} {
		if got := call(t, strings.Fields(c.args)...); got.code != c.code || !strings.Contains(got.err, c.want) {
			t.Errorf("tripwire %s: exit %d, want %d with %q in %s", c.args, got.code, c.code, c.want, got.err)
		}
	}
	const file = "a/2/.tripwire/parts/run.json"
	write(t, file, strings.Replace(read(t, file), `"version": "`, `"version": "9.`, 1))
	if c := call(t, "merge", "a/1", "a/2", "-o", "x"); c.code != 7 || !strings.Contains(c.err, "a/2 was played by version 9.") {
		t.Errorf("with a shard of another version: exit %d, %s", c.code, c.err)
	}
	if _, err := os.Stat("x"); err == nil {
		t.Error("a merge that was refused has left a folder")
	}
}
