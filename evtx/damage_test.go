package evtx_test

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
)

// The only record of these logs is at 0x1200, its binary XML at 0x1218.
var damagedRecords = []struct {
	name  string
	write func(*assembler)
	want  string // the error of every form, which has no other output
}{
	{"nothing", func(*assembler) {},
		"evtx: chunk 0 record 1: binary XML at 0x1218: got nothing, want an element"},
	{"the end at once", func(a *assembler) { a.header(); a.put(0) },
		"evtx: chunk 0 record 1: binary XML at 0x1218: got nothing, want an element"},
	{"unknown token", func(a *assembler) { a.header(); a.put(0x7f) },
		"evtx: chunk 0 record 1: token at 0x121c: got 0x7f, want a token of binary XML"},
	{"an end tag without a start", func(a *assembler) { a.header(); a.put(0x04) },
		"evtx: chunk 0 record 1: token at 0x121c: got 0x04, want no end tag outside of an element"},
	{"cut off in a start tag", func(a *assembler) { a.header(); a.put(0x01, 0, 0) },
		"evtx: chunk 0 record 1: element name at 0x1221: got 3 bytes, want 4 bytes"},
	{"a name outside of the chunk", func(a *assembler) { a.header(); a.put(0x01); a.u32(0); a.u32(0x72005000) },
		"evtx: chunk 0 record 1: name offset at 0x72006000: got 0x72005000, want ≤ 0xfff6"},
	{"a name at the end of the chunk", func(a *assembler) { a.header(); a.put(0x01); a.u32(0); a.u32(65530) },
		"evtx: chunk 0 record 1: name offset at 0x10ffa: got 0xfffa, want ≤ 0xfff6"},
	{"a name that leaves the chunk", func(a *assembler) {
		a.header()
		a.put(0x01)
		a.u32(0)
		a.u32(a.at() + 4)
		a.put(0, 0, 0, 0, 0, 0, 0xff, 0xff)
	},
		"evtx: chunk 0 record 1: name at 0x122d: got 64979 bytes, want 131072 bytes"},
	{"a value instead of an attribute", func(a *assembler) {
		a.header()
		a.put(0x41)
		a.u32(0)
		a.name("E")
		a.u32(0)
		a.put(0x05)
	},
		"evtx: chunk 0 record 1: token at 0x1235: got 0x05, want an attribute or the end of a start tag"},
	{"text longer than the record", func(a *assembler) { a.header(); a.element("E", nil, func() { a.put(0x05, 0x01); a.u16(0x7000) }) },
		"evtx: chunk 0 record 1: literal value at 0x1236: got 6 bytes, want 57344 bytes"},
	{"a literal SID of another revision", func(a *assembler) { a.header(); a.element("E", nil, func() { a.put(0x05, 0x13) }) },
		"evtx: chunk 0 record 1: literal SID at 0x1234: SID revision at 0x0: got 4, want 1"},
	{"a template outside of the chunk", func(a *assembler) { a.header(); a.again(0x20000) },
		"evtx: chunk 0 record 1: template definition at 0x21000: got 0 bytes, want 24 bytes"},
	{"a template that leaves the chunk", func(a *assembler) { a.header(); a.again(65000 - 4096) },
		""}, // the definition is zeros: the template has no content, the record no element
	{"another template in the place of its own", func(a *assembler) {
		a.header()
		a.instance(func() { a.element("E", nil, nil) })
		a.buf[6]++
	}, "evtx: chunk 0 record 1: identifier of the template at 0x122a: got 0x11223344, want 0x11223345"},
	{"a template that instantiates itself", func(a *assembler) {
		a.header()
		at := a.at() + 10
		a.instance(func() { a.element("E", nil, func() { a.again(at) }) })
	}, "evtx: chunk 0 record 1: template definition at 0x1226: got an instance of itself, want no recursion"},
	{"more values than there is room for", func(a *assembler) {
		a.header()
		a.instance(func() { a.element("E", nil, nil) })
		le.PutUint32(a.buf[len(a.buf)-4:], 0xffffffff)
	}, "evtx: chunk 0 record 1: number of values at 0x125b: got 4294967295, want ≤ 1, as many as fit"},
	{"a value longer than the record", func(a *assembler) {
		a.header()
		a.instance(func() { a.element("E", nil, nil) }, wire{typ: evtx.StringType})
		le.PutUint16(a.buf[len(a.buf)-4:], 0xfff0)
	}, "evtx: chunk 0 record 1: value at 0x1263: got 1 bytes, want 65520 bytes"},
	{"elements too deep", func(a *assembler) {
		a.header()
		for range 70 {
			a.put(0x01)
			a.u32(0)
			a.name("E")
			a.put(0x02)
		}
	}, "evtx: chunk 0 record 1: depth of elements at 0x179d: want ≤ 64: exceeds a limit of this package"},
	{"values too deep", func(a *assembler) {
		a.header()
		// Each value is an instance whose value is the rest.
		at := a.at() + 10
		a.instance(func() { a.element("E", nil, func() { a.slot(0) }) })
		a.buf = a.buf[:len(a.buf)-4]
		const levels = 70
		for level := range levels {
			a.u32(1)
			a.u16((levels - level - 1) * 18)
			a.put(0x21, 0)
			if level < levels-1 {
				a.put(0x0c, 1)
				a.u32(0x11223344)
				a.u32(at)
			}
		}
	}, "evtx: chunk 0 record 1: depth of nested binary XML at "},
	{"a value that unfolds to gigabytes", func(a *assembler) {
		a.header()
		at := a.at() + 10
		a.instance(func() {
			a.element("E", nil, func() {
				for range 16 {
					a.element("F", nil, func() { a.slot(0) })
				}
			})
		})
		a.buf = a.buf[:len(a.buf)-4]
		const levels = 20
		for level := range levels {
			a.u32(1)
			a.u16((levels - level - 1) * 18)
			a.put(0x21, 0)
			if level < levels-1 {
				a.put(0x0c, 1)
				a.u32(0x11223344)
				a.u32(at)
			}
		}
	}, "evtx: chunk 0 record 1: unfolded record: want ≤ 4 MiB: exceeds a limit of this package"},
	{"a long name that is used often", func(a *assembler) {
		a.header()
		a.instance(func() {
			a.element("E", nil, func() {
				at := a.at() + 11
				a.element(strings.Repeat("x", 16000), nil, nil)
				for range 1000 {
					a.put(0x01)
					a.u16(0xffff)
					a.u32(0)
					a.u32(at)
					a.put(0x03)
				}
			})
		})
	}, "evtx: chunk 0 record 1: unfolded record: want ≤ 4 MiB: exceeds a limit of this package"},
}

// Damage in a record is reported with its place by every form of the record, and
// costs only that record.
func TestDamagedRecords(t *testing.T) {
	sound := func(a *assembler) {
		a.header()
		a.element("Event", nil, func() { a.element("EventData", nil, func() { a.text("sound") }) })
		a.put(0)
	}
	const soundJSON = `{"Event":{"EventData":"sound"}}`
	for _, tt := range damagedRecords {
		t.Run(tt.name, func(t *testing.T) {
			i := 0
			for rec, err := range open(t, rawLog(tt.write, sound)).Records() {
				if err != nil {
					t.Fatal(err)
				}
				js, err := rec.AppendJSON([]byte("before"))
				if i++; i == 2 {
					if string(js) != "before"+soundJSON || err != nil {
						t.Errorf("the sound record: %s, %v", js, err)
					}
					continue
				}
				xm, errXML := rec.AppendXML([]byte("before"))
				_, errEvent := rec.Event()
				for form, err := range map[string]error{"JSON": err, "XML": errXML, "Event": errEvent} {
					var located *evtx.FormatError
					if tt.want == "" {
						continue
					}
					// Event has no fields here, so nothing unfolds.
					if form == "Event" && strings.HasPrefix(tt.name, "a long name") {
						continue
					}
					if !errors.As(err, &located) || !strings.HasPrefix(err.Error(), tt.want) {
						t.Errorf("%s: got %v, want %s", form, err, tt.want)
					}
				}
				if tt.want != "" && (string(js) != "before" || string(xm) != "before") {
					t.Errorf("a damaged record left %q, %q", js, xm)
				}
			}
			if i != 2 {
				t.Errorf("%d records", i)
			}
		})
	}
}

// several returns a log of three chunks with two records each.
func several() []byte {
	record := func(a *assembler) {
		a.header()
		a.element("Event", nil, func() { a.element("EventData", nil, func() { a.text("x") }) })
		a.put(0)
	}
	log := rawLog(record, record)
	for n := range 2 {
		chunk := bytes.Clone(log[4096:][:65536])
		for _, at := range []int{8, 16, 24, 32} {
			le.PutUint64(chunk[at:], le.Uint64(chunk[at:])+uint64(2*n+2))
		}
		for at, i := 512, 0; i < 2; i++ {
			le.PutUint64(chunk[at+8:], uint64(2*n+3+i))
			at += int(le.Uint32(chunk[at+4:]))
		}
		log = append(log, chunk...)
	}
	le.PutUint64(log[16:], 2)
	le.PutUint64(log[24:], 7)
	le.PutUint16(log[42:], 3)
	for n := range 3 {
		resealed(log[65536*n:])
	}
	fileSealed(log)
	return log
}

// renumbered adds to the identifiers of the records of a log, and to the numbers in the
// headers of chunks if those are to follow.
func renumbered(log []byte, by int, numbers bool) {
	add := func(b []byte) { le.PutUint64(b, le.Uint64(b)+uint64(by)) }
	add(log[24:])
	fileSealed(log)
	for base := 4096; base < len(log); base += 65536 {
		chunk := log[base:]
		for at := 512; at < int(le.Uint32(chunk[48:])); at += int(le.Uint32(chunk[at+4:])) {
			add(chunk[at+8:])
		}
		add(chunk[24:])
		add(chunk[32:])
		if numbers {
			add(chunk[8:])
			add(chunk[16:])
		}
		resealed(log[base-4096:])
	}
}

func fileSealed(log []byte) { le.PutUint32(log[124:], crc32.ChecksumIEEE(log[:120])) }

// resealedHeader corrects the checksum of a chunk header.
func resealedHeader(chunk []byte) {
	le.PutUint32(chunk[124:], crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:512]))
}

// Damage to the frame of a log: which of its six records are left, and what Records
// and Problems report.
func TestDamagedLogs(t *testing.T) {
	const second = 4096 + 65536 // the second chunk
	for _, tt := range []struct {
		name    string
		damage  func(log []byte) []byte
		records string // their identifiers
		reports []string
	}{
		{"sound", func(log []byte) []byte { return log }, "1 2 3 4 5 6", nil},
		{"version 3.2", func(log []byte) []byte { log[36] = 2; fileSealed(log); return log }, "1 2 3 4 5 6", nil},
		{"version 4.0", func(log []byte) []byte { log[36], log[38] = 0, 4; fileSealed(log); return log }, "1 2 3 4 5 6",
			[]string{"unsupported: evtx: version at 0x24: got 4.0, want 3.1 or 3.2"}},
		{"dirty", func(log []byte) []byte { log[120] = 1; return log }, "1 2 3 4 5 6",
			[]string{"unclean: evtx: file flags at 0x78: got 0x1, want no dirty flag"}},
		{"file checksum", func(log []byte) []byte { log[124]++; return log }, "1 2 3 4 5 6",
			[]string{"checksum: evtx: file header checksum at 0x7c: got "}},
		{"without checksums", func(log []byte) []byte { log[120] = 4; log[124]++; log[second+52]++; return log }, "1 2 3 4 5 6", nil},
		{"chunk checksum", func(log []byte) []byte { log[second+124]++; return log }, "1 2 3 4 5 6",
			[]string{"checksum: evtx: chunk 1: chunk header checksum at 0x1107c: got "}},
		{"records checksum", func(log []byte) []byte { log[second+52]++; resealedHeader(log[second:]); return log }, "1 2 3 4 5 6",
			[]string{"checksum: evtx: chunk 1: records checksum at 0x11034: got "}},
		{"fewer chunks in the header", func(log []byte) []byte { log[42] = 1; fileSealed(log); return log }, "1 2 3 4 5 6",
			[]string{"conflict: evtx: number of chunks at 0x2a: got 1, want 3, as in the chunks"}},
		{"chunks behind those of the header", func(log []byte) []byte { log[16], log[24], log[42] = 0, 3, 1; fileSealed(log); return log }, "1 2",
			[]string{"hidden: evtx: chunk 1: chunk behind the number of chunks at 0x11000: got records 3 to 4, want 1 chunks", "hidden: evtx: chunk 2: chunk behind the number of chunks at 0x21000: got records 5 to 6"}},
		{"chunks behind those of the header of a dirty log", func(log []byte) []byte {
			log[16], log[24], log[42], log[120] = 0, 3, 1, 1
			fileSealed(log)
			return log
		}, "1 2 3 4 5 6", []string{"unclean: evtx: file flags at 0x78"}},
		{"the numbers of the file header", func(log []byte) []byte { log[8], log[16], log[24] = 1, 1, 8; fileSealed(log); return log }, "1 2 3 4 5 6",
			[]string{"conflict: evtx: number of the oldest chunk at 0x8: got 1, want 0, as in the chunks", "conflict: evtx: number of the newest chunk at 0x10: got 1, want 2",
				"conflict: evtx: identifier of the next record at 0x18: got 8, want 7, as in the chunks"}},
		{"cleared", func(log []byte) []byte {
			renumbered(log, 100, false)
			return log
		}, "101 102 103 104 105 106", []string{"cleared: evtx: chunk 0: number of the first record at 0x1008: got 1, want 101, its identifier"}},
		{"a chunk repeats identifiers", func(log []byte) []byte {
			renumbered(log[65536:2*65536+4096], -1, true)
			return log
		}, "1 2 2 3 5 6", []string{"conflict: evtx: chunk 1: identifiers of the records at 0x11018: got 2 to 3, want none of chunk 0, which has 1 to 2",
			"gap: evtx: chunk 2: identifier of the first record at 0x21018: got 5, want 4"}},
		{"a record is renumbered", func(log []byte) []byte { log[second+512+8] = 9; resealed(log[65536:]); return log }, "1 2 9 4 5 6",
			[]string{"gap: evtx: chunk 1 record 4: record identifier at 0x"}},
		{"more chunks in the header", func(log []byte) []byte { log[42] = 9; fileSealed(log); return log }, "1 2 3 4 5 6",
			[]string{"truncation: evtx: chunks at 0x2a: got 9, want ≤ 3, the number in the file"}},
		{"wrapped", func(log []byte) []byte {
			first := bytes.Clone(log[4096:second])
			copy(log[4096:], log[second:])
			copy(log[4096+2*65536:], first)
			log[8], log[16] = 2, 1
			fileSealed(log)
			return log
		}, "1 2 3 4 5 6", nil},
		{"a gap", func(log []byte) []byte { return append(log[:second], log[second+65536:]...) }, "1 2 5 6",
			[]string{"truncation: evtx: chunks at 0x2a: got 3, want ≤ 2", "gap: evtx: chunk 1: identifier of the first record at 0x11018: got 5, want 3"}},
		{"a chunk of zeros", func(log []byte) []byte { clear(log[second : second+65536]); return log }, "1 2 5 6",
			[]string{"gap: evtx: chunk 2: identifier of the first record at 0x21018: got 5, want 3"}},
		{"a chunk of rubbish", func(log []byte) []byte {
			copy(log[second:], bytes.Repeat([]byte("rubbish "), 8192))
			return log
		}, "1 2 5 6", []string{
			"malformed: evtx: chunk 1: chunk signature at 0x11000: got \"rubbish \", want \"ElfChnk\\x00\"",
			"gap: evtx: chunk 2: identifier of the first record at 0x21018: got 5, want 3",
			"evtx: chunk 1: record signature at 0x11200: got 0x62627572, want 0x2a2a"}},
		{"a chunk without its signature", func(log []byte) []byte { log[second] = 'X'; return log }, "1 2 3 4 5 6",
			[]string{"malformed: evtx: chunk 1: chunk signature at 0x11000: got ", "gap: evtx: chunk 2: identifier of the first record at 0x21018: got 5, want 3"}},
		{"a record without its signature", func(log []byte) []byte { log[second+512] = 'X'; resealed(log[65536:]); return log }, "1 2 4 5 6",
			[]string{"evtx: chunk 1: record signature at 0x11200: got 0x2a58, want 0x2a2a"}},
		{"cut off in a chunk", func(log []byte) []byte { return log[:second+65536+650] }, "1 2 3 4 5",
			[]string{"truncation: evtx: chunks at 0x2a: got 3, want ≤ 2", "truncation: evtx: chunk at 0x21000: got 650 bytes, want 65536 bytes"}},
		{"cut off in a chunk header", func(log []byte) []byte { return log[:second+65536+20] }, "1 2 3 4",
			[]string{"truncation: evtx: chunk at 0x21000: got 20 bytes", "truncation: evtx: chunks at 0x2a", "malformed: evtx: chunk 2: chunk signature at 0x21000"}},
		{"the file header alone", func(log []byte) []byte { return log[:4096] }, "",
			[]string{"truncation: evtx: chunks at 0x2a: got 3, want ≤ 0, the number in the file"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, tt.damage(several()))
			var ids, reports []string
			for p := range r.Problems() {
				reports = append(reports, p.String())
			}
			for rec, err := range r.Records() {
				if err != nil {
					reports = append(reports, err.Error())
					continue
				}
				ids = append(ids, fmt.Sprint(rec.ID))
			}
			if got := strings.Join(ids, " "); got != tt.records {
				t.Errorf("records %s, want %s", got, tt.records)
			}
			for _, want := range tt.reports {
				i := slices.IndexFunc(reports, func(s string) bool { return strings.HasPrefix(s, want) })
				if i < 0 {
					t.Errorf("not reported: %s", want)
					continue
				}
				reports = slices.Delete(reports, i, i+1)
			}
			for _, r := range reports {
				t.Errorf("also reported: %s", r)
			}
		})
	}
}

func TestNotAnEventLog(t *testing.T) {
	for _, tt := range []struct{ name, log, want string }{
		{"empty", "", "evtx: file header at 0x0: got 0 bytes, want 128 bytes: not a Windows XML event log"},
		{"another file", strings.Repeat("MZ", 4096), "evtx: file signature at 0x0: got \"MZMZMZMZ\", want \"ElfFile\\x00\": not a Windows XML event log"},
		{"cut off header", "ElfFile\x00", "evtx: file header at 0x0: got 8 bytes, want 128 bytes: not a Windows XML event log"},
	} {
		_, err := evtx.NewReader(strings.NewReader(tt.log), int64(len(tt.log)))
		if err == nil || err.Error() != tt.want || !errors.Is(err, evtx.ErrNotEventLog) || !damage.Is(err) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// failing is a file that cannot be read beyond an offset.
type failing struct {
	log []byte
	at  int64
}

var errDisk = errors.New("disk failure")

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) > f.at {
		return 0, errDisk
	}
	return copy(b, f.log[off:]), nil
}

// A disk failure is not damage: it ends every iteration.
func TestReadFailureIsFinal(t *testing.T) {
	log := several()
	r, err := evtx.NewReader(failing{log, 4096 + 65536 + 100000}, int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	last := error(nil)
	for _, err := range r.Records() {
		if last != nil {
			t.Fatal("continued after a failure")
		}
		last = err
	}
	if !errors.Is(last, errDisk) || damage.Is(last) {
		t.Errorf("got %v", last)
	}
	for _, workers := range []int{1, 3} {
		r, err := evtx.NewReader(failing{log, 4096 + 65536 + 100000}, int64(len(log)), evtx.WithWorkers(workers))
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range evtx.MapChunks(r, func(c *evtx.Chunk) int { return c.Number }) {
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("%d workers: got %v", workers, err)
		}
	}
}
