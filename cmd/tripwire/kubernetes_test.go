//go:build python

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// job is what the tests ask of a manifest.
type job struct {
	APIVersion, Kind string
	Metadata         struct{ Name string }
	Spec             struct {
		CompletionMode                                 string
		Completions, Parallelism, BackoffLimitPerIndex int64
		Template                                       struct {
			Spec struct {
				RestartPolicy string
				Containers    []struct {
					Image         string
					Command, Args []string
					Resources     struct{ Requests map[string]string }
					VolumeMounts  []struct{ Name, MountPath string }
				}
				Volumes []struct {
					Name                  string
					ConfigMap             struct{ Name string }
					PersistentVolumeClaim struct{ ClaimName string }
				}
			}
		}
	}
}

// The manifests are YAML to somebody else's parser (python3-yaml), and say what Kubernetes is to do; their scripts
// name the missing shards, and unite those that are there.
func TestKubernetesManifests(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "k")
	c := newCluster("Norway: yes", 20_000_000_000, 0.0005, 4, 0, 1000, even(20_000_000_000))
	if err := c.write("kubernetes", dir, nil); err != nil {
		t.Fatal(err)
	}
	jobs := map[string]*job{"tasks": {}, "merge": {}}
	for name, j := range jobs {
		const script = "import json, sys, yaml\nprint(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))"
		cmd := exec.Command("/usr/bin/python3", "-c", script, filepath.Join(dir, name+".yaml"))
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s.yaml: %v (needs the package python3-yaml)", name, err)
		}
		all := []*job{j}
		if err := json.Unmarshal(out, &all); err != nil || len(all) != 1 {
			t.Fatalf("%s.yaml holds %d documents, %v", name, len(all), err)
		}
		pod := j.Spec.Template.Spec
		if j.APIVersion != "batch/v1" || j.Kind != "Job" || len(pod.Containers) != 1 || pod.RestartPolicy != "Never" ||
			strings.Join(pod.Containers[0].Command, " ") != "/bin/sh -c" || len(pod.Containers[0].Args) != 1 {
			t.Errorf("%s.yaml is %+v", name, j)
		}
		for _, mount := range pod.Containers[0].VolumeMounts {
			found := false
			for _, v := range pod.Volumes {
				found = found || v.Name == mount.Name && (v.ConfigMap.Name == "tripwire-norway--yes") != (v.PersistentVolumeClaim.ClaimName == "tripwire")
			}
			if !found {
				t.Errorf("%s.yaml mounts %s, which is no volume of the study", name, mount.Name)
			}
		}
	}
	tasks := jobs["tasks"]
	if s := tasks.Spec; s.CompletionMode != "Indexed" || s.Completions != 1000 || s.Parallelism != 100 || s.BackoffLimitPerIndex != 5 ||
		tasks.Metadata.Name != "tripwire-norway--yes" || s.Template.Spec.Containers[0].Resources.Requests["cpu"] != "4" {
		t.Errorf("tasks.yaml is %+v", tasks)
	}
	// The scripts run with a program that says how it was called.
	said := func(j *job, env ...string) string {
		t.Helper()
		script := strings.ReplaceAll(j.Spec.Template.Spec.Containers[0].Args[0], "/work/", dir+"/")
		cmd := exec.Command("/bin/sh", "-c", "tripwire() { echo \"$@\"; return ${CODE:-5}; }\n"+script)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			return string(out) + err.Error()
		}
		return string(out)
	}
	want := "run /input/scenario.toml --shard 42/1000 --resume -o shards/42 -j 4 --yes\n"
	if got := said(tasks, "JOB_COMPLETION_INDEX=41"); got != want {
		t.Errorf("index 41 does %q, want %q", got, want)
	}
	study := filepath.Join(dir, "norway--yes")
	if _, err := os.Stat(filepath.Join(study, "finished/42")); err != nil {
		t.Errorf("shard 42 is not noted as done, though exit 5 is a whole result: %v", err)
	}
	if got := said(tasks, "JOB_COMPLETION_INDEX=42", "CODE=137"); !strings.HasSuffix(got, "exit status 137") {
		t.Errorf("of a program that was killed the task says %q", got)
	}
	if _, err := os.Stat(filepath.Join(study, "finished/43")); err == nil {
		t.Error("shard 43 is noted as done, though its program was killed")
	}
	// What tells the pod to end reaches the program, which ends in order.
	program := `tripwire() { trap 'exit 143' TERM; kill -TERM $$; while :; do sleep 0.1; done; }` + "\n"
	ended := exec.Command("/bin/sh", "-c", program+strings.ReplaceAll(tasks.Spec.Template.Spec.Containers[0].Args[0], "/work/", dir+"/"))
	ended.Env = []string{"JOB_COMPLETION_INDEX=43"}
	if err := ended.Run(); ended.ProcessState.ExitCode() != 143 {
		t.Errorf("a task that is told to end: %v, want the program's 143", err)
	}
	var all []string
	for i := range 1000 {
		shard := strconv.Itoa(i + 1)
		all = append(all, "shards/"+shard)
		if i+1 != 7 && i+1 != 999 {
			write(t, filepath.Join(study, "finished", shard), "")
		}
	}
	if got, want := said(jobs["merge"]), "missing shards: 7,999; the tasks applied again do only those\nexit status 6"; got != want {
		t.Errorf("without shards 7 and 999 the merge does %q, want %q", got, want)
	}
	write(t, filepath.Join(study, "finished/7"), "")
	write(t, filepath.Join(study, "finished/999"), "")
	if got, want := said(jobs["merge"]), "merge "+strings.Join(all, " ")+" -o result\n"; got != want {
		t.Errorf("with all shards the merge does %.200q, want %.200q", got, want)
	}
}
