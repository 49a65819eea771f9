package origin_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
)

// investigate opens an image of the corpus and investigates a file in it.
func investigate(t testing.TB, image, path string) *origin.Report {
	t.Helper()
	ev, err := evidence.Open(testenv.Unpacked(t, image))
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	vol, _, err := ev.Resolve(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := origin.Investigate(context.Background(), vol.FS, path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The report answers what the truth of the case names, each answer with its record.
func TestCorpusWinlogonShell(t *testing.T) {
	const payload = `C:\Users\IEUser\AppData\Roaming\9QxTsAU9w8gyPj4w\BRE6BgE2JubB.exe`
	r := investigate(t, "cases/winlogon-shell/disk.raw.zst", payload)
	if testing.Verbose() {
		for _, a := range r.Answers {
			t.Logf("%s [%s %s] %s\n   %q\n   rivals %q", a.Question, a.Grade, a.UnknownBecause, a.Answer, a.Facts, a.Rivals)
			for _, c := range a.Evidence {
				t.Logf("      %s #%s @%d %s", c.Artifact, c.Record, c.Offset, c.Text)
			}
		}
		for _, c := range r.Contradictions {
			t.Logf("! %s: %s %v", c.Kind, c.Text, c.Evidence)
		}
		for _, e := range r.Events {
			t.Logf("  %s %s %s", e.Time, e.Kind, e.Message)
		}
	}
	const owner = "S-1-5-21-3583694148-1414552638-2922671848-1000"
	if r.Subject.OwnerSID != owner {
		t.Errorf("owner %s, want %s", r.Subject.OwnerSID, owner)
	}
	for _, want := range []struct {
		question origin.Question
		grade    origin.Grade
		facts    string // name=value, separated by |
		cites    string // artifact of the decisive record
	}{
		{origin.What, origin.Recorded, "", "BRE6BgE2JubB.exe"},
		{origin.Appeared, origin.Recorded, "time=2019-06-14T22:22:21.503125Z", "$MFT"},
		{origin.OriginalName, origin.Recorded, "path=" + payload, "Sysmon"},
		{origin.Writer, origin.Recorded, `image=C:\Users\IEUser\Downloads\a.exe|parent_image=C:\Windows\explorer.exe`, "Sysmon"},
		{origin.Account, origin.Recorded, `user=IEWIN7\IEUser|logon_id=0x1336d`, "Sysmon"},
		{origin.Arrival, origin.Corroborated, `kind=dropped|url=http://203.0.113.77/a.exe|address=203.0.113.77|via=C:\Users\IEUser\Downloads\a.exe`, "a.exe:Zone.Identifier"},
		{origin.Logon, origin.Unknown, "logon_id=0x1336d", ""},
		// What ran had other hashes than the stand-in on the disk.
		{origin.Executed, origin.Inferred, `proves=execution|time=2019-06-14T22:23:13.925Z|last=2019-06-14T22:23:16.577Z|count=2|parent_image=C:\Windows\System32\userinit.exe|logon_id=0xbc013`, "Sysmon"},
		{origin.Autostart, origin.Recorded, `category=winlogon|name=Shell|written=2019-06-14T22:22:21.519`, "NTUSER.DAT"},
	} {
		a := r.Answer(want.question)
		if a.Grade != want.grade {
			t.Errorf("%s is %s, want %s: %s", want.question, a.Grade, want.grade, a.Answer)
		}
		for fact := range strings.SplitSeq(want.facts, "|") {
			name, value, _ := strings.Cut(fact, "=")
			if got := a.Fact(name); name != "" && !strings.HasPrefix(got, value) {
				t.Errorf("%s: %s is %q, want %q", want.question, name, got, value)
			}
		}
		if want.cites != "" && (len(a.Evidence) == 0 || !strings.Contains(a.Evidence[0].Artifact, want.cites)) {
			t.Errorf("%s does not cite %s first: %+v", want.question, want.cites, a.Evidence)
		}
	}
	if !slices.ContainsFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == origin.HashDiffers }) {
		t.Errorf("the differing hashes are not among the contradictions %+v", r.Contradictions)
	}
}

// What starts the file is only in the transaction logs of the hive.
func TestFoundDirtyHives(t *testing.T) {
	dir := t.TempDir()
	for name, as := range map[string]string{"": "SYSTEM", ".LOG1": "SYSTEM.LOG1", ".LOG2": "SYSTEM.LOG2"} {
		data, err := os.ReadFile(testenv.Corpus(t, "registry/regipy_SYSTEM_B"+name))
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, "Windows", "System32", "config", as)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// The case has another name for the account.
	without := driverPath(t, testenv.Corpus(t, "registry/regipy_SYSTEM_B"))
	if without != "" {
		t.Errorf("without the logs the driver is %s", without)
	}
	path := driverPath(t, filepath.Join(dir, "Windows", "System32", "config", "SYSTEM"), registry.WithLogsBeside())
	driver := filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(strings.TrimPrefix(path, `C:\`), `\`, "/")))
	if err := os.MkdirAll(filepath.Dir(driver), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(driver, []byte("driver"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		opts   []origin.Option
		grade  origin.Grade
		name   string
		noted  bool
		reason origin.UnknownBecause
	}{
		{nil, origin.Recorded, "ad_driver", true, ""},
		{[]origin.Option{origin.WithoutReplay()}, origin.Unknown, "", true, origin.PartlySearched},
	} {
		r, err := origin.Investigate(context.Background(), os.DirFS(dir), path, tt.opts...)
		if err != nil {
			t.Fatal(err)
		}
		a := r.Answer(origin.Autostart)
		if a.Grade != tt.grade || a.Fact("name") != tt.name || a.UnknownBecause != tt.reason {
			t.Errorf("%s %s: %s", a.Grade, a.UnknownBecause, a.Answer)
		}
		i := slices.IndexFunc(r.Coverage, func(c origin.Coverage) bool { return c.Artifact == "Windows/System32/config/SYSTEM" })
		if i < 0 || (r.Coverage[i].Note != "") != tt.noted {
			t.Fatalf("coverage: %+v", r.Coverage)
		}
		const replayed = "SYSTEM.LOG1: 10 pages of 4 writes replayed, up to sequence number 2110; SYSTEM.LOG2: 305 pages of 20 writes replayed, up to sequence number 2130"
		if dirty := slices.ContainsFunc(r.Contradictions, func(c origin.Contradiction) bool { return c.Kind == origin.HiveDirty }); dirty != (r.Coverage[i].Note != replayed) {
			t.Errorf("the hive contradicts: %v, and is noted %s", dirty, r.Coverage[i].Note)
		}
	}
}

// driverPath returns the path of the driver ad_driver in a hive, or "".
func driverPath(t *testing.T, hive string, opts ...registry.Option) string {
	t.Helper()
	r, err := registry.Open(hive, opts...)
	if err != nil {
		t.Fatal(err)
	}
	for a, err := range registry.Autostarts(r) {
		if err == nil && a.Name == "ad_driver" {
			return winpath.Normalize("C", a.Path)
		}
	}
	return ""
}
