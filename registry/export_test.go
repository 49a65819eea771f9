package registry

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// SampleForTest is a value that makes one row of the table of locations list a marker.
type SampleForTest struct {
	Category         string
	All, Marks       bool
	File             string // name of the hive
	Root, Key, Value string // Root is where Windows has the hive
	Type             ValueType
	Data             []byte
}

// SamplesForTest returns samples of every row: for each hive that may have it, in both
// views, each of its names of keys, and each of its values.
func SamplesForTest(mark func() string) []SampleForTest {
	var list []SampleForTest
	for i := range locations {
		l := &locations[i]
		for _, place := range []struct {
			in                 hives
			file, root, prefix string
		}{
			{machine, "SOFTWARE", `HKLM\SOFTWARE`, ""}, {user, "NTUSER.DAT", `HKU\S-1-5-21-1-2-3-1001`, "Software"}, {profile, "NTUSER.DAT", `HKCU`, ""},
			{system, "SYSTEM", `HKLM\SYSTEM`, firstControlSet}, {setup, "SYSTEM", `\REGISTRY\MACHINE\SYSTEM`, ""}, {machineClasses, "SOFTWARE", `HKLM\SOFTWARE`, "Classes"},
			{userClasses, "NTUSER.DAT", `HKU\S-1-5-21-1-2-3-1001`, `Software\Classes`}, {userClasses, "UsrClass.dat", `HKU\S-1-5-21-1-2-3-1001_Classes`, ""},
		} {
			if l.in&place.in == 0 {
				continue
			}
			prefixes := []string{place.prefix}
			if l.form&both != 0 {
				prefixes = append(prefixes, join(place.prefix, "Wow6432Node"))
			}
			for _, prefix := range prefixes {
				for _, path := range alternatives(strings.Split(l.path, `\`)) {
					names := l.values
					if names == nil || names[0] == exceptMark {
						names = []string{"x"}
					}
					for _, name := range names {
						s := SampleForTest{Category: l.category, All: l.form&all != 0, Marks: l.form&marks != 0, File: place.file, Root: place.root, Value: name}
						s.fill(l, join(prefix, path), mark())
						list = append(list, s)
					}
				}
			}
		}
	}
	return list
}

// alternatives returns the paths of a pattern, each with its * left.
func alternatives(pattern []string) []string {
	paths := []string{""}
	for _, names := range pattern {
		var longer []string
		for _, path := range paths {
			for name := range strings.SplitSeq(names, "|") {
				longer = append(longer, join(path, name))
			}
		}
		paths = longer
	}
	return paths
}

// fill makes the key and the data with the marker.
func (s *SampleForTest) fill(l *location, path, mark string) {
	keys := strings.Split(path, `\`)
	for i := range keys {
		switch {
		case keys[i] == starKey:
			keys[i] = "*"
		case keys[i] == anyKey && (l.read == serviceKeys || l.read == classKeys && i == len(keys)-1):
			keys[i] = mark
		case keys[i] == anyKey:
			keys[i] = "any"
		}
	}
	s.Key = strings.Join(keys, `\`)
	text := `C:\x\` + mark + ".exe"
	switch l.read {
	case libraryNames, shimNames:
		s.Value, text = mark, "x"
	case classNames:
		s.Value, text = "{"+mark+"}", "x"
	case classValues, classValuesOrKeys:
		text = "{" + mark + "}"
	case progIDs, driverNames, driverFiles, providerNames, assemblies:
		text = mark
	case packedItems:
		s.Type, s.Data = Binary, append(slices.Grow([]byte(text), packedPath)[:packedPath], 1, 2, 3)
		return
	}
	switch {
	case s.Value == "LoadBehavior":
		s.Type, s.Data = DWord, binary.LittleEndian.AppendUint32(nil, 3)
	default:
		s.Type, s.Data = SZ, wtf8.Encode(text+"\x00")
	}
}
