package evidence

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Every format that is recognized and not read has a row in foreign, and each row of it
// is that of a format.
func TestForeign(t *testing.T) {
	names := map[string]bool{aff4: true, journaled: true, encryptedLogical: true, "encrypted EnCase image (Ex01)": true, "encrypted QEMU image (qcow2)": true}
	for _, c := range containers {
		if c.inside() == "" {
			names[c.name] = true
		}
	}
	for _, s := range fileSystems {
		names[s.name] = s.name != "NTFS" || names[s.name]
	}
	for _, p := range partitionTypes {
		names[p.name] = true
	}
	delete(names, "NTFS")
	for name := range names {
		if _, ok := foreign[name]; !ok {
			t.Errorf("no row for %q", name)
		}
	}
	for name, command := range foreign {
		if !names[name] {
			t.Errorf("the row %q is not used", name)
		}
		if command != "" && !strings.Contains(command, "EnCase") && !strings.Contains(command, "IMAGE") && !strings.Contains(command, "LOOP") {
			t.Errorf("the command for %q names no evidence: %s", name, command)
		}
	}
}

// Each signature and each type of a partition is named in the error, with the command.
func TestForeignIsNamed(t *testing.T) {
	const start, sectors = 16, 24
	disk := func() diskBytes { return newDisk(64, 512) }
	for i, s := range fileSystems {
		if s.name == "NTFS" {
			continue
		}
		d := disk().entry(0, 0, 0, 0x0b, start, sectors)
		at(d.at(start), int(s.off), s.magic)
		checkForeign(t, "signature "+string(rune('0'+i)), d.b, s.name)
	}
	for _, p := range partitionTypes {
		if p.mbr != 0 {
			checkForeign(t, "MBR type", disk().entry(0, 0, 0, p.mbr, start, sectors).b, p.name)
		}
		d := disk().gpt(1, 63, 2, gptPart{start, start + sectors - 1, "a"})
		guid := guidOf(t, p.gpt)
		copy(d.at(2), guid[:])
		checkForeign(t, "GPT type", d.gptSums(1, 2).b, p.name)
	}
}

func checkForeign(t *testing.T, kind string, b []byte, name string) {
	t.Helper()
	e, err := New("disk.dd", bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	v := e.Volumes()[0]
	want := "disk.dd: partition 1: " + name + " at 0x2000: not supported yet"
	if command := notRead(name, 0x2000).Err.Error(); v.FileSystem != name || !errors.Is(v.Err, ErrUnsupported) || v.Err.Error() != strings.TrimSuffix(want, ErrUnsupported.Error())+command {
		t.Errorf("%s of %s: %s, %v", kind, name, v.FileSystem, v.Err)
	}
}

func TestForeignContainers(t *testing.T) {
	for _, c := range containers {
		if c.inside() != "" {
			continue
		}
		b := make([]byte, 8192)
		off := int(c.off)
		if off < 0 {
			off += len(b)
		}
		_, err := New("a", bytes.NewReader(at(b, off, c.magic)), int64(len(b)))
		if want := "a: " + notRead(c.name, -1).Error(); err == nil || err.Error() != want || !errors.Is(err, ErrUnsupported) {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	qcow2 := at(make([]byte, 8192), 0, "QFI\xfb\x00\x00\x00\x03")
	qcow2[0x17], qcow2[0x1f], qcow2[0x23] = 16, 64, 2
	if _, err := New("a", bytes.NewReader(qcow2), int64(len(qcow2))); err == nil || !strings.Contains(err.Error(), "encrypted QEMU image (qcow2): not supported yet; convert it first: qemu-img convert --object secret,") {
		t.Errorf("an encrypted qcow2: %v", err)
	}
	sesparse := make([]byte, 8192)
	for off, v := range map[int]uint64{0: 0xcafebabe, 8: 0x200000001, 0x10: 8, 0x18: 8, 0x20: 64, 0x50: 1, 0x200: 0xcafecafe, 0x218: 1} {
		binary.LittleEndian.PutUint64(sesparse[off:], v)
	}
	if _, err := New("a", bytes.NewReader(sesparse), int64(len(sesparse))); err == nil || !strings.HasPrefix(err.Error(), "a: VMware image (VMDK) with writes in its journal: not supported yet; convert it first: vmkfstools -i IMAGE OUT.vmdk, on ESXi,") {
		t.Errorf("a SESPARSE extent with a journal: %v", err)
	}
	zipped := archivetest.Zip(t, member{Name: "container.description", Content: []byte("aff4://0")}, member{Name: "information.turtle", Content: []byte("@prefix aff4: .")})
	_, err := New("a.aff4", bytes.NewReader(zipped), int64(len(zipped)))
	if want := "a.aff4: AFF4 image: not supported yet; convert it first: aff4imager -e '*' --export_dir FOLDER IMAGE"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

// The places in a command are filled in.
func TestForeignCommands(t *testing.T) {
	for _, tt := range []struct {
		name string
		off  int64
		want string
	}{
		{"BitLocker", 1 << 20, "BitLocker at 0x100000: not supported yet; convert it first: dislocker-file -V IMAGE -O 1048576 -p -- OUT"},
		{"LUKS 2", 512, "LUKS 2 at 0x200: not supported yet; convert it first: cryptsetup open --readonly $(losetup --find --show --read-only --offset 512 IMAGE) NAME, and open /dev/mapper/NAME"},
		{"xz compression", -1, "xz compression: not supported yet; convert it first: xz -dc IMAGE > OUT"},
		{"Windows kernel crash dump", -1, "Windows kernel crash dump: not supported yet"},
	} {
		if got := notRead(tt.name, tt.off).Error(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
	}
}

// A volume of NTFS in a partition of another type is read.
func TestPromisedIsLast(t *testing.T) {
	for _, p := range partitionTypes {
		if p.mbr == 0 {
			continue
		}
		e, err := New("disk.dd", bytes.NewReader(newDisk(64, 512).entry(0, 0, 0, p.mbr, 8, 16).ntfs(8).b), 64*512)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(e.Volumes(), func(v *Volume) bool { return v.Kind == NTFS }) {
			t.Errorf("%s: %s", p.name, describe(e))
		}
	}
}

func guidOf(t *testing.T, s string) GUID {
	t.Helper()
	g, err := winid.ParseGUID(s)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// What other programs write is recognized.
func TestForeignOfTools(t *testing.T) {
	for _, tt := range []struct {
		want  string
		tool  string
		args  []string
		stdin string
	}{
		{"ext", "mkfs.ext4", []string{"-q", "-F"}, ""},
		{"XFS", "mkfs.xfs", []string{"-q"}, ""},
		{"FAT32", "mkfs.vfat", []string{"-F", "32"}, ""},
		{"exFAT", "mkfs.exfat", nil, ""},
		{"LUKS 1", "cryptsetup", []string{"luksFormat", "--type", "luks1", "-q", "--pbkdf-force-iterations", "1000", "-d", "-"}, "password"},
		{"LUKS 2", "cryptsetup", []string{"luksFormat", "--type", "luks2", "-q", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000", "-d", "-"}, "password"},
	} {
		t.Run(tt.want, func(t *testing.T) {
			t.Setenv("PATH", os.Getenv("PATH")+":/sbin:/usr/sbin")
			tool, err := exec.LookPath(tt.tool)
			if err != nil {
				t.Skip(err)
			}
			name := filepath.Join(t.TempDir(), "volume.dd")
			if err := os.WriteFile(name, nil, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(name, 320<<20); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(tool, append(tt.args, name)...)
			cmd.Stdin = strings.NewReader(tt.stdin)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Skipf("%s: %v: %s", tt.tool, err, out)
			}
			e := open(t, name)
			if v := e.Volumes(); len(v) != 1 || v[0].FileSystem != tt.want || !errors.Is(v[0].Err, ErrUnsupported) {
				t.Error(describe(e))
			}
		})
	}
}
