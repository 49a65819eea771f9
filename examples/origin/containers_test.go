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

// The report on the scenario does not depend on what its disk is kept in.
func TestContainersGiveTheSameReport(t *testing.T) {
	raw := machine.Image(t, origintest.SQLServer())
	// report leaves out the lines that name the evidence and the time of the run.
	report := func(t *testing.T, image string) string {
		t.Helper()
		code, out, problems := execute("-q", image, "sqlserver.exe")
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
	want := report(t, raw)
	if strings.Count(want, "\n") < 100 {
		t.Fatalf("the report is short:\n%s", want)
	}
	for name, command := range map[string][]string{
		"sparse VMDK":          {"qemu-img", "convert", "-O", "vmdk", raw, "TO.vmdk"},
		"streamOptimized VMDK": {"qemu-img", "convert", "-O", "vmdk", "-o", "subformat=streamOptimized", raw, "TO.vmdk"},
		"compressed QCOW2":     {"qemu-img", "convert", "-c", "-O", "qcow2", raw, "TO.qcow2"},
		"E01":                  {"ewfacquire", "-u", "-q", "-c", "deflate:fast", "-t", "TO", raw},
	} {
		t.Run(name, func(t *testing.T) {
			tool, to := testenv.Tool(t, command[0]), filepath.Join(t.TempDir(), "disk")
			var args []string
			for _, a := range command[1:] {
				args = append(args, strings.Replace(a, "TO", to, 1))
			}
			if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
				t.Skipf("%s: %v: %s", tool, err, out)
			}
			images, err := filepath.Glob(to + ".*")
			if err != nil || len(images) != 1 {
				t.Fatalf("%q: %v", images, err)
			}
			if got := report(t, images[0]); got != want {
				t.Errorf("the report differs from that of the raw disk:\n%s", got)
			}
		})
	}
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
