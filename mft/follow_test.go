package mft_test

import (
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// linkTo is a reparse point of a junction, or of a symbolic link.
func linkTo(tag uint32, target string) []byte {
	names := wtf8.Encode(target)
	head := 8
	if tag == 0xa000000c {
		head = 12
	}
	b := binary.LittleEndian.AppendUint32(nil, tag)
	b = binary.LittleEndian.AppendUint16(b, uint16(head+len(names)))
	b = append(b, 0, 0)
	b = binary.LittleEndian.AppendUint16(b, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(names)))
	b = append(b, make([]byte, head-4)...)
	return append(b, names...)
}

func TestFollow(t *testing.T) {
	const junction, symlink = 0xa0000003, 0xa000000c
	v := volumeOf(t,
		mfttest.File{Path: "Users/a/evil.exe", Data: []byte("MZ")},
		mfttest.File{Path: "ProgramData/p.exe", Data: []byte("MZ")},
		mfttest.File{Path: "Documents and Settings", Dir: true, Reparse: linkTo(junction, `\??\C:\Users`)},
		mfttest.File{Path: "Users/All Users", Dir: true, Reparse: linkTo(symlink, `\??\C:\ProgramData`)},
		mfttest.File{Path: "Users/a/near.exe", Reparse: linkTo(symlink, `evil.exe`)},
		mfttest.File{Path: "Users/a/up", Dir: true, Reparse: linkTo(symlink, `..\..\ProgramData`)},
		mfttest.File{Path: "Users/a/above", Dir: true, Reparse: linkTo(symlink, `..\..\..\..\ProgramData`)},
		mfttest.File{Path: "data", Dir: true, Reparse: linkTo(junction, `\??\D:\Data`)},
		mfttest.File{Path: "volume", Dir: true, Reparse: linkTo(junction, `\??\Volume{00000000-0000-0000-0000-000000000001}\`)},
		mfttest.File{Path: "share", Dir: true, Reparse: linkTo(symlink, `\\srv\tools`)},
		mfttest.File{Path: "one", Dir: true, Reparse: linkTo(junction, `\??\C:\two`)},
		mfttest.File{Path: "two", Dir: true, Reparse: linkTo(junction, `\??\C:\one`)},
		mfttest.File{Path: "self", Dir: true, Reparse: linkTo(junction, `\??\C:\self\x`)},
	)
	for _, tt := range []struct{ name, drive, want string }{
		{"Users/a/evil.exe", "C", "Users/a/evil.exe"},
		{"documents and settings/A/evil.exe", "C", "Users/A/evil.exe over documents and settings"},
		{"Documents and Settings/All Users/p.exe", "C", "ProgramData/p.exe over Documents and Settings, Users/All Users"},
		{"Documents and Settings", "C", "Users over Documents and Settings"},
		{"Documents and Settings/gone/x", "", "Users/gone/x over Documents and Settings"},
		{"Users/a/near.exe", "C", "Users/a/evil.exe over Users/a/near.exe"},
		{"Users/a/up/p.exe", "C", "ProgramData/p.exe over Users/a/up"},
		{"Users/a/above/p.exe", "C", "ProgramData/p.exe over Users/a/above"},
		{"data/x/y.exe", "C", `elsewhere D:\Data\x\y.exe over data`},
		{"Documents and Settings/a", "", "Users/a over Documents and Settings"},
		{"volume/x/y.exe", "C", `elsewhere \??\Volume{00000000-0000-0000-0000-000000000001}\\x\y.exe over volume`},
		{"share/y.exe", "C", `elsewhere \\srv\tools\y.exe over share`},
		{"one/x", "C", "error: ntfs: two/x: links in a path: got more than 63, want an end"},
		{"self/x", "C", "error"},
		{"gone/x", "C", "gone/x"},
		{"../x", "C", "../x"},
		{".", "C", "."},
	} {
		path, elsewhere, links, err := v.Follow(tt.name, tt.drive)
		got := path
		if elsewhere != "" {
			got = "elsewhere " + elsewhere
		}
		var over []string
		for _, l := range links {
			over = append(over, l.Path)
		}
		if len(over) > 0 {
			got += " over " + strings.Join(over, ", ")
		}
		if err != nil {
			got = fmt.Sprint("error: ", err)
		}
		if got != tt.want && !(tt.want == "error" && err != nil) {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	// The file system itself does not follow links: a walk visits each file once.
	n := 0
	err := fs.WalkDir(v, "Users", func(string, fs.DirEntry, error) error { n++; return nil })
	if err != nil || n != 7 {
		t.Errorf("a walk visits %d files, %v", n, err)
	}
}
