package evidence

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// diskBytes is an image under construction.
type diskBytes struct {
	b      []byte
	sector int
}

func newDisk(sectors, sector int) diskBytes { return diskBytes{make([]byte, sectors*sector), sector} }

func (d diskBytes) at(lba int) []byte { return d.b[lba*d.sector:] }

// entry writes partition entry i of the boot record at lba.
func (d diskBytes) entry(lba, i int, status, kind byte, first, count uint32) diskBytes {
	r := d.at(lba)
	r[bootSignatureOff], r[bootSignatureOff+1] = 0x55, 0xaa
	e := r[partitionTableOff+i*partitionEntryLen:]
	e[0], e[4] = status, kind
	binary.LittleEndian.PutUint32(e[8:], first)
	binary.LittleEndian.PutUint32(e[12:], count)
	return d
}

func (d diskBytes) ntfs(lba int) diskBytes {
	copy(d.at(lba)[3:], "NTFS    ")
	return d
}

type gptPart struct {
	first, last uint64
	label       string
}

// gpt writes a header at lba, its entries at entriesLBA.
func (d diskBytes) gpt(lba, other, entriesLBA int, parts ...gptPart) diskBytes {
	entries := d.at(entriesLBA)[:128*4]
	for i, p := range parts {
		e := entries[128*i:]
		e[0], e[16] = 0xa2, byte(i+1)
		binary.LittleEndian.PutUint64(e[gptFirstLBAOff:], p.first)
		binary.LittleEndian.PutUint64(e[gptLastLBAOff:], p.last)
		copy(e[gptNameOff:gptNameOff+gptNameLen], wtf8.Encode(p.label))
	}
	h := d.at(lba)
	copy(h, gptSignature)
	binary.LittleEndian.PutUint32(h[0x0c:], gptHeaderLen)
	binary.LittleEndian.PutUint64(h[0x18:], uint64(lba))
	binary.LittleEndian.PutUint64(h[0x20:], uint64(other))
	binary.LittleEndian.PutUint64(h[0x48:], uint64(entriesLBA))
	binary.LittleEndian.PutUint32(h[0x50:], 4)
	binary.LittleEndian.PutUint32(h[0x54:], 128)
	return d.gptSums(lba, entriesLBA)
}

// gptSums corrects the checksums of the header at lba.
func (d diskBytes) gptSums(lba, entriesLBA int) diskBytes {
	h := d.at(lba)
	binary.LittleEndian.PutUint32(h[0x58:], crc32.ChecksumIEEE(d.at(entriesLBA)[:128*4]))
	clear(h[gptHeaderCRC : gptHeaderCRC+4])
	binary.LittleEndian.PutUint32(h[gptHeaderCRC:], crc32.ChecksumIEEE(h[:gptHeaderLen]))
	return d
}

// put32 changes a field.
func (d diskBytes) put32(lba, off int, v uint32) diskBytes {
	binary.LittleEndian.PutUint32(d.at(lba)[off:], v)
	return d
}

// shown formats a table as "N:first+sectors", then its problems line by line.
func shown(t *table) string {
	if t == nil {
		return "none"
	}
	var parts []string
	for _, p := range t.partitions {
		s := fmt.Sprintf("%d:%d+%d", p.Number, p.Start/t.sector, p.Size/t.sector)
		if p.Label != "" {
			s += " " + p.Label
		}
		parts = append(parts, s)
	}
	lines := []string{strings.TrimSpace(fmt.Sprintf("%v/%d %s", t.scheme, t.sector, strings.Join(parts, ", ")))}
	for _, p := range t.problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func (d diskBytes) read(sector int64) *table {
	return readTable(image{bytes.NewReader(d.b), int64(len(d.b))}, sector)
}

func TestMBR(t *testing.T) {
	for _, tt := range []struct {
		name string
		disk diskBytes
		want string
	}{
		{"no signature", newDisk(8, 512), "none"},
		{"shorter than a boot record", diskBytes{make([]byte, 100), 512}, "none"},
		{"no entries", newDisk(8, 512).entry(0, 0, 0, 0, 0, 0), "none"},
		{"one partition", newDisk(64, 512).entry(0, 0, 0x80, 7, 8, 16), "MBR/512 1:8+16"},
		{"numbers follow the table, not the disk",
			newDisk(64, 512).entry(0, 3, 0, 7, 8, 8).entry(0, 1, 0, 7, 16, 8), "MBR/512 2:16+8, 4:8+8"},
		{"ends outside the image", newDisk(64, 512).entry(0, 0, 0, 7, 8, 1000),
			"MBR/512 1:8+1000\ntruncation: MBR: partition 1 sectors at 0x1be: got 1000, want ≤ 56, the sectors left in the image"},
		{"begins outside the image", newDisk(64, 512).entry(0, 0, 0, 7, 64, 8),
			"MBR/512 1:64+8\ntruncation: MBR: partition 1 first sector at 0x1be: got 64, want < 64, the sectors of the image"},
		{"cleared type, file system still there", newDisk(64, 512).entry(0, 0, 0, 0, 8, 16).ntfs(8),
			"MBR/512 1:8+16\nmalformed: MBR: partition 1 entry at 0x1be: got status 0x00, type 0x00, want status 0 or 0x80, type not 0"},
		{"cleared type, nothing there", newDisk(64, 512).entry(0, 0, 0, 0, 8, 16), "none"},
		{"bad status, nothing there", newDisk(64, 512).entry(0, 0, 0x41, 7, 8, 16), "none"},
		{"type is Linux, signature decides later", newDisk(64, 512).entry(0, 0, 0, 0x83, 8, 16).ntfs(8), "MBR/512 1:8+16"},
		{"sectors of 4096 bytes", newDisk(64, 4096).entry(0, 0, 0, 7, 8, 16).ntfs(8), "MBR/4096 1:8+16"},
		{"logical partitions",
			newDisk(64, 512).entry(0, 0, 0, 7, 2, 6).entry(0, 1, 0, 5, 16, 40).
				entry(16, 0, 0, 7, 1, 7).entry(16, 1, 0, 5, 8, 8).
				entry(24, 0, 0, 7, 1, 7), "MBR/512 1:2+6, 5:17+7, 6:25+7"},
		{"an extended partition that a boot manager hid",
			newDisk(64, 512).entry(0, 0, 0, 7, 2, 6).entry(0, 1, 0, 0x1f, 16, 40).entry(16, 0, 0, 7, 1, 7), "MBR/512 1:2+6, 5:17+7"},
		{"chain that points to itself",
			newDisk(64, 512).entry(0, 0, 0, 0x0f, 16, 40).
				entry(16, 0, 0, 7, 1, 7).entry(16, 1, 0, 5, 8, 8).
				entry(24, 0, 0, 7, 1, 7).entry(24, 1, 0, 5, 8, 8),
			"MBR/512 5:17+7, 6:25+7\nmalformed: MBR: next extended boot record at 0x31ce: got sector 24 again, want a new sector"},
		{"chain that leaves the image",
			newDisk(64, 512).entry(0, 0, 0, 5, 16, 40).entry(16, 0, 0, 7, 1, 7).entry(16, 1, 0, 5, 0xffffffff, 8),
			"MBR/512 5:17+7\nmalformed: MBR: extended boot record at 0x20000001e00: got 0 bytes, want 512 bytes"},
		{"extended partition without a record", newDisk(64, 512).entry(0, 0, 0, 7, 2, 6).entry(0, 1, 0, 5, 16, 40),
			"MBR/512 1:2+6\nmalformed: MBR: extended boot record signature at 0x21fe: got 00 00, want 55 aa"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := shown(tt.disk.read(0)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestMBRLongChain(t *testing.T) {
	d := newDisk(1024, 512).entry(0, 0, 0, 5, 1, 1023)
	for i := range 1000 {
		d.entry(1+i, 0, 0, 7, 1, 1).entry(1+i, 1, 0, 5, uint32(i+1), 1)
	}
	got := d.read(512)
	if n := len(got.partitions); n != maxLogical {
		t.Errorf("%d logical partitions, want %d", n, maxLogical)
	}
	if n := len(got.problems); n != 1 || !strings.HasPrefix(got.problems[0].String(), "limit: MBR: extended boot records") {
		t.Errorf("problems %v", got.problems)
	}
}

func TestGPT(t *testing.T) {
	parts := []gptPart{{40, 79, "Basic data partition"}, {80, 99, "Größe"}}
	whole := func(sector int) diskBytes {
		return newDisk(128, sector).entry(0, 0, 0, typeProtective, 1, 127).
			gpt(1, 127, 2, parts...).gpt(127, 1, 100, parts...)
	}
	const both = "GPT/512 1:40+40 Basic data partition, 2:80+20 Größe"
	for _, tt := range []struct {
		name string
		disk diskBytes
		want string
	}{
		{"both copies", whole(512), both},
		{"sectors of 4096 bytes", whole(4096), strings.Replace(both, "512", "4096", 1)},
		{"no protective MBR", func() diskBytes { d := whole(512); clear(d.at(0)[:512]); return d }(), both},
		{"header CRC wrong: the backup counts", whole(512).put32(1, 0x28, 99),
			both + "\nchecksum: GPT: GPT header CRC-32 at 0x210: got 0x14c7d965, want 0x538c1c0c"},
		{"entries CRC wrong: the backup counts", whole(512).put32(2, gptFirstLBAOff, 41),
			both + "\nchecksum: GPT: GPT header entries CRC-32 at 0x258: got 0x20ec7505, want 0xe230b162"},
		{"signature wiped: the backup counts", whole(512).put32(1, 0, 0),
			both + "\nmalformed: GPT: GPT header signature at 0x200: got none, want EFI PART"},
		{"an MBR that knows of no GPT, and what is left of one at the end", newDisk(128, 512).entry(0, 0, 0x80, 7, 63, 20).ntfs(63).gpt(127, 1, 100, parts...),
			"MBR/512 1:63+20\nhidden: MBR: GPT at 0xfe00: got a backup header of an earlier partition table, want none on a disk with this MBR"},
		{"an MBR that knows of no GPT, and both headers of an old one", newDisk(128, 512).entry(0, 0, 0x80, 7, 63, 20).ntfs(63).gpt(1, 127, 2, parts...).gpt(127, 1, 100, parts...),
			"MBR/512 1:63+20\nhidden: MBR: GPT at 0x200: got a header of an earlier partition table, want none on a disk with this MBR"},
		{"an MBR whose partition is nothing, and a GPT", newDisk(128, 512).entry(0, 0, 0x80, 7, 63, 20).gpt(1, 127, 2, parts...).gpt(127, 1, 100, parts...), both},
		{"a hybrid MBR", whole(512).entry(0, 1, 0, 7, 40, 40).ntfs(40), both},
		{"a wiped MBR, and what is left of a GPT at the end", newDisk(128, 512).gpt(127, 1, 100, parts...),
			both + "\nmalformed: GPT: GPT header signature at 0x200: got none, want EFI PART"},
		{"a GPT without partitions, and an MBR with one", newDisk(128, 512).entry(0, 0, 0x80, 7, 40, 20).ntfs(40).gpt(1, 127, 2).gpt(127, 1, 100), "MBR/512 1:40+20"},
		{"a GPT without partitions, and its MBR", newDisk(128, 512).entry(0, 0, 0, typeProtective, 1, 127).gpt(1, 127, 2).gpt(127, 1, 100), "GPT/512"},
		{"backup wiped", whole(512).put32(127, 0, 0),
			both + "\ntruncation: GPT: backup GPT header at 0xfe00: got none, want EFI PART"},
		{"copies that differ", newDisk(128, 512).gpt(1, 127, 2, parts...).gpt(127, 1, 100, parts[0]),
			both + "\nmalformed: GPT: backup GPT entries CRC-32 at 0xfe58: got 0xb696d0aa, want 0x20ec7505 as in the primary"},
		{"image larger than the disk was", func() diskBytes {
			d := whole(512)
			d.b = append(d.b, make([]byte, 4096)...)
			return d
		}(), both},
		{"entries outside the image", newDisk(128, 512).gpt(1, 127, 2, parts...).put32(1, 0x48, 0xffffff),
			"GPT/512\n" +
				"truncation: GPT: backup GPT header at 0xfe00: got none, want EFI PART\n" +
				"checksum: GPT: GPT header CRC-32 at 0x210: got 0x14c7d965, want 0x3699fdd5\n" +
				"truncation: GPT: GPT header entries sector at 0x248: got 16777215, want ≤ 128"},
		{"count beyond the image", newDisk(128, 512).gpt(1, 127, 2, parts...).put32(1, 0x50, 0xffffffff),
			both + "\n" +
				"truncation: GPT: backup GPT header at 0xfe00: got none, want EFI PART\n" +
				"checksum: GPT: GPT header CRC-32 at 0x210: got 0x14c7d965, want 0x93ebdb8a\n" +
				"limit: GPT: GPT header number of entries at 0x250: got 4294967295, want ≤ 504\n" +
				"checksum: GPT: GPT header entries CRC-32 at 0x258: got 0x20ec7505, want 0x8c0666d1"},
		{"entries of no size", newDisk(128, 512).gpt(1, 127, 2, parts...).put32(1, 0x54, 0),
			"GPT/512\n" +
				"truncation: GPT: backup GPT header at 0xfe00: got none, want EFI PART\n" +
				"checksum: GPT: GPT header CRC-32 at 0x210: got 0x14c7d965, want 0x47fc5cbf\n" +
				"malformed: GPT: GPT header size of an entry at 0x254: got 0, want 128 · 2ⁿ"},
		{"partition that ends before it begins", newDisk(128, 512).gpt(1, 127, 2, gptPart{50, 49, ""}).gpt(127, 1, 100, gptPart{50, 49, ""}),
			"GPT/512\nmalformed: GPT: partition 1 last sector at 0x428: got 49, want ≥ 50"},
		{"sector numbers beyond any disk", newDisk(128, 512).gpt(1, 127, 2, gptPart{1 << 60, 1<<60 + 7, ""}).gpt(127, 1, 100, gptPart{1 << 60, 1<<60 + 7, ""}),
			"GPT/512\nmalformed: GPT: partition 1 at 0x420: got 8 sectors from 1152921504606846976, want numbers below 2⁵⁰"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := shown(tt.disk.read(0)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func FuzzMBR(f *testing.F) {
	f.Add(newDisk(64, 512).entry(0, 0, 0, 7, 2, 6).entry(0, 1, 0, 5, 16, 40).entry(16, 0, 0, 7, 1, 7).entry(16, 1, 0, 5, 8, 8).entry(24, 0, 0, 7, 1, 7).b)
	f.Add(newDisk(16, 4096).entry(0, 0, 0, 7, 8, 16).ntfs(8).b)
	fuzzTable(f, readMBR)
}

func FuzzGPT(f *testing.F) {
	parts := []gptPart{{8, 9, "a"}, {10, 11, "b"}}
	f.Add(newDisk(16, 512).gpt(1, 15, 2, parts...).gpt(15, 1, 12, parts...).b)
	f.Add(newDisk(16, 512).gpt(15, 1, 12, parts...).b)
	f.Add(newDisk(4, 4096).gpt(1, 3, 2, gptPart{3, 3, "c"}).b)
	f.Add(newDisk(16, 512).gpt(1, 15, 2, parts...).put32(1, 0x54, 0).b)
	fuzzTable(f, readGPT)
}

// fuzzTable checks what holds for the table of any image: offsets are usable, and
// reading it again gives the same result.
func fuzzTable(f *testing.F, read func(image, int64) *table) {
	f.Fuzz(func(t *testing.T, b []byte) {
		img := image{bytes.NewReader(b), int64(len(b))}
		for _, sector := range []int64{512, 4096} {
			got := read(img, sector)
			if got == nil {
				continue
			}
			for _, p := range got.partitions {
				if p.Start < 0 || p.Size <= 0 || p.Start+p.Size < p.Start || p.Number < 1 {
					t.Errorf("unusable partition %+v", p)
				}
			}
			if again := read(img, sector); !slices.Equal(got.partitions, again.partitions) {
				t.Error("two reads differ")
			}
		}
	})
}

// The size of a sector can be set if nothing on the disk shows it.
func TestWithSectorSize(t *testing.T) {
	d := newDisk(64, 4096).entry(0, 0, 0, 7, 8, 16)
	for size, want := range map[int64]string{
		0:    "disk image (MBR); partition 1 unknown  4096+8192",
		512:  "disk image (MBR); partition 1 unknown  4096+8192",
		4096: "disk image (MBR); partition 1 unknown  32768+65536",
	} {
		e, err := New("disk.dd", bytes.NewReader(d.b), int64(len(d.b)), WithSectorSize(size))
		if err != nil || describe(e) != want {
			t.Errorf("%d: %s, %v; want %s", size, describe(e), err, want)
		}
	}
}

// The case: a disk of Windows XP with the end of an earlier GPT.
func TestFoundStaleGPT(t *testing.T) {
	e := open(t, testenv.UnpackedFound(t, "ntfs/mbr-with-stale-backup-gpt/disk.raw.zst"))
	if v := e.Volumes(); e.Kind() != "disk image (MBR)" || len(v) != 1 || v[0].Offset != 32256 || v[0].Kind != NTFS {
		t.Fatalf("%s with %d volumes", e.Kind(), len(v))
	}
	if s, err := e.Find(t.Context(), `C:\Users\a\evil.exe`); err != nil || s.Count != 1 {
		t.Errorf("the file on it: %+v, %v", s, err)
	}
}
