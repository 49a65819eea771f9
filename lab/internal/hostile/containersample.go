package hostile

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"crypto/md5"
	"fmt"
	"hash/adler32"
	"math/rand/v2"

	"github.com/birthmark-dfir/birthmark/internal/disk/ewf"
	"github.com/birthmark-dfir/birthmark/internal/disk/qcow2"
	"github.com/birthmark-dfir/birthmark/internal/disk/vmdk"
	"github.com/birthmark-dfir/birthmark/internal/unzstd/zstdtest"
)

// sampleDisk is the content of a disk: pieces of 4 KiB of text, of random bytes and of
// zeros.
func sampleDisk() []byte {
	b := make([]byte, 160<<10)
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < len(b); at += 4096 {
		switch part := b[at : at+4096]; r.IntN(3) {
		case 0:
			for i := range part {
				part[i] = byte(r.Uint32())
			}
		case 1:
			copy(part, bytes.Repeat(fmt.Appendf(nil, "text at %d. ", at), 400))
		}
	}
	b[len(b)-1] = 0x55
	return b
}

// sampleContainers returns the disk in the containers of a format.
func sampleContainers(format string) (map[string][]byte, error) {
	data := sampleDisk()
	switch format {
	case "ewf":
		return map[string][]byte{"disk.E01": sampleE01(data), "disk.Ex01": sampleEx01(data)}, nil
	case "vhd":
		return map[string][]byte{"dynamic.vhd": sampleVHD(data), "fixed.vhd": append(bytes.Clone(data), vhdFooter(len(data), 2)...)}, nil
	case "vhdx":
		return map[string][]byte{"disk.vhdx": sampleVHDX(data)}, nil
	case "vmdk":
		return map[string][]byte{"sparse.vmdk": sampleVMDK(data, false), "stream.vmdk": sampleVMDK(data, true), "sesparse.vmdk": sampleSESparse(data)}, nil
	case "qcow2":
		return map[string][]byte{"plain.qcow2": sampleQCOW2(data, false), "compressed.qcow2": sampleQCOW2(data, true)}, nil
	case "zstd":
		return sampleZstd(data)
	case "vdi":
		return map[string][]byte{"disk.vdi": sampleVDI(data)}, nil
	}
	return nil, fmt.Errorf("hostile: no samples of %q", format)
}

// zstdMagic begins a frame.
const zstdMagic = "\x28\xb5\x2f\xfd"

// sampleZstd compresses a disk as one frame, and in frames of a piece each, all with the
// checksum of their content.
func sampleZstd(data []byte) (map[string][]byte, error) {
	one, err := zstdtest.Frames(data, len(data))
	if err != nil {
		return nil, err
	}
	frames, err := zstdtest.Frames(data, sampleChunk)
	return map[string][]byte{"one.zst": one, "frames.zst": frames}, err
}

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

const sampleChunk = 4096

// pieces calls f for each piece of a disk.
func pieces(data []byte, f func(i int, part []byte)) {
	for i := 0; i*sampleChunk < len(data); i++ {
		f(i, data[i*sampleChunk:min(len(data), (i+1)*sampleChunk)])
	}
}

func isZero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }

func sampleE01(data []byte) []byte {
	b := append([]byte(ewf.Magic), 1, 1, 0, 0, 0)
	section := func(kind string, content []byte) {
		d := make([]byte, 76)
		copy(d, kind)
		next := len(b)
		if kind != "done" {
			next += 76 + len(content)
		}
		le.PutUint64(d[0x10:], uint64(next))
		le.PutUint64(d[0x18:], uint64(76+len(content)))
		le.PutUint32(d[0x48:], adler32.Checksum(d[:0x48]))
		b = append(append(b, d...), content...)
	}
	v := make([]byte, 1052)
	le.PutUint32(v[4:], uint32((len(data)+sampleChunk-1)/sampleChunk))
	le.PutUint32(v[8:], sampleChunk/512)
	le.PutUint32(v[0xc:], 512)
	le.PutUint64(v[0x10:], uint64(len(data)/512))
	le.PutUint32(v[1048:], adler32.Checksum(v[:1048]))
	section("volume", v)
	base := len(b)
	var sectors, entries []byte
	pieces(data, func(i int, part []byte) {
		at := uint32(76 + len(sectors))
		if i%3 == 0 {
			sectors = le.AppendUint32(append(sectors, part...), adler32.Checksum(part))
		} else {
			sectors = append(sectors, deflated(part)...)
			at |= 1 << 31
		}
		entries = le.AppendUint32(entries, at)
	})
	section("sectors", sectors)
	h := make([]byte, 24)
	le.PutUint32(h, uint32(len(entries)/4))
	le.PutUint64(h[8:], uint64(base))
	le.PutUint32(h[0x14:], adler32.Checksum(h[:0x14]))
	table := le.AppendUint32(append(h, entries...), adler32.Checksum(entries))
	section("table", table)
	section("table2", table)
	sum := md5.Sum(data)
	hash := append(sum[:], make([]byte, 16)...)
	section("hash", le.AppendUint32(hash, adler32.Checksum(hash)))
	section("done", nil)
	return b
}

func sampleEx01(data []byte) []byte {
	b := append(append([]byte(ewf.SecondMagic), 2, 1, 1, 0, 1, 0, 0, 0), "an image's own i"...)
	before := 0
	end := func(kind uint32, start int) {
		padding := -len(b) & 15
		b = append(b, make([]byte, padding)...)
		d := make([]byte, 64)
		le.PutUint32(d, kind)
		le.PutUint64(d[8:], uint64(before))
		le.PutUint64(d[0x10:], uint64(len(b)-start))
		le.PutUint32(d[0x18:], 64)
		le.PutUint32(d[0x1c:], uint32(padding))
		le.PutUint32(d[0x3c:], adler32.Checksum(d[:0x3c]))
		before = len(b)
		b = append(b, d...)
	}
	section := func(kind uint32, content []byte) {
		start := len(b)
		b = append(b, content...)
		end(kind, start)
	}
	text := func(s string) []byte {
		out := []byte{0xff, 0xfe}
		for _, c := range s {
			out = append(out, byte(c), byte(c>>8))
		}
		return deflated(out)
	}
	section(1, text(fmt.Sprintf("1\nmain\nts\tbp\n%d\t512\n\n", len(data)/512)))
	section(2, text(fmt.Sprintf("1\nmain\nsb\n%d\n\n", sampleChunk/512)))
	start := len(b)
	var entries []byte
	pieces(data, func(i int, part []byte) {
		off, length, flags := uint64(len(b)), 0, uint32(1)
		switch packed := deflated(part); {
		case isZero(part):
			off, flags = 0, 5
		case i%3 == 0 || len(packed) >= len(part):
			b = le.AppendUint32(append(b, part...), adler32.Checksum(part))
			length, flags = len(part)+4, 2
		default:
			b = append(b, packed...)
			length = len(packed)
		}
		b = append(b, make([]byte, -len(b)&15)...)
		entries = le.AppendUint32(le.AppendUint32(le.AppendUint64(entries, off), uint32(length)), flags)
	})
	end(3, start)
	h := make([]byte, 32)
	le.PutUint32(h[8:], uint32(len(entries)/16))
	le.PutUint32(h[0x10:], adler32.Checksum(h[:0x10]))
	section(4, append(le.AppendUint32(append(h, entries...), adler32.Checksum(entries)), make([]byte, 12)...))
	section(0x0f, nil)
	return b
}

func vhdFooter(size int, kind uint32) []byte {
	b := make([]byte, 512)
	copy(b, "conectix")
	be.PutUint64(b[0x10:], 512)
	if kind == 2 {
		be.PutUint64(b[0x10:], 1<<64-1)
	}
	be.PutUint64(b[0x30:], uint64(size))
	be.PutUint32(b[0x3c:], kind)
	withinContainer(b, 0, func() {})
	return b
}

func sampleVHD(data []byte) []byte {
	footer := vhdFooter(len(data), 3)
	b := append(bytes.Clone(footer), make([]byte, 1024)...)
	h := b[512:]
	copy(h, "cxsparse")
	be.PutUint64(h[0x10:], 1536)
	be.PutUint32(h[0x1c:], uint32(len(data)/sampleChunk))
	be.PutUint32(h[0x20:], sampleChunk)
	b = append(b, bytes.Repeat([]byte{0xff}, 512)...)
	pieces(data, func(i int, part []byte) {
		if isZero(part) {
			return
		}
		be.PutUint32(b[1536+4*i:], uint32(len(b)/512))
		b = append(append(b, bytes.Repeat([]byte{0xff}, 512)...), part...)
	})
	b = append(b, footer...)
	withinContainer(b, 0, func() {})
	return b
}

func sampleVDI(data []byte) []byte {
	b := make([]byte, 1024)
	copy(b, "<<< a disk image >>>\n")
	for at, v := range map[int]uint32{0x40: 0xbeda107f, 0x44: 0x10001, 0x4c: 1, 0x154: 512, 0x158: 1024, 0x170: uint32(len(data)), 0x178: sampleChunk, 0x180: uint32(len(data) / sampleChunk)} {
		le.PutUint32(b[at:], v)
	}
	n := uint32(0)
	pieces(data, func(i int, part []byte) {
		if isZero(part) {
			le.PutUint32(b[512+4*i:], 0xfffffffe)
			return
		}
		le.PutUint32(b[512+4*i:], n)
		b = append(b, part...)
		n++
	})
	return b
}

func sampleQCOW2(data []byte, compressed bool) []byte {
	b := make([]byte, 3*4096) // the header, the first table, one second table
	copy(b, qcow2.Magic)
	be.PutUint32(b[4:], 3)
	be.PutUint32(b[0x14:], 12)
	be.PutUint64(b[0x18:], uint64(len(data)))
	be.PutUint32(b[0x24:], 1)
	be.PutUint64(b[0x28:], 4096)
	be.PutUint32(b[0x64:], 112)
	be.PutUint64(b[4096:], 2*4096)
	pieces(data, func(i int, part []byte) {
		entry := 2*4096 + 8*i
		var out bytes.Buffer
		if w, err := flate.NewWriter(&out, 6); err == nil && compressed {
			w.Write(part)
			w.Close()
		}
		switch {
		case isZero(part):
		case out.Len() > 0 && out.Len() < len(part):
			sectors := (len(b)%512 + out.Len() - 1) / 512
			be.PutUint64(b[entry:], 1<<62|uint64(sectors)<<58|uint64(len(b)))
			b = append(b, out.Bytes()...)
		default:
			b = append(b, make([]byte, -len(b)&4095)...)
			be.PutUint64(b[entry:], uint64(len(b)))
			b = append(b, part...)
		}
	})
	return append(b, make([]byte, -len(b)&511)...)
}

func sampleVMDK(data []byte, stream bool) []byte {
	const tableAt = 2 // sectors; the directory follows the table
	h := make([]byte, 512)
	copy(h, vmdk.SparseMagic)
	le.PutUint32(h[4:], 1)
	flags := uint32(1 | 4)
	if stream {
		flags |= 1<<16 | 1<<17
		le.PutUint16(h[0x4d:], 1)
	}
	le.PutUint32(h[8:], flags)
	le.PutUint64(h[0x0c:], uint64(len(data)/512))
	le.PutUint64(h[0x14:], sampleChunk/512)
	le.PutUint32(h[0x2c:], 128)
	le.PutUint64(h[0x38:], tableAt+1)
	le.PutUint64(h[0x40:], tableAt+2)
	b := append(bytes.Clone(h), make([]byte, (tableAt+1)*512)...)
	le.PutUint32(b[(tableAt+1)*512:], tableAt)
	pieces(data, func(i int, part []byte) {
		entry := tableAt*512 + 4*i
		if isZero(part) {
			le.PutUint32(b[entry:], 1)
			return
		}
		le.PutUint32(b[entry:], uint32(len(b)/512))
		if stream {
			packed := deflated(part)
			b = le.AppendUint32(le.AppendUint64(b, uint64(i*sampleChunk/512)), uint32(len(packed)))
			b = append(b, packed...)
			b = append(b, make([]byte, -len(b)&511)...)
			return
		}
		b = append(b, part...)
	})
	if stream { // the directory is in the footer
		copy(b, h)
		le.PutUint64(b[0x38:], 1<<64-1)
		b = append(b, make([]byte, 512)...)
		le.PutUint64(b[len(b)-512:], 1)
		le.PutUint32(b[len(b)-500:], 3)
		b = append(append(b, h...), make([]byte, 512)...)
	}
	return b
}

func sampleSESparse(data []byte) []byte {
	const dirAt, tableAt, grainsAt = 8, 9, 73 // sectors
	b := make([]byte, grainsAt*512)
	copy(b, vmdk.SESparseMagic)
	for at, v := range map[int]uint64{8: 0x2_0000_0001, 0x10: uint64(len(data) / 512), 0x18: 8, 0x20: 64, 0x50: 1, 0x58: 1, 0x80: dirAt, 0x88: 1, 0x90: tableAt, 0x98: 64, 0xc0: grainsAt} {
		le.PutUint64(b[at:], v)
	}
	le.PutUint64(b[512:], 0xcafecafe)
	le.PutUint64(b[dirAt*512:], 1<<60)
	n := uint64(0)
	pieces(data, func(i int, part []byte) {
		entry := b[tableAt*512+8*i:]
		if isZero(part) {
			le.PutUint64(entry, 2<<60)
			return
		}
		le.PutUint64(entry, 3<<60|n<<48)
		b = append(b, part...)
		n++
	})
	return b
}

// sampleVHDX returns a disk with blocks of 1 MiB: its head, a log without entries, the
// metadata, the table of blocks, and one block.
func sampleVHDX(data []byte) []byte {
	const mib = 1 << 20
	b := make([]byte, 5*mib)
	copy(b, "vhdxfile")
	for i, at := range []int{64 << 10, 128 << 10} {
		copy(b[at:], "head")
		le.PutUint64(b[at+8:], uint64(7+i))
		le.PutUint16(b[at+0x42:], 1)
		le.PutUint32(b[at+0x44:], mib)
		le.PutUint64(b[at+0x48:], mib)
	}
	guid := func(at int, text ...byte) { copy(b[at:], text) }
	for _, at := range []int{192 << 10, 256 << 10} {
		copy(b[at:], "regi")
		le.PutUint32(b[at+8:], 2)
		guid(at+16, 0x66, 0x77, 0xc2, 0x2d, 0x23, 0xf6, 0x00, 0x42, 0x9d, 0x64, 0x11, 0x5e, 0x9b, 0xfd, 0x4a, 0x08)
		guid(at+48, 0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b, 0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e)
		for j, region := range []uint64{3 * mib, 2 * mib} {
			le.PutUint64(b[at+32+32*j:], region)
			le.PutUint32(b[at+40+32*j:], mib)
			le.PutUint32(b[at+44+32*j:], 1)
		}
	}
	copy(b[2*mib:], "metadata")
	le.PutUint16(b[2*mib+10:], 3)
	off := 64 << 10
	for i, item := range []struct {
		id      []byte
		content []byte
	}{
		{[]byte{0x37, 0x67, 0xa1, 0xca, 0x36, 0xfa, 0x43, 0x4d, 0xb3, 0xb6, 0x33, 0xf0, 0xaa, 0x44, 0xe7, 0x6b}, le.AppendUint64(nil, mib)},
		{[]byte{0x24, 0x42, 0xa5, 0x2f, 0x1b, 0xcd, 0x76, 0x48, 0xb2, 0x11, 0x5d, 0xbe, 0xd8, 0x3b, 0xf4, 0xb8}, le.AppendUint64(nil, uint64(len(data)))},
		{[]byte{0x1d, 0xbf, 0x41, 0x81, 0x6f, 0xa9, 0x09, 0x47, 0xba, 0x47, 0xf2, 0x33, 0xa8, 0xfa, 0xab, 0x5f}, le.AppendUint32(nil, 512)},
	} {
		e := 2*mib + 32 + 32*i
		guid(e, item.id...)
		le.PutUint32(b[e+16:], uint32(off))
		le.PutUint32(b[e+20:], uint32(len(item.content)))
		off += copy(b[2*mib+off:], item.content)
	}
	le.PutUint64(b[3*mib:], 4*mib|6)
	copy(b[4*mib:], data)
	withinContainer(b, 0, func() {})
	return b
}
