package hostile

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/ewf"
	"github.com/birthmark-dfir/birthmark/internal/disk/qcow2"
	"github.com/birthmark-dfir/birthmark/internal/disk/vdi"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhd"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhdx"
	"github.com/birthmark-dfir/birthmark/internal/disk/vmdk"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// All samples hold the same disk.
func TestContainerSamples(t *testing.T) {
	want := sampleDisk()
	for format, open := range map[string]func(disk.File) (disk.Image, error){
		"ewf": ewf.Open, "vhd": vhd.Open, "vhdx": vhdx.Open, "vmdk": vmdk.Open, "qcow2": qcow2.Open, "vdi": vdi.Open, "zstd": openZstd,
	} {
		samples, err := Samples(format)
		if err != nil {
			t.Fatal(err)
		}
		for name, b := range samples {
			img, err := open(disk.File{Name: name, R: bytes.NewReader(b), Size: int64(len(b))})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := io.ReadAll(io.NewSectionReader(img.R, 0, img.Size))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %d bytes, %v", name, len(got), err)
			}
		}
	}
}

// The blocks of a damaged container that change without a report are counted as silent,
// and are findings only if the format has a checksum.
func TestSilentChanges(t *testing.T) {
	samples, err := Samples("vdi")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "disk.vdi")
	if err := os.WriteFile(path, samples["disk.vdi"], 0o600); err != nil {
		t.Fatal(err)
	}
	blocks := 0
	if _, err := containerParsers["vdi"](path, func(r child.Record) { blocks++ }); err != nil || blocks != len(sampleDisk())/diskBlock+1 {
		t.Errorf("%d records, %v", blocks, err)
	}
	format, _ := FormatNamed("vdi")
	res, err := Campaign{Format: format, Parser: "birthmark", Command: self(t, "ours"), Sound: []string{path}, Seed: 1, Mutants: 20}.Run(t.Context(), nil)
	if err != nil || res.Silent == 0 || len(res.Findings) > 0 {
		t.Errorf("%d silent, %d findings, %v", res.Silent, len(res.Findings), err)
	}
}
