package registry_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// patient is a hive of 6 keys and 3 values to be damaged.
type patient struct {
	t    *testing.T
	data []byte
	r    *registry.Reader // before the damage
}

func newPatient(t *testing.T) *patient {
	var h registrytest.Hive
	h.Set(`A`, when, registrytest.Binary("data", []byte("12345678")), registrytest.Binary("big", pattern(40000)))
	h.Set(`A\one`, when)
	h.Set(`A\two`, when)
	h.Set(`B`, when, registrytest.SZ("text", "hello"))
	h.Key(`B`, when).Class = "class"
	h.Set(`C`, when)
	data := write(t, h)
	return &patient{t, bytes.Clone(data), read(t, data)}
}

// key and value return the file offset of a structure, after the size of its
// cell.
func (p *patient) key(path string) int {
	k, err := p.r.OpenKey(path)
	if err != nil {
		p.t.Fatal(err)
	}
	return int(k.Offset) + 4
}

func (p *patient) value(path, name string) int {
	k, err := p.r.OpenKey(path)
	if err != nil {
		p.t.Fatal(err)
	}
	v, err := k.Value(name)
	if err != nil {
		p.t.Fatal(err)
	}
	return int(v.Offset) + 4
}

func (p *patient) get(at int) uint32    { return binary.LittleEndian.Uint32(p.data[at:]) }
func (p *patient) put(at int, n uint32) { binary.LittleEndian.PutUint32(p.data[at:], n) }

// to returns the file offset of the structure that the cell offset at at refers
// to.
func (p *patient) to(at int) int { return int(p.get(at)) + 4096 + 4 }

const (
	subkeyCount, subkeyList = 20, 28
	valuesCount, valueList  = 36, 40
	security, className     = 44, 48
	nameSize, classSize     = 72, 74
	dataSize, dataOffset    = 4, 8
	element                 = 4 // the first of a list of subkeys
)

func TestDamageLosesOnlyItself(t *testing.T) {
	for _, tt := range []struct {
		name         string
		damage       func(p *patient)
		keys, values int // left of 6 keys and 3 values
		want         []string
	}{
		{"nothing", func(*patient) {}, 6, 3, nil},
		{"root cell offset", func(p *patient) { p.put(36, 0x1000) }, 6, 3, []string{
			`malformed: registry: root cell offset at 0x24: got 0x1000, want 0x20, the first key marked as the root`,
			`checksum: registry: base block checksum at 0x1fc: got 0x6667d556, want 0x6667c576`,
		}},
		{"base block checksum", func(p *patient) { p.put(508, 0) }, 6, 3, []string{
			`checksum: registry: base block checksum at 0x1fc: got 0x00000000, want 0x6667d556`,
		}},
		{"hive bins data size", func(p *patient) { p.put(508, p.get(508)^p.get(40)^1<<30); p.put(40, 1<<30) }, 6, 3, []string{
			`truncation: registry: hive bins data at 0x1000: got 45056 bytes, want 1073741824 bytes`,
		}},
		{"hive bins data size made smaller", func(p *patient) { p.put(508, p.get(508)^p.get(40)^0x1000); p.put(40, 0x1000) }, 6, 3, []string{
			`malformed: registry: hive bins data size at 0x28: got 0x1000, want more than 0xaec8, the offset of a subkey list`,
		}},
		{"hive bin signature", func(p *patient) { p.put(4096, 0) }, 6, 3, []string{
			`malformed: registry: hive bin signature at 0x1000: got "\x00\x00\x00\x00", want a hive bin; no bin begins in the next 4096 bytes`,
		}},
		{"hive bin offset", func(p *patient) { p.put(4100, 0x1000) }, 6, 3, []string{
			`malformed: registry: hive bin offset at 0x1000: got 0x1000, want a hive bin; no bin begins in the next 4096 bytes`,
		}},
		{"hive bin size", func(p *patient) { p.put(4104, 5) }, 6, 3, []string{
			`malformed: registry: hive bin size at 0x1000: got 0x5, want a hive bin; no bin begins in the next 4096 bytes`,
		}},
		{"key signature", func(p *patient) { p.data[p.key(`A`)] = 'x' }, 3, 1, []string{
			`malformed: registry: key node signature at 0x1114: got "xk", want "nk"`,
		}},
		{"key in a free cell", func(p *patient) { p.put(p.key(`C`)-4, 0x58) }, 5, 3, []string{
			`malformed: registry: key node cell at 0xbe70: got a free cell of 88 bytes, want a cell in use`,
		}},
		{"key cell size beyond its bin", func(p *patient) { p.put(p.key(`C`)-4, 0xffff0000) }, 5, 3, []string{
			`malformed: registry: subkey list offset at 0x1040: got 0xaec8, inside another cell, want the beginning of a cell`,
			`malformed: registry: key node cell size at 0xbe70: got 65536, want 4 to 400, the rest of its bin`,
		}},
		{"key cell size too small", func(p *patient) { p.put(p.key(`C`)-4, 0xfffffff0) }, 5, 3, []string{
			`malformed: registry: subkey list offset at 0x1040: got 0xaec8, inside another cell, want the beginning of a cell`,
			`malformed: registry: key node at 0xbe74: got 12 bytes, want 76 bytes`,
		}},
		{"key name size", func(p *patient) { p.data[p.key(`C`)+nameSize] = 200 }, 5, 3, []string{
			`malformed: registry: key name at 0xbec0: got 8 bytes, want 200 bytes`,
		}},
		{"key name size beyond all names", func(p *patient) { p.data[p.key(`C`)+nameSize+1] = 3 }, 5, 3, []string{
			`malformed: registry: key name size at 0xbebc: got 769, want ≤ 512`,
		}},
		{"subkey list outside", func(p *patient) { p.put(p.key(`A`)+subkeyList, 0x7ffffff8) }, 4, 3, []string{
			`malformed: registry: A: subkey list offset at 0x1130: got 0x7ffffff8, want less than 0xb000`,
			`malformed: registry: A: number of subkeys at 0x1128: got 2, want 0, as in the list`,
		}},
		{"subkey list not aligned", func(p *patient) { p.put(p.key(`A`)+subkeyList, p.get(p.key(`A`)+subkeyList)+4) }, 4, 3, []string{
			`malformed: registry: A: subkey list offset at 0x1130: got 0xadbc, want a multiple of 8`,
			`malformed: registry: A: number of subkeys at 0x1128: got 2, want 0, as in the list`,
		}},
		{"subkey list signature", func(p *patient) { p.data[p.to(p.key(`A`)+subkeyList)] = 'x' }, 4, 3, []string{
			`malformed: registry: A: subkey list signature at 0xbdbc: got "xh", want li, lf, lh or ri`,
			`malformed: registry: A: number of subkeys at 0x1128: got 2, want 0, as in the list`,
		}},
		{"subkey list longer than its cell", func(p *patient) { p.data[p.to(p.key(`A`)+subkeyList)+2] = 200 }, 6, 3, []string{
			`malformed: registry: A: number of subkeys in the list at 0xbdbe: got 200, want ≤ 2, given the size of its cell`,
		}},
		{"number of subkeys", func(p *patient) { p.put(p.key(`A`)+subkeyCount, 1) }, 6, 3, []string{
			`malformed: registry: A: number of subkeys at 0x1128: got 1, want 2, as in the list`,
		}},
		{"subkeys without a list", func(p *patient) { p.put(p.key(`A`)+subkeyList, 0xffffffff) }, 4, 3, []string{
			`malformed: registry: A: number of subkeys at 0x1128: got 2, want 0, because there is no list`,
		}},
		{"index root that lists itself", func(p *patient) {
			list := p.to(p.key(`A`) + subkeyList)
			copy(p.data[list:], "ri\x01\x00")
			p.put(list+element, uint32(list-4096-4))
		}, 4, 3, []string{
			`malformed: registry: A: subkey list offset at 0xbdc0: got a cell that is in use elsewhere or too deep, want an unshared cell`,
			`malformed: registry: A: number of subkeys at 0x1128: got 2, want 0, as in the list`,
		}},
		{"index root in an index root", func(p *patient) {
			a, b := p.to(p.key(``)+subkeyList), p.to(p.key(`A`)+subkeyList)
			copy(p.data[b:], "ri\x01\x00")
			copy(p.data[a:], "ri\x02\x00")
			p.put(a+element, uint32(b-4096-4))
			p.put(a+element+4, uint32(b-4096-4))
		}, 1, 0, []string{
			`malformed: registry: subkey list signature at 0xbdbc: got ri below ri, want li, lf or lh`,
			`malformed: registry: subkey list offset at 0xbed4: got a cell that is in use elsewhere or too deep, want an unshared cell`,
			`malformed: registry: number of subkeys at 0x1038: got 3, want 0, as in the list`,
		}},
		{"key that is its own subkey", func(p *patient) { p.put(p.to(p.key(`A`)+subkeyList)+element, uint32(p.key(`A`)-4096-4)) }, 5, 3, []string{
			`malformed: registry: key node offset at 0xbdc0: got a cell that is in use elsewhere or too deep, want an unshared cell`,
		}},
		{"root as a subkey", func(p *patient) { p.put(p.to(p.key(`A`)+subkeyList)+element, uint32(p.key(``)-4096-4)) }, 5, 3, []string{
			`malformed: registry: key node offset at 0xbdc0: got a cell that is in use elsewhere or too deep, want an unshared cell`,
		}},
		{"two parents of a key", func(p *patient) { p.put(p.to(p.key(`A`)+subkeyList)+element, uint32(p.key(`C`)-4096-4)) }, 5, 3, []string{
			`malformed: registry: key node offset at 0xbdc0: got a cell that is in use elsewhere or too deep, want an unshared cell`,
		}},
		{"reference to the middle of a key", func(p *patient) { p.put(p.to(p.key(`A`)+subkeyList)+element, uint32(p.key(`C`)-4096)) }, 5, 3, []string{
			`malformed: registry: A: key node offset at 0xbdc0: got 0xae74, want a multiple of 8`,
		}},
		{"list of another key", func(p *patient) {
			p.put(p.key(`C`)+subkeyList, p.get(p.key(`A`)+subkeyList))
			p.put(p.key(`C`)+subkeyCount, 2)
		}, 6, 3, []string{
			`malformed: registry: C: subkey list offset at 0xbe90: got a cell that is in use elsewhere or too deep, want an unshared cell`,
			`malformed: registry: C: number of subkeys at 0xbe88: got 2, want 0, as in the list`,
		}},
		{"hash of a name", func(p *patient) { p.put(p.to(p.key(`A`)+subkeyList)+element+4, 7) }, 6, 3, []string{
			`malformed: registry: A: hash of key name one at 0xbdc4: got 0x00000007, want 0x0001b202`,
		}},
		{"parent", func(p *patient) { p.put(p.key(`A\one`)+16, 0x20) }, 6, 3, []string{
			`malformed: registry: one: parent offset at 0xbd1c: got 0x20, want 0x110`,
		}},
		{"value list outside", func(p *patient) { p.put(p.key(`A`)+valueList, 0xfffffff8) }, 6, 1, []string{
			`malformed: registry: A: value list offset at 0x113c: got 0xfffffff8, want less than 0xb000`,
		}},
		{"value list shorter than the number of values", func(p *patient) { p.put(p.key(`A`)+valuesCount, 1<<31-1) }, 6, 3, []string{
			`malformed: registry: A: number of values at 0x1138: got 2147483647, want ≤ 3, given the size of the list`,
			`malformed: registry: A: value cell at 0x1000: got a free cell of 1852400232 bytes, want a cell in use`,
		}},
		{"value list of another key", func(p *patient) {
			p.put(p.key(`C`)+valueList, p.get(p.key(`A`)+valueList))
			p.put(p.key(`C`)+valuesCount, 2)
		}, 6, 5, []string{
			`malformed: registry: C: value list offset at 0xbe9c: got 0xacf8, in use elsewhere, want an unshared cell`,
		}},
		{"value list of a key that comes later", func(p *patient) {
			p.put(p.key(`A`)+valueList, p.get(p.key(`B`)+valueList))
			p.put(p.key(`A`)+valuesCount, 1)
		}, 6, 2, []string{
			`malformed: registry: B: value list offset at 0xbdfc: got 0xae68, in use elsewhere, want an unshared cell`,
		}},
		{"value of a key that comes later", func(p *patient) {
			p.put(p.to(p.key(`A`)+valueList), p.get(p.to(p.key(`B`)+valueList)))
		}, 6, 3, []string{
			`malformed: registry: B: value offset at 0xbe6c: got 0xae48, in use elsewhere, want an unshared cell`,
		}},
		{"value signature", func(p *patient) { p.data[p.value(`A`, "data")] = 'x' }, 6, 2, []string{
			`malformed: registry: A: value signature at 0x117c: got "xk", want "vk"`,
		}},
		{"value name size", func(p *patient) { p.data[p.value(`A`, "data")+3] = 0xff }, 6, 2, []string{
			`malformed: registry: A: value name at 0x1190: got 8 bytes, want 65284 bytes`,
		}},
		{"data size beyond the cell", func(p *patient) { p.put(p.value(`A`, "data")+dataSize, 5000) }, 6, 2, []string{
			`malformed: registry: A: value data at 0x116c: got 12 bytes, want 5000 bytes`,
		}},
		{"data size of 2 GiB", func(p *patient) { p.put(p.value(`A`, "data")+dataSize, 1<<31-1) }, 6, 2, []string{
			`malformed: registry: A: value data at 0x116c: got 12 bytes, want 2147483647 bytes`,
		}},
		{"data hidden by a size of 0", func(p *patient) { p.put(p.value(`A`, "data")+dataSize, 0) }, 6, 3, []string{
			`malformed: registry: A: value data size at 0x1180: got 0, want up to 12, the size of the cell with the data`,
		}},
		{"data inside a value, too long", func(p *patient) { p.put(p.value(`A`, "data")+dataSize, 1<<31|8) }, 6, 2, []string{
			`malformed: registry: A: value data size at 0x1180: got 8, want ≤ 4, because the data is in the value itself`,
		}},
		{"data outside", func(p *patient) { p.put(p.value(`A`, "data")+dataOffset, 0x7ffffff0) }, 6, 2, []string{
			`malformed: registry: A: value data offset at 0x1184: got 0x7ffffff0, want less than 0xb000`,
		}},
		{"data shared", func(p *patient) {
			p.put(p.value(`B`, "text")+dataSize, 8)
			p.put(p.value(`B`, "text")+dataOffset, p.get(p.value(`A`, "data")+dataOffset))
		}, 6, 3, []string{
			`malformed: registry: B: value data offset at 0xbe54: got 0x168, in use elsewhere, want an unshared cell`,
		}},
		{"big data segment outside", func(p *patient) {
			p.put(p.to(p.to(p.value(`A`, "big")+dataOffset)+4)+4, 0xfffffff8)
		}, 6, 2, []string{
			`malformed: registry: A: big data segment offset at 0xbcc0: got 0xfffffff8, want less than 0xb000`,
		}},
		{"big data of more segments than its list has", func(p *patient) {
			p.put(p.value(`A`, "big")+dataSize, 1<<30)
			p.data[p.to(p.value(`A`, "big")+dataOffset)+2] = 0xff
		}, 6, 2, []string{
			`malformed: registry: A: number of big data segments at 0xbcce: got 255, want ≤ 3, given the size of the list`,
			`malformed: registry: A: big data segment at 0xa024: got 7316 bytes, want 16344 bytes`,
			`malformed: registry: A: big data at 0xbce4: got 49032 bytes, want 1073741824 bytes`,
		}},
		{"big data list that is its own segment", func(p *patient) {
			list := p.to(p.to(p.value(`A`, "big")+dataOffset) + 4)
			p.put(list, uint32(list-4096-4))
		}, 6, 2, []string{
			`malformed: registry: A: big data segment at 0xbcbc: got 12 bytes, want 16344 bytes`,
			`malformed: registry: A: big data segment offset at 0xbcbc: got 0xacb8, in use elsewhere, want an unshared cell`,
		}},
		{"data that is a key", func(p *patient) {
			p.put(p.value(`A`, "data")+dataOffset, uint32(p.key(`C`)-4096-4))
		}, 6, 3, []string{
			`malformed: registry: key node offset at 0xbee0: got 0xae70, in use elsewhere, want an unshared cell`,
		}},
		{"value list that is a value", func(p *patient) {
			p.put(p.key(`A`)+valueList, uint32(p.value(`B`, "text")-4096-4))
		}, 6, 1, []string{
			`malformed: registry: A: value offset at 0xbe4c: got 0x46b76, want less than 0xb000`,
			`malformed: registry: A: value offset at 0xbe50: got 0xc, want a multiple of 8`,
			`malformed: registry: B: value offset at 0xbe6c: got 0xae48, in use elsewhere, want an unshared cell`,
		}},
		{"big data list that is a value list", func(p *patient) {
			p.put(p.to(p.value(`A`, "big")+dataOffset)+4, p.get(p.key(`B`)+valueList))
		}, 6, 2, []string{
			`malformed: registry: A: number of big data segments at 0xbcce: got 3, want ≤ 1, given the size of the list`,
			`malformed: registry: A: big data segment at 0xbe4c: got 28 bytes, want 16344 bytes`,
			`malformed: registry: A: big data at 0xbce4: got 16344 bytes, want 40000 bytes`,
			`malformed: registry: B: value list offset at 0xbdfc: got 0xae68, in use elsewhere, want an unshared cell`,
			`malformed: registry: B: value offset at 0xbe6c: got 0xae48, in use elsewhere, want an unshared cell`,
		}},
		{"security cell", func(p *patient) { p.put(p.key(`C`)+security, 0x20) }, 6, 3, []string{
			`malformed: registry: C: security cell signature at 0x1024: got "nk", want "sk"`,
		}},
		{"security descriptor size", func(p *patient) { p.put(p.to(p.key(``)+security)+16, 1<<20) }, 6, 3, []string{
			`malformed: registry: security descriptor at 0x1090: got 128 bytes, want 1048576 bytes`,
		}},
		{"class name size", func(p *patient) { p.data[p.key(`B`)+classSize] = 100 }, 6, 3, []string{
			`malformed: registry: B: class name at 0xbe2c: got 12 bytes, want 100 bytes`,
		}},
		{"class name outside", func(p *patient) { p.put(p.key(`B`)+className, 0x7ffffff8) }, 6, 3, []string{
			`malformed: registry: B: class name offset at 0xbe04: got 0x7ffffff8, want less than 0xb000`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPatient(t)
			tt.damage(p)
			r, err := registry.NewReader(bytes.NewReader(p.data), int64(len(p.data)))
			if err != nil {
				t.Fatal(err)
			}
			keys, values := countAll(t, r)
			if keys != tt.keys || values != tt.values {
				t.Errorf("%d keys and %d values left, want %d and %d", keys, values, tt.keys, tt.values)
			}
			if got, want := strings.Join(problems(r), "\n"), strings.Join(tt.want, "\n"); got != want {
				t.Errorf("problems:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// countAll counts the sound keys and the values with sound data.
func countAll(t testing.TB, r *registry.Reader) (keys, values int) {
	located := func(err error) {
		var e *registry.FormatError
		if !errors.As(err, &e) || e.Offset < 0 {
			t.Errorf("an error without a place: %v", err)
		}
	}
	for k, err := range r.Keys() {
		if err != nil {
			located(err)
			continue
		}
		keys++
		if _, err := k.Class(); err != nil {
			located(err)
		}
		if _, err := k.OwnerSID(); err != nil {
			located(err)
		}
		for v, err := range k.Values() {
			if err != nil {
				located(err)
				continue
			}
			if _, err := v.Data(); err != nil {
				located(err)
				continue
			}
			values++
		}
	}
	return keys, values
}

func TestNoHive(t *testing.T) {
	good := write(t, registrytest.Hive{})
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, `registry: base block signature at 0x0: got "", want "regf": not a registry hive`},
		{"something else", bytes.Repeat([]byte("MZ"), 3000), `registry: base block signature at 0x0: got "MZMZ", want "regf": not a registry hive`},
		{"base block cut off", good[:100], `registry: file name at 0x30: got 52 bytes, want 64 bytes`},
		{"base block alone", good[:4096], `registry: key node offset at 0x24: got 0x20, want less than 0x0`},
		{"zeroed bins", append(bytes.Clone(good[:4096]), make([]byte, 4096)...), `registry: key node cell at 0x1020: got a free cell of 0 bytes, want a cell in use`},
	} {
		_, err := registry.NewReader(bytes.NewReader(tt.data), int64(len(tt.data)))
		var e *registry.FormatError
		if !errors.As(err, &e) || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
		if got, want := errors.Is(err, registry.ErrNotHive), strings.HasSuffix(tt.want, "not a registry hive"); got != want {
			t.Errorf("%s: ErrNotHive is the cause: %v, want %v", tt.name, got, want)
		}
	}
}

type failing struct{ io.ReaderAt }

var errDisk = errors.New("disk error")

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	n, _ := f.ReaderAt.ReadAt(b[:min(len(b), 5000)], off)
	return n, errDisk
}

func TestFailureOfTheReaderIsNoDamage(t *testing.T) {
	data := write(t, small(5))
	_, err := registry.NewReader(failing{bytes.NewReader(data)}, int64(len(data)))
	var e *registry.FormatError
	if !errors.Is(err, errDisk) || errors.As(err, &e) {
		t.Errorf("got %v, want %v", err, errDisk)
	}
}

// A hive that claims to be large but is not takes no memory.
func TestTruncated(t *testing.T) {
	data := write(t, small(5))
	whole := read(t, data)
	wantKeys, _ := countAll(t, whole)
	for n := len(data); n > 4096+32+76; n -= 1021 {
		r, err := registry.NewReader(bytes.NewReader(data[:n]), int64(len(data)+1<<20))
		if err != nil {
			continue
		}
		if keys, _ := countAll(t, r); keys > wantKeys {
			t.Errorf("%d bytes: %d keys, more than the %d there were", n, keys, wantKeys)
		}
		if n < len(data)-4096 && !strings.Contains(strings.Join(problems(r), "\n"), "truncation: ") {
			t.Errorf("%d bytes: no truncation among %q", n, problems(r))
		}
	}
}

func TestNotFound(t *testing.T) {
	p := newPatient(t)
	_, err := p.r.OpenKey(`A\three`)
	if want := `open key registry: A\three: file does not exist`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	p.put(p.to(p.key(`A`)+subkeyList)+element, 0x7ffffff8)
	_, err = read(t, p.data).OpenKey(`A\three`)
	var e *registry.FormatError
	if !errors.Is(err, fs.ErrNotExist) || !errors.As(err, &e) || e.Artifact != "registry" {
		t.Errorf("got %v, want a key that is not there and the damage that may hide it", err)
	}
	if want := `open key registry: A\three: file does not exist, or is hidden by damage: A: key node offset at 0xbdc0: got 0x7ffffff8, want less than 0xb000`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// A hive may nest keys as deep as Windows does, but no deeper.
func TestDepth(t *testing.T) {
	var h registrytest.Hive
	k := &h.Root
	for range 512 {
		k.Keys = []registrytest.Key{{Name: "k", LastWrite: time.Time{}}}
		k = &k.Keys[0]
	}
	data := write(t, h)
	r := read(t, data)
	if keys, _ := countAll(t, r); keys != 513 || problems(r) != nil {
		t.Errorf("%d keys, problems %q", keys, problems(r))
	}
	k.Keys = []registrytest.Key{{Name: "k"}}
	if _, err := h.Bytes(); err == nil {
		t.Error("513 levels were written")
	}
	// Attach the root's list below the deepest key: its loop is cut.
	deepest, err := r.OpenKey(strings.Repeat(`k\`, 512))
	if err != nil {
		t.Fatal(err)
	}
	at := int(deepest.Offset) + 4
	root, err := r.Root()
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(data[at+subkeyCount:], 1)
	copy(data[at+subkeyList:], data[int(root.Offset)+4+subkeyList:][:4])
	r = read(t, data)
	if keys, _ := countAll(t, r); keys != 513 {
		t.Errorf("%d keys", keys)
	}
	if got := fmt.Sprint(problems(r)); !strings.Contains(got, "limit: ") {
		t.Errorf("problems %s", got)
	}
}

// A thousand values that all refer to the same large data are not a thousand
// times the work.
func TestSharingIsBounded(t *testing.T) {
	const values = 1000
	h := registrytest.Hive{Minor: 3}
	h.Set("K", when, registrytest.Binary("large", pattern(100_000)))
	for i := range values {
		h.Set("K", when, registrytest.Binary(fmt.Sprint(i), []byte("12345678")))
	}
	data := write(t, h)
	k, err := read(t, data).OpenKey("K")
	if err != nil {
		t.Fatal(err)
	}
	large, err := k.Value("large")
	if err != nil {
		t.Fatal(err)
	}
	target := data[large.Offset+4+dataSize:][:8]
	for v := range k.Values() {
		copy(data[v.Offset+4+dataSize:], target)
	}
	sum, sound := 0, 0
	k, err = read(t, data).OpenKey("K")
	if err != nil {
		t.Fatal(err)
	}
	for v, err := range k.Values() {
		if err != nil {
			t.Fatal(err)
		}
		if b, err := v.Data(); err == nil {
			sum += len(b)
			sound++
		}
	}
	if sum > 2*len(data) || sound == 0 {
		t.Errorf("%d bytes in %d values out of %d bytes", sum, sound, len(data))
	}
}
