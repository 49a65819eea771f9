package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/examples/internal/machine"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// packed are the commands that make containers of the raw disk RAW, as TO with an ending.
var packed = map[string][]string{
	"sparse VMDK":          {"qemu-img", "convert", "-O", "vmdk", "RAW", "TO.vmdk"},
	"streamOptimized VMDK": {"qemu-img", "convert", "-O", "vmdk", "-o", "subformat=streamOptimized", "RAW", "TO.vmdk"},
	"compressed QCOW2":     {"qemu-img", "convert", "-c", "-O", "qcow2", "RAW", "TO.qcow2"},
	"VHDX":                 {"qemu-img", "convert", "-O", "vhdx", "RAW", "TO.vhdx"},
	"E01":                  {"ewfacquire", "-u", "-q", "-c", "deflate:fast", "-t", "TO", "RAW"},
}

// container makes a container of a raw disk and returns its name.
func container(t testing.TB, command []string, raw string) string {
	t.Helper()
	tool, to := testenv.Tool(t, command[0]), filepath.Join(t.TempDir(), "disk")
	var args []string
	for _, a := range command[1:] {
		args = append(args, strings.NewReplacer("TO", to, "RAW", raw).Replace(a))
	}
	if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
		t.Skipf("%s: %v: %s", tool, err, out)
	}
	images, err := filepath.Glob(to + ".*")
	if err != nil || len(images) != 1 {
		t.Fatalf("%q: %v", images, err)
	}
	return images[0]
}

// reportOn returns the report on the scenario without the lines that name the evidence and
// the time of the run.
func reportOn(t testing.TB, image string) string {
	t.Helper()
	code, out, problems := execute("-q", image, origintest.SQLServer().Subject)
	if code != cli.Done {
		t.Fatalf("exit %d: %s", code, problems)
	}
	var kept []string
	for line := range strings.Lines(out) {
		if f := strings.Fields(line); len(f) == 0 || f[0] != "evidence" && f[0] != "report" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// The report on the scenario does not depend on what its disk is kept in.
func TestContainersGiveTheSameReport(t *testing.T) {
	raw := machine.Image(t, origintest.SQLServer())
	want := reportOn(t, raw)
	if strings.Count(want, "\n") < 100 {
		t.Fatalf("the report is short:\n%s", want)
	}
	for name, command := range packed {
		t.Run(name, func(t *testing.T) {
			if got := reportOn(t, container(t, command, raw)); got != want {
				t.Errorf("the report differs from that of the raw disk:\n%s", got)
			}
		})
	}
}

// A collection that Velociraptor's collector zipped gives the report of the disk: it has
// other paths of what is absent, and no transaction log of NTFS.
func TestVelociraptorGivesTheSameReport(t *testing.T) {
	of := func(report string) string {
		report, _, _ = strings.Cut(report, "\nCOVERAGE\n")
		return strings.Replace(report, "  volume      partition 2\n", "  volume      C\n", 1)
	}
	want := of(reportOn(t, machine.Image(t, origintest.SQLServer())))
	dir := machine.Folders(t, origintest.SQLServer())["Velociraptor"]
	if got := of(reportOn(t, evidencetest.Zip(t, dir, ""))); got != want || strings.Count(want, "\n") < 100 {
		t.Errorf("the report is\n%s\nthat of the disk is\n%s", got, want)
	}
}

// A report, from the opening of the evidence on, by what the evidence is kept in.
func BenchmarkReport(b *testing.B) {
	raw := machine.Image(b, origintest.SQLServer())
	run := func(name string, open func(b *testing.B) string) {
		b.Run(name, func(b *testing.B) {
			file := open(b)
			for b.Loop() {
				reportOn(b, file)
			}
		})
	}
	run("raw", func(*testing.B) string { return raw })
	for name, command := range packed {
		run(name, func(b *testing.B) string { return container(b, command, raw) })
	}
	run("zip of Velociraptor", func(b *testing.B) string {
		return evidencetest.Zip(b, machine.Folders(b, origintest.SQLServer())["Velociraptor"], "")
	})
}

// The answers on a collection of the scenario do not depend on whether it is packed.
func TestPackedCollectionsGiveTheSameAnswers(t *testing.T) {
	for collector, dir := range machine.Folders(t, origintest.SQLServer()) {
		brief := func(name string) string {
			code, out, problems := execute("-q", "-brief", name, origintest.SQLServer().Subject)
			if code != cli.Done {
				t.Fatalf("%s: exit %d: %s", collector, code, problems)
			}
			return out
		}
		if got, want := brief(evidencetest.Zip(t, dir, "")), brief(dir); got != want || len(want) < 1000 {
			t.Errorf("%s: the answers from the zip are\n%s\nthose from the folder\n%s", collector, got, want)
		}
	}
}
