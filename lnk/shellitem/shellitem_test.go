package shellitem_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
	"github.com/birthmark-dfir/birthmark/winid"
)

var (
	when      = time.Date(2026, 3, 2, 12, 0, 6, 0, time.UTC)
	downloads = guid("374DE290-123F-4565-9164-39C4925E467B")
	appID     = guid("9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3")
)

func guid(s string) winid.GUID {
	g, err := winid.ParseGUID(s)
	if err != nil {
		panic(err)
	}
	return g
}

func written(t testing.TB, items ...shellitem.Item) []byte {
	t.Helper()
	raw, err := shellitemtest.List(items...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// file has a value in every field of a file.
var file = shellitem.Item{
	Kind: shellitem.FileEntry, Name: "Ünï 日本.exe", ShortName: "UN__~1.EXE", Size: 7168, Attributes: 0x20, Modified: when, Created: when.Add(-time.Hour), Accessed: when.Add(time.Hour),
	Ref: 7<<48 | 90, Comment: "a localized name",
}

// What shellitemtest writes is read back as it was, each kind of item with its text and the
// path that it alone makes.
func TestWriterAndReaderAgree(t *testing.T) {
	folder, delegate := file, file
	folder.IsDir, folder.Attributes, delegate.Kind = true, 0x10, shellitem.Delegate
	query := shellitem.Item{Kind: shellitem.Properties, Name: `C:\x`, Properties: []shellitem.Property{
		{Set: guid("28636AA6-953D-11D2-B5D6-00C04FD918D0"), ID: 30, Type: 31, Value: `C:\x`}, {Set: appID, ID: 5, Type: 31, Value: "contoso.app"},
		{Set: guid("D5CDD505-2E9C-101B-9397-08002B2CF9AE"), Name: "AutoList", Type: 19, Value: "7"},
		{Set: appID, ID: 9, Type: 11, Value: "true"}, {Set: appID, ID: 10, Type: 21, Value: "1099511627776"},
		{Set: appID, ID: 11, Type: 72, Value: downloads.String()}, {Set: appID, ID: 12, Type: 64, Value: "2026-03-02T12:00:06.0000000Z"},
	}}
	for _, tt := range []struct {
		text, path string
		item       shellitem.Item
	}{
		{"My Computer", "", shellitem.Item{Kind: shellitem.Root, GUID: shellitemtest.MyComputer}},
		{"{00000000-0000-0000-0000-000000000007}", "", shellitem.Item{Kind: shellitem.Root, GUID: guid("00000000-0000-0000-0000-000000000007")}},
		{`D:\`, `D:\`, shellitem.Item{Kind: shellitem.Volume, Name: `D:\`}},
		{"Downloads", "", shellitem.Item{Kind: shellitem.Volume, GUID: downloads}},
		{"Ünï 日本.exe", "", file}, {"Ünï 日本.exe", "", folder}, {"Ünï 日本.exe", "", delegate},
		{`\\srv\c$`, `\\srv\c$`, shellitem.Item{Kind: shellitem.Network, Name: `\\srv\c$`, Comment: "Microsoft Network"}},
		{"https://example.net/ü", "", shellitem.Item{Kind: shellitem.URI, Name: "https://example.net/ü"}},
		{"Downloads", "", shellitem.Item{Kind: shellitem.ControlPanel, GUID: downloads}},
		{`C:\x`, `C:\x`, query},
		{"Phone", "", shellitem.Item{Kind: shellitem.Storage, Name: "Phone", Identifier: "SID-{10001,x,1}", Comment: "Generic hierarchical"}},
		{"DCIM", "", shellitem.Item{Kind: shellitem.DeviceFile, Name: "DCIM", Identifier: "{01A00139}", IsDir: true, GUID: guid("27E2E392-A111-48E0-AB0C-E17705A05F85"), Modified: when, Created: when.Add(-time.Hour)}},
		{"IMG_1.JPG", "", shellitem.Item{Kind: shellitem.DeviceFile, Name: "IMG_1.JPG", Identifier: "o2", GUID: guid("EF2107D5-A52A-4243-A26B-62D4176D7603")}},
		{"Picture", "", shellitem.Item{Kind: shellitem.DeviceFile, Name: "Picture", Comment: "IMG_1.JPG", Identifier: "o3", GUID: guid("EF2107D5-A52A-4243-A26B-62D4176D7603")}},
		{"", "", shellitem.Item{Kind: shellitem.Other, Raw: []byte{5, 0, 0x99, 1, 2}}},
	} {
		list, err := shellitem.Read(written(t, tt.item), 100)
		if err != nil || len(list) != 1 {
			t.Errorf("%+v: %v, %v", tt.item, list, err)
			continue
		}
		got, want := list[0], tt.item
		if got.Text() != tt.text || shellitem.Path(list) != tt.path || got.Offset != 100 || len(got.Raw) < 3 {
			t.Errorf("%+v: text %q, path %q", got, got.Text(), shellitem.Path(list))
		}
		got.Raw, got.Class, got.Offset, want.Raw = nil, 0, 0, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	for _, bad := range []shellitem.Item{{Kind: shellitem.Other, Raw: make([]byte, 1<<16)}, {Kind: shellitem.Properties, Properties: []shellitem.Property{{Type: 4096}}}} {
		if _, err := shellitemtest.List(bad); err == nil {
			t.Error("what does not fit was written")
		}
	}
}

// An item of a portable device that is cut off, or whose texts have a wrong size, keeps what
// comes before. The name of a file may be there without its ending first.
func TestItemsOfDevices(t *testing.T) {
	image := shellitem.Item{Kind: shellitem.DeviceFile, Name: "IMG_1.JPG", Identifier: "o2", Modified: when}
	whole := written(t, image)
	whole = whole[:len(whole)-2]
	short := slices.Clone(whole)
	copy(short[74+2*len("IMG_1"):], "\x00\x00")
	sized := slices.Clone(whole)
	sized[70], sized[73] = 0xff, 0xff
	for name, tt := range map[string]struct {
		raw        []byte
		name, id   string
		hasModTime bool
	}{
		"whole":                           {whole, "IMG_1.JPG", "o2", true},
		"a name without its ending first": {short, "IMG_1.JPG", "o2", true},
		"an identifier with a wrong size": {sized, "IMG_1.JPG", "", true},
		"cut off in the names":            {whole[:80], "", "", true},
		"cut off in the times":            {whole[:30], "", "", false},
		"nothing but the signature":       {whole[:10], "", "", false},
	} {
		raw := slices.Clone(tt.raw)
		binary.LittleEndian.PutUint16(raw, uint16(len(raw)))
		list, err := shellitem.Read(raw, 0)
		if err != nil || len(list) != 1 || list[0].Kind != shellitem.DeviceFile || list[0].Name != tt.name || list[0].Identifier != tt.id || list[0].Modified.IsZero() == tt.hasModTime {
			t.Errorf("%s: %+v, %v", name, list, err)
		}
	}
	items := []shellitem.Item{{Kind: shellitem.Root, GUID: shellitemtest.MyComputer}, {Kind: shellitem.Storage, Name: "Phone"}, {Kind: shellitem.DeviceFile, Name: "DCIM"}, image}
	if path, shown := shellitem.Path(items), shellitem.Display(items); path != "" || shown != `My Computer\Phone\DCIM\IMG_1.JPG` {
		t.Errorf("path %q, shown %q", path, shown)
	}
}

// A removable drive of Windows 10 is in an item of its own.
func TestRemovableDrive(t *testing.T) {
	raw := append([]byte{0x31, 0, 0x2e, 0x7e, 0x2f, 0, 0x10, 0xb7, 0xa6, 0xf5, 0x19, 0, 0x2f}, `D:\`...)
	raw = append(raw, make([]byte, 0x31+2-len(raw))...)
	list, err := shellitem.Read(raw, 0)
	if err != nil || len(list) != 1 || list[0].Kind != shellitem.Volume || shellitem.Path(list) != `D:\` {
		t.Errorf("%+v, %v", list, err)
	}
}

// found is what a search finds: a file with the property that has its path.
func found(path string) shellitem.Item {
	return shellitem.Item{Kind: shellitem.Properties, Name: "a", Properties: []shellitem.Property{{Set: guid("1E3EE840-BC2B-476C-8237-2ACD1A839B22"), ID: 8, Type: 31, Value: path}}}
}

var parsing = guid("28636AA6-953D-11D2-B5D6-00C04FD918D0")

// The signatures of items with properties, with identifiers of all sizes.
func TestPropertyViews(t *testing.T) {
	want := found(`C:\Data\a.exe`)
	store, err := shellitemtest.Store(want.Properties...)
	if err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	for _, signature := range []uint32{0x10141981, 0x23a3dfd5, 0x23febbee, 0x3b93afbb, 0xbeebee00} {
		for _, identifier := range []int{0, 4, 16, 32} {
			raw := le.AppendUint32([]byte{0, 0, 0, 0, 0, 0}, signature)
			raw = le.AppendUint16(le.AppendUint16(raw, uint16(len(store))), uint16(identifier))
			raw = slices.Concat(raw, bytes.Repeat([]byte{7}, identifier), store, []byte{0, 0})
			le.PutUint16(raw, uint16(len(raw)))
			list, err := shellitem.Read(raw, 0)
			if err != nil || len(list) != 1 || list[0].Kind != shellitem.Properties || shellitem.Path(list) != `C:\Data\a.exe` || list[0].GUID.IsZero() != (signature != 0x23febbee || identifier != 16) {
				t.Errorf("%#x, %d: %+v, %v", signature, identifier, list, err)
			}
		}
	}
	if other, err := shellitem.Read(le.AppendUint32([]byte{10, 0, 0, 0, 0, 0}, 0x23febbef), 0); err != nil || other[0].Kind != shellitem.Other {
		t.Errorf("another signature: %+v, %v", other, err)
	}
}

// The items of a link to an address, and to a game, as Windows 8 and 7 write them.
func TestAddressesAndGames(t *testing.T) {
	address := slices.Concat([]byte{0, 0, 0x61, 0x80, 0, 0, 0, 0}, wtf8.Encode("http://example.net/\x00"), []byte{0, 0})
	address[0] = byte(len(address))
	game := slices.Concat([]byte{32, 0, 0, 0}, []byte("GFSI"), downloads[:], make([]byte, 8))
	list, err := shellitem.Read(slices.Concat(address, game, []byte{0, 0}), 0)
	if err != nil || len(list) != 2 || list[0].Kind != shellitem.URI || list[0].Name != "http://example.net/" || list[1].Kind != shellitem.Game || list[1].GUID != downloads {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestPath(t *testing.T) {
	computer := shellitem.Item{Kind: shellitem.Root, GUID: shellitemtest.MyComputer}
	for _, tt := range []struct {
		path, display string
		items         []shellitem.Item
	}{
		{`C:\Data\a b.exe`, `C:\Data\a b.exe`, shellitemtest.File(`C:\Data\a b.exe`, nil)},
		{`\\srv\c$\a.exe`, `\\srv\c$\a.exe`, []shellitem.Item{{Kind: shellitem.Network, Name: `\\srv\c$`}, {Kind: shellitem.FileEntry, Name: "a.exe"}}},
		{"", `My Computer\Downloads\a.exe`, []shellitem.Item{computer, {Kind: shellitem.Volume, GUID: downloads}, {Kind: shellitem.FileEntry, Name: "a.exe"}}},
		{"", `Downloads\a.exe`, []shellitem.Item{{Kind: shellitem.Root, GUID: downloads}, {Kind: shellitem.Delegate, Name: "a.exe"}}},
		{"", "Control Panel", []shellitem.Item{{Kind: shellitem.Root, GUID: guid("21EC2020-3AEA-1069-A2DD-08002B30309D")}}},
		{"", `C:\Other`, []shellitem.Item{{Kind: shellitem.Volume, Name: `C:\`}, {Kind: shellitem.ControlPanel, Name: "Other"}}},
		{`C:\Users\anna\Documents\a.pdf`, `C:\Users\anna\Documents\a.pdf`, []shellitem.Item{{Kind: shellitem.Root, GUID: guid("031E4825-7B94-4DC3-B131-E946B44C8DD5")}, found(`C:\Users\anna\Documents`), {Kind: shellitem.FileEntry, Name: "a.pdf"}}},
		{`\\srv\share\b`, `\\srv\share\b`, []shellitem.Item{found(`C:\a`), found(`\\srv\share\b`)}},
		{"", "search results", []shellitem.Item{{Kind: shellitem.Properties, Name: "search results", Properties: []shellitem.Property{{Set: parsing, ID: 30, Value: "search-ms:a"}}}}},
		{"", "", nil},
	} {
		if got := shellitem.Path(tt.items); got != tt.path {
			t.Errorf("path %q, want %q", got, tt.path)
		}
		if got := shellitem.Display(tt.items); got != tt.display {
			t.Errorf("display %q, want %q", got, tt.display)
		}
	}
}

// Damage costs the items behind it, and is located.
func TestDamaged(t *testing.T) {
	sound := written(t, shellitemtest.File(`C:\Data\a.exe`, nil)...)
	small := bytes.Clone(sound)
	small[20], small[21] = 2, 0
	for _, tt := range []struct {
		name, err string
		raw       []byte
		items     int
	}{
		{"empty", "", nil, 0},
		{"no end", "", sound[:len(sound)-2], 4},
		{"cut off", "item at 0x", sound[:len(sound)-9], 3},
		{"a size of 2", "size of an item at 0x14: got 2, want ≥ 3", small, 1},
	} {
		list, err := shellitem.Read(tt.raw, 0)
		if (err == nil) != (tt.err == "") || err != nil && (!damage.Is(err) || !strings.Contains(err.Error(), tt.err)) || len(list) != tt.items {
			t.Errorf("%s: %d items, %v", tt.name, len(list), err)
		}
	}
	store, err := shellitemtest.Store(shellitem.Property{Set: appID, ID: 5, Type: 31, Value: "x"}, shellitem.Property{Set: appID, ID: 2, Type: 31, Value: "y"})
	if err != nil {
		t.Fatal(err)
	}
	version := bytes.Clone(store)
	version[4] = 9
	for _, tt := range []struct {
		name, err string
		raw       []byte
		n         int
	}{
		{"a store without an end", "", store[:len(store)-4], 2},
		{"a store that is cut off", "property storage at", store[:len(store)-9], 1},
		{"another version", "version of a property storage at 0x4: got 0x53505309, want 0x53505331", version, 0},
	} {
		list, err := shellitem.ReadProperties(tt.raw, 0)
		if (err == nil) != (tt.err == "") || err != nil && (!damage.Is(err) || !strings.Contains(err.Error(), tt.err)) || len(list) != tt.n {
			t.Errorf("%s: %d properties, %v", tt.name, len(list), err)
		}
	}
}

// The end of a list is found by the sizes alone.
func TestSize(t *testing.T) {
	raw := written(t, shellitemtest.File(`C:\a.exe`, nil)...)
	for _, tt := range []struct {
		raw  []byte
		want int
	}{{raw, len(raw)}, {append(bytes.Clone(raw), "more"...), len(raw)}, {nil, 0}, {[]byte{9}, 0}, {[]byte{9, 0, 1}, 2}} {
		if got := shellitem.Size(tt.raw); got != tt.want {
			t.Errorf("%x: %d, want %d", tt.raw, got, tt.want)
		}
	}
}

// Whatever the bytes: no panic, every error located, and no more than was there.
func FuzzRead(f *testing.F) {
	f.Add(written(f, shellitemtest.File(`C:\Data\a.exe`, func(i *shellitem.Item) { *i = file })...))
	f.Add(written(f, shellitem.Item{Kind: shellitem.Network, Name: `\\srv\x`, Comment: "y"}, shellitem.Item{Kind: shellitem.URI, Name: "https://example.net"}, shellitem.Item{Kind: shellitem.Delegate, Name: "a"}))
	f.Add(written(f, shellitem.Item{Kind: shellitem.Properties, Properties: []shellitem.Property{{Set: appID, ID: 5, Type: 31, Value: "x"}}}))
	f.Add(written(f, shellitem.Item{Kind: shellitem.Storage, Name: "Phone", Identifier: "SID"}, shellitem.Item{Kind: shellitem.DeviceFile, Name: "a", Comment: "b", Identifier: "o1", Modified: when}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := shellitem.Read(raw, 0)
		if err != nil && !damage.Is(err) {
			t.Fatalf("not located: %v", err)
		}
		total := 0
		for i := range list {
			total += len(list[i].Raw)
			if n := len(list[i].Name) + len(list[i].ShortName); n > 4*len(list[i].Raw) {
				t.Fatalf("names of %d bytes from %d", n, len(list[i].Raw))
			}
		}
		if total > len(raw) || shellitem.Size(raw) > len(raw) {
			t.Fatalf("%d bytes of items from %d", total, len(raw))
		}
		_ = shellitem.Display(list)
		if _, err := shellitem.ReadProperties(raw, 0); err != nil && !damage.Is(err) {
			t.Fatalf("not located: %v", err)
		}
	})
}

func ExampleRead() {
	raw, err := shellitemtest.List(shellitemtest.File(`C:\Users\Public\up.exe`, func(i *shellitem.Item) { i.Ref, i.Created = 3<<48|90, when })...)
	if err != nil {
		fmt.Println(err)
		return
	}
	items, err := shellitem.Read(raw, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	last := items[len(items)-1]
	fmt.Println(shellitem.Path(items), "was entry", last.Ref.Entry(), "and created at", last.Created)
	// Output: C:\Users\Public\up.exe was entry 90 and created at 2026-03-02 12:00:06 +0000 UTC
}
