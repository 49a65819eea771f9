package origintest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// collect writes what a triage tool would copy into a folder.
func collect(t *testing.T, s *origintest.Scenario, dir string) {
	t.Helper()
	artifacts, err := s.Artifacts()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range artifacts {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// records counts the records of all logs of a scenario.
func records(t *testing.T, s *origintest.Scenario) int {
	t.Helper()
	artifacts, err := s.Artifacts()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for name, data := range artifacts {
		if !strings.HasSuffix(name, ".evtx") {
			continue
		}
		r, err := evtx.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range r.Records() {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
	}
	return n
}

// dissect finds on the disk what an investigation begins with: where Windows and its
// logs are, its version, the zone of its times, its accounts.
func TestDissectKnowsTheMachine(t *testing.T) {
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	disk := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(disk, image, 0o600); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Hostname     string   `json:"hostname"`
		Addresses    []string `json:"ips"`
		Version      string   `json:"os_version"`
		Architecture string   `json:"architecture"`
		Language     []string `json:"language"`
		TimeZone     string   `json:"timezone"`
		Installed    string   `json:"install_date"`
	}
	if err := json.Unmarshal([]byte(ask(t, "target-info", "-q", "-j", disk)), &got); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"hostname":"WEB01","ips":["10.0.4.15"],"os_version":"Windows Server 2022 Datacenter (NT 10.0) 20348.4648",` +
		`"architecture":"amd64-win64","language":["en_US"],"timezone":"UTC","install_date":"2025-06-11 09:14:02+00:00"}`; string(b) != want {
		t.Errorf("target-info:\n%s, want\n%s", b, want)
	}
	for _, tt := range []struct {
		function string
		records  int
		says     []string
	}{
		{"evtx", records(t, s), []string{"certutil.exe", "EventID=7036", "EventID=4608"}},
		{"machine_sid", 1, []string{"S-1-5-21-2718281828-3141592653-1618033988"}},
		{"users", 5, []string{"-1004' name='portaladmin'", "-1001' name='svcadmin'"}},
		{"sam", 5, []string{"rid=1004", "username='portaladmin'", "rid=500"}},
		{"services", 5, []string{"SQLServerSvc"}},
	} {
		out := ask(t, "target-query", "-q", "-s", "-f", tt.function, disk)
		if n := strings.Count(out, "\n"); n != tt.records {
			t.Errorf("%s: %d records, want %d", tt.function, n, tt.records)
		}
		for _, want := range tt.says {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", tt.function, want, out)
			}
		}
	}
}

// plaso reads the artifacts of all machines, and warns of nothing.
func TestPlasoWarnsOfNothing(t *testing.T) {
	log2timeline, pinfo := testenv.Tool(t, "log2timeline"), testenv.Tool(t, "pinfo")
	dir := t.TempDir()
	storage, evidence := filepath.Join(dir, "timeline.plaso"), filepath.Join(dir, "evidence")
	times := 0
	for _, s := range origintest.Variants() {
		collect(t, s, filepath.Join(evidence, s.Name))
		times += 2 * records(t, s) // of the event, and of its record
	}
	ask(t, log2timeline, "--unattended", "-q", "--status-view", "none", "--logfile", filepath.Join(dir, "log.gz"), "--storage-file", storage, evidence)
	var got struct {
		Counters struct {
			Parsers  map[string]int `json:"parsers"`
			Warnings map[string]int `json:"warnings_by_parser"`
		} `json:"storage_counters"`
	}
	out := ask(t, pinfo, "--output-format", "json", storage)
	if err := json.Unmarshal([]byte(out), &got); err != nil { // a warning may make it invalid
		t.Fatalf("%v in %s", err, out)
	}
	if len(got.Counters.Warnings) > 0 {
		t.Errorf("warnings by parser: %v", got.Counters.Warnings)
	}
	if n := got.Counters.Parsers["winevtx"]; n != times {
		t.Errorf("%d times of the logs, want %d", n, times)
	}
	for _, parser := range []string{"windows_sam_users", "windows_services", "winreg_default"} {
		if got.Counters.Parsers[parser] == 0 {
			t.Errorf("%s found nothing", parser)
		}
	}
}

// The rules of SigmaHQ that fire on the acts of the story.
func TestRulesFire(t *testing.T) {
	dir := t.TempDir()
	collect(t, origintest.SQLServer(), dir)
	fired := testenv.Zircolite(t, filepath.Join(dir, "Windows", "System32", "winevt", "Logs", "Microsoft-Windows-Sysmon%4Operational.evtx"))
	for _, rule := range []string{
		"CurrentVersion Autorun Keys Modification",
		"Direct Autorun Keys Modification",
		"Legitimate Application Dropped Executable",
		"Legitimate Application Writing Files In Uncommon Location",
		"New Service Creation Using Sc.EXE",
		"Non Interactive PowerShell Process Spawned",
		"Potential Persistence Attempt Via Run Keys Using Reg.EXE",
		"Suspicious Download Via Certutil.EXE",
		"Suspicious Encoded PowerShell Command Line",
		"Suspicious Execution of Powershell with Base64",
		"Suspicious File Downloaded From Direct IP Via Certutil.EXE",
		"Suspicious PowerShell Encoded Command Patterns",
		"Suspicious PowerShell Parent Process",
		"Suspicious Process By Web Server Process",
		"Unusual File Download from Direct IP Address",
		"Webshell Detection With Command Line Keywords",
		"Webshell Hacking Activity Patterns",
	} {
		if fired[rule] == 0 {
			t.Errorf("%q does not fire", rule)
		}
	}
}

// The tests in Python find the truth with other tools.
func TestPythonFindsTheTruth(t *testing.T) {
	if testenv.Updating() {
		t.Skip("testdata is being rewritten")
	}
	python := testenv.Python(t, "pytest, Evtx, regipy, jsonschema")
	cmd := exec.Command(python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", filepath.Join(testenv.Root(t), "testdata", "python"))
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
