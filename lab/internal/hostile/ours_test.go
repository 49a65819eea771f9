package hostile

import (
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The short run of the campaign: our parsers survive a fixed number of mutants of our
// samples and, if there is a corpus, of real files. CONTRIBUTING.md describes the long
// run.
func TestOursSurviveHostileInput(t *testing.T) {
	command := self(t, "ours")
	for _, tt := range []struct {
		format  string
		mutants int
		corpus  []string // small files
	}{
		{"evtx", 240, []string{"evtx/evtx-rs/new-user-security.evtx", "evtx/attack-samples/Sysmon_UACME_54.evtx"}},
		{"mft", 240, []string{"mft/dfir_ntfs_compressed_sparse.mft", "mft/dfir_ntfs_deleted.mft"}},
		{"ntfs", 80, []string{"images/colinfinck_testfs1"}},
		{"i30", 240, []string{"mft/i30_Start.bin", "mft/i30_SecondDelete.bin"}},
		{"vss", 80, nil},
		{"vsscarve", 80, nil},
		{"registry", 160, []string{"registry/regipy_BCD", "registry/yarp/BigDataHive"}},
		{"hivelogs", 160, nil},
		{"regtext", 240, nil},
		{"pe", 240, []string{"pe/WdBoot.sys", "pe/mscorlib.dll"}},
		{"catalog", 240, nil},
		{"weblog", 240, nil},
		{"task", 240, nil},
		{"taskcache", 240, nil},
		{"cim", 240, nil},
		{"lnk", 240, nil},
		{"jumplist", 240, nil},
		{"logfile", 160, nil},
		{"usn", 160, nil},
		{"prefetch", 240, nil},
		{"ese", 240, nil},
		{"recyclebin", 120, nil},
		{"pca", 120, nil},
		{"detectionhistory", 240, nil},
		{"bits", 240, nil},
		{"image", 40, nil},
		{"archive", 120, nil},
		{"ewf", 120, nil},
		{"vhd", 120, nil},
		{"vhdx", 40, nil},
		{"vmdk", 120, nil},
		{"qcow2", 120, nil},
		{"vdi", 120, nil},
		{"zstd", 120, nil},
		{"recovered", 120, []string{"evtx/evtx-rs/post-Security.evtx"}},
	} {
		t.Run(tt.format, func(t *testing.T) {
			if testing.Short() {
				tt.mutants /= 10
			}
			files, err := WriteSamples(t.TempDir(), tt.format)
			if err != nil {
				t.Fatal(err)
			}
			survives(t, tt.format, command, files, tt.mutants)
			t.Run("corpus", func(t *testing.T) {
				var files []string
				for _, name := range tt.corpus {
					files = append(files, testenv.Corpus(t, name))
				}
				if len(files) > 0 {
					survives(t, tt.format, command, files, tt.mutants/4)
				}
			})
		})
	}
}

func survives(t *testing.T, format string, command, files []string, mutants int) {
	f, _ := FormatNamed(format)
	// The time limit is generous, so that a busy machine does not fail the test.
	res, err := Campaign{Format: f, Parser: "birthmark", Command: command, Sound: files, Seed: 1, Mutants: mutants, Time: time.Minute}.Run(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.Absent != "" || res.Mutants != mutants {
		t.Fatalf("%d of %d mutants were tried; absent: %s", res.Mutants, mutants, res.Absent)
	}
	for _, found := range res.Findings {
		if underRace && found.Kind == "memory" {
			continue
		}
		t.Errorf("%s", found.text())
	}
	if f.footprints != nil && res.Judged == 0 {
		t.Error("no untouched record was judged")
	}
}
