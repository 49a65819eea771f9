package testenv

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Zircolite runs the Sigma rules for Sysmon over a log, and returns how many events each
// rule that fires matches, by title. $BIRTHMARK_ZIRCOLITE is the folder of Zircolite,
// $BIRTHMARK_SIGMA that of the rules, and a Python of the peers has what it needs.
// Neither is part of this project.
func Zircolite(t testing.TB, log string) map[string]int {
	t.Helper()
	folder, rules := os.Getenv("BIRTHMARK_ZIRCOLITE"), os.Getenv("BIRTHMARK_SIGMA")
	if folder == "" || rules == "" {
		t.Skip("$BIRTHMARK_ZIRCOLITE and $BIRTHMARK_SIGMA do not name the folders of Zircolite and of Sigma rules; no rule was tried")
	}
	python := Python(t, "evtx, orjson, sigma, RestrictedPython")
	out := filepath.Join(t.TempDir(), "detections.json")
	cmd := exec.Command(python, filepath.Join(folder, "zircolite.py"), "-q", "-e", log, "-r", rules, "-p", "sysmon", "windows-logsources",
		"-c", filepath.Join(folder, "config", "config.yaml"), "-o", out)
	cmd.Dir = t.TempDir() // for its log
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, said)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var detections []struct {
		Title string `json:"title"`
		Count int    `json:"count"`
	}
	if err := json.Unmarshal(data, &detections); err != nil {
		t.Fatal(err)
	}
	fired := map[string]int{}
	for _, d := range detections {
		fired[d.Title] += d.Count
	}
	return fired
}
