package qcow2

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/klauspost/compress/zstd"
)

// image is a qcow2 file that a test writes, with clusters of 4 KiB.
type image struct {
	version  uint32
	data     []byte
	own      func(i int) bool // clusters that it holds; nil for all
	compress string           // "", "deflate" or "zstd"
	backing  string
}

const testCluster = 4096

func (v image) bytes(t testing.TB) []byte {
	count := (len(v.data) + testCluster - 1) / testCluster
	const perTable = testCluster / 8
	tables := (count + perTable - 1) / perTable
	b := make([]byte, (2+tables)*testCluster) // the header, the L1 table, the L2 tables
	copy(b, Magic)
	binary.BigEndian.PutUint32(b[0x04:], v.version)
	if v.backing != "" {
		binary.BigEndian.PutUint64(b[0x08:], 0x200)
		binary.BigEndian.PutUint32(b[0x10:], uint32(copy(b[0x200:], v.backing)))
	}
	binary.BigEndian.PutUint32(b[0x14:], 12)
	binary.BigEndian.PutUint64(b[0x18:], uint64(len(v.data)))
	binary.BigEndian.PutUint32(b[0x24:], uint32(tables))
	binary.BigEndian.PutUint64(b[0x28:], testCluster)
	if v.version == 3 {
		binary.BigEndian.PutUint32(b[0x64:], 112)
		if v.compress == "zstd" {
			binary.BigEndian.PutUint64(b[0x48:], compression)
			b[0x68] = 1
		}
	}
	for i := range tables {
		binary.BigEndian.PutUint64(b[testCluster+8*i:], uint64((2+i)*testCluster))
	}
	for i := range count {
		if v.own != nil && !v.own(i) {
			continue
		}
		part := make([]byte, testCluster)
		copy(part, v.data[i*testCluster:])
		entry := b[2*testCluster+8*i:]
		if bytes.Equal(part, make([]byte, testCluster)) {
			if v.backing != "" {
				binary.BigEndian.PutUint64(entry, allZeros)
			}
			continue
		}
		if packed := v.packed(t, part); len(packed) > 0 && len(packed) < testCluster {
			const x = 62 - (12 - 8)
			sectors := (len(b)%512 + len(packed) - 1) / 512
			binary.BigEndian.PutUint64(entry, isCompressed|uint64(sectors)<<x|uint64(len(b)))
			b = append(b, packed...)
			continue
		}
		b = append(b, make([]byte, (testCluster-len(b)%testCluster)%testCluster)...)
		entry = b[2*testCluster+8*i:]
		binary.BigEndian.PutUint64(entry, uint64(len(b)))
		b = append(b, part...)
	}
	return append(b, make([]byte, (512-len(b)%512)%512)...)
}

func (v image) packed(t testing.TB, part []byte) []byte {
	var out bytes.Buffer
	var w io.WriteCloser
	var err error
	switch v.compress {
	case "deflate":
		w, err = flate.NewWriter(&out, 6)
	case "zstd":
		w, err = zstd.NewWriter(&out)
	default:
		return nil
	}
	if err == nil {
		_, err = w.Write(part)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func files(t testing.TB) (all disktest.Files, base, child []byte) {
	base = disktest.Disk(5<<20 + 700)
	child = append(bytes.Clone(base), make([]byte, 9000)...)
	copy(child[len(base):], "behind the end of the backing file")
	changed := func(i int) bool { return i >= 3 && i < 30 || i%11 == 0 || i*testCluster > len(base)-testCluster }
	for i := range len(child) / testCluster {
		if changed(i) {
			copy(child[i*testCluster:], strings.Repeat("child!", 300*(i%3)))
		}
	}
	return disktest.Files{
		"v2":       image{version: 2, data: base}.bytes(t),
		"v3":       image{version: 3, data: base}.bytes(t),
		"deflate":  image{version: 3, data: base, compress: "deflate"}.bytes(t),
		"zstd":     image{version: 3, data: base, compress: "zstd"}.bytes(t),
		"base.raw": base,
		"child":    image{version: 3, data: child, own: changed, backing: "/images/deflate"}.bytes(t),
		"of raw":   image{version: 3, data: child, own: changed, compress: "deflate", backing: "base.raw"}.bytes(t),
		"loop":     image{version: 3, data: child, own: changed, backing: "loop"}.bytes(t),
		"alone":    image{version: 3, data: child, own: changed, backing: "../gone.raw"}.bytes(t),
	}, base, child
}

func TestOpen(t *testing.T) {
	all, base, child := files(t)
	for name, want := range map[string][]byte{"v2": base, "v3": base, "deflate": base, "zstd": base, "child": child, "of raw": child} {
		f, _ := all.Open(name)
		img, err := Open(f)
		if err != nil || len(img.Problems) > 0 {
			t.Fatalf("%s: %v, %v", name, err, img.Problems)
		}
		t.Run(name, func(t *testing.T) { disktest.Same(t, img, want) })
	}
	for name, want := range map[string]string{
		"loop":  "loop: backing files: got 65, want ≤ 64",
		"alone": "alone: backing file at 0x200: got ../gone.raw, want beside the image: open gone.raw: file does not exist",
	} {
		f, _ := all.Open(name)
		if _, err := Open(f); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDamage(t *testing.T) {
	all, _, _ := files(t)
	put := func(name string, at int, v ...byte) []byte {
		b := bytes.Clone(all[name])
		copy(b[at:], v)
		return b
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want string // the error of Open or of reading, or the first problem
	}{
		{"a short file", []byte(Magic), "a: header at 0x0: got 4 bytes, want 72 bytes"},
		{"another version", put("v3", 7, 9), "a: version at 0x4: got 9, want 2 or 3"},
		{"clusters that are too large", put("v3", 0x17, 40), "a: size of a cluster at 0x14: got 2^40, want 2^9 to 2^21"},
		{"a disk that is too large", put("v3", 0x18, 0xff), "a: size of the disk at 0x18: got 18374686479676867260, want ≤ 2⁵⁶"},
		{"an encrypted image", put("v3", 0x23, 2), "a: encryption at 0x20: got 2, want 0: encrypted"},
		{"an unknown feature", put("v3", 0x48, 0x80), "a: features at 0x48: got 0x8000000000000000, want known ones"},
		{"an image that is marked as corrupt", put("v3", 0x4f, corrupt), "a: features at 0x48: got marked as corrupt"},
		{"a data file that is missing", put("v3", 0x4f, dataFile), "a: external data file at 0x48: want beside the image: a: name of another file: not a file beside the container"},
		{"an L1 table that is too short", put("v3", 0x27, 1), "a: entries of the L1 table at 0x24: got 1, want ≥ 3"},
		{"an L1 table outside the file", put("v3", 0x28, 0x7f), "a: L1 table at 0x7f00000000001000: "},
		{"an L2 table outside the file", put("v3", testCluster+1, 0x7f), "L2 table 0 at 0x7f000000002000: "},
		{"a zero cluster in version 2", func() []byte {
			b := put("v2", 2*testCluster)
			b[2*testCluster+7] |= allZeros
			return b
		}(), "entry of cluster 0: got "},
		{"a cluster outside the file", put("v3", 2*testCluster+1, 0x7f, 0xff), "offset of cluster 0: got "},
		{"a compressed cluster that is damaged", func() []byte {
			b := bytes.Clone(all["deflate"])
			for i := 2 * testCluster; ; i += 8 {
				if e := binary.BigEndian.Uint64(b[i:]); e&isCompressed != 0 {
					copy(b[e&(1<<58-1):], "\xff\xff\xff\xff")
					return b
				}
			}
		}(), "compressed cluster "},
	} {
		f := disk.File{Name: "a", R: bytes.NewReader(tt.b), Size: int64(len(tt.b))}
		img, err := Open(f)
		if err == nil && len(img.Problems) > 0 {
			err = img.Problems[0].Err
		}
		if err == nil {
			_, err = io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// What qemu-img writes, in each of its variants.
func TestQEMU(t *testing.T) {
	raw := disktest.Disk(5<<20 + 512)
	for _, options := range []string{
		"compat=0.10", "compat=1.1", "compat=1.1,cluster_size=512", "compat=1.1,cluster_size=2M", "compat=1.1,extended_l2=on,cluster_size=128k",
		"compat=1.1,compression_type=zstd -c", "compat=1.1 -c", "compat=1.1,extended_l2=on -c", "compat=0.10,cluster_size=4k -c", "compat=1.1,data_file=" + "DATA",
	} {
		t.Run(options, func(t *testing.T) {
			args := strings.Fields("-o " + options)
			if strings.Contains(options, "DATA") {
				args[1] = strings.Replace(args[1], "DATA", filepath.Join(t.TempDir(), "data.raw"), 1)
			}
			name := disktest.Convert(t, raw, "disk.qcow2", "qcow2", args...)
			if _, data, ok := strings.Cut(args[1], "data_file="); ok { // to the folder of the image
				if err := os.Rename(data, filepath.Join(filepath.Dir(name), "data.raw")); err != nil {
					t.Fatal(err)
				}
			}
			img, err := Open(disktest.File(t, name))
			if err != nil {
				t.Fatal(err)
			}
			disktest.Same(t, img, raw)
		})
	}
}

// A chain of three images that qemu-img and qemu-io write.
func TestQEMUBacking(t *testing.T) {
	qemuIO := disktest.Tool(t, "qemu-io")
	raw := disktest.Disk(3 << 20)
	base := disktest.Convert(t, raw, "base.qcow2", "qcow2")
	dir := filepath.Dir(base)
	for i, name := range []string{"one", "two"} {
		below := []string{"base", "one"}[i]
		for _, args := range [][]string{
			{disktest.Tool(t, "qemu-img"), "create", "-q", "-f", "qcow2", "-F", "qcow2", "-o", []string{"cluster_size=4k", "extended_l2=on"}[i], "-b", below + ".qcow2", name + ".qcow2", "4M"},
			{qemuIO, "-c", "write -P 0x41 70000 5000", "-c", "write -z 1M 64k", "-c", "write -P 0x42 3500000 512", name + ".qcow2"},
		} {
			cmd := exec.Command(args[0], args[1:]...)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
	}
	want := append(bytes.Clone(raw), make([]byte, 1<<20)...)
	copy(want[70000:], bytes.Repeat([]byte{0x41}, 5000))
	clear(want[1<<20 : 1<<20+64<<10])
	copy(want[3500000:], bytes.Repeat([]byte{0x42}, 512))
	img, err := Open(disktest.File(t, filepath.Join(dir, "two.qcow2")))
	if err != nil {
		t.Fatal(err)
	}
	disktest.Same(t, img, want)
}

// The disk is that of now, and the snapshots in the image are named.
func TestQEMUSnapshots(t *testing.T) {
	qemuIO := disktest.Tool(t, "qemu-io")
	raw := disktest.Disk(3 << 20)
	name := disktest.Convert(t, raw, "disk.qcow2", "qcow2")
	for _, args := range [][]string{
		{disktest.Tool(t, "qemu-img"), "snapshot", "-c", "before", name},
		{qemuIO, "-c", "write -P 0x41 70000 5000", name},
		{disktest.Tool(t, "qemu-img"), "snapshot", "-c", "after", name},
		{qemuIO, "-c", "write -P 0x42 1000000 5000", name},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	copy(raw[70000:], bytes.Repeat([]byte{0x41}, 5000))
	copy(raw[1000000:], bytes.Repeat([]byte{0x42}, 5000))
	img, err := Open(disktest.File(t, name))
	if err != nil {
		t.Fatal(err)
	}
	disktest.Same(t, img, raw)
	if len(img.Problems) != 1 || !strings.Contains(img.Problems[0].Err.Error(), "snapshots in the image at 0x3c: got 2") {
		t.Errorf("problems %v", img.Problems)
	}
}

// The content of clusters has no checksum, nor have the tables. Only compressed
// clusters show some damage.
func TestMutants(t *testing.T) {
	base := disktest.Disk(400_000)
	count := 500 // of each
	if testing.Short() {
		count = 100
	}
	for _, v := range []image{{version: 3, data: base}, {version: 3, data: base, compress: "deflate"}, {version: 3, data: base, compress: "zstd"}} {
		silent := disktest.Mutants(t, disktest.Files{"a": v.bytes(t)}, "a", base, count, Open)
		t.Logf("compressed by %q: %d of %d mutants pass", v.compress, silent, count)
	}
}

func FuzzOpen(f *testing.F) {
	small := disktest.Disk(60_000)
	for _, v := range []image{{version: 2, data: small}, {version: 3, data: small, compress: "deflate"}, {version: 3, data: small, compress: "zstd", backing: "a"}} {
		f.Add(v.bytes(f))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(b), Size: int64(len(b)), Beside: disktest.Files{"a": b}})
		if err == nil {
			io.CopyN(io.Discard, io.NewSectionReader(img.R, 0, img.Size), 1<<18)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := disktest.Disk(32 << 20)
	for _, options := range []string{"-o compat=1.1", "-c", "-o compression_type=zstd -c"} {
		b.Run(options, func(b *testing.B) {
			img, err := Open(disktest.File(b, disktest.Convert(b, raw, "disk.qcow2", "qcow2", strings.Fields(options)...)))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(img.Size)
			for b.Loop() {
				if _, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, io.NewSectionReader(img.R, 0, img.Size), make([]byte, 1<<20)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
