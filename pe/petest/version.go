package petest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/pe"
)

const (
	americanEnglish = "040904b0" // U.S. English, Unicode
	rtVersion       = 16
)

// named returns the named fields that are set, as strings of U.S. English.
func named(v pe.VersionInfo) []pe.StringPair {
	var pairs []pe.StringPair
	for _, name := range []string{
		"CompanyName", "FileDescription", "FileVersion", "InternalName",
		"LegalCopyright", "OriginalFilename", "ProductName", "ProductVersion",
	} {
		if value := v.Get(name); value != "" {
			pairs = append(pairs, pe.StringPair{Lang: americanEnglish, Name: name, Value: value})
		}
	}
	return pairs
}

// versionResource returns the VS_VERSIONINFO. Strings are written as they are,
// grouped by language; without Strings, the named fields are written.
func versionResource(v pe.VersionInfo) ([]byte, error) {
	pairs := v.Strings
	if len(pairs) == 0 {
		pairs = named(v)
	}
	var languages []string
	for _, p := range pairs {
		if !slices.Contains(languages, p.Lang) {
			languages = append(languages, p.Lang)
		}
	}
	var tables [][]byte
	var translation []byte
	for _, lang := range languages {
		id, err := strconv.ParseUint(lang, 16, 32)
		if err != nil || len(lang) != 8 {
			return nil, fmt.Errorf("petest: language %q: want eight hexadecimal digits", lang)
		}
		translation = binary.LittleEndian.AppendUint16(translation, uint16(id>>16))
		translation = binary.LittleEndian.AppendUint16(translation, uint16(id))
		var strs [][]byte
		for _, p := range pairs {
			if p.Lang == lang {
				value := append(wtf8.Encode(p.Value), 0, 0)
				strs = append(strs, versionBlock(p.Name, true, len(value)/2, value))
			}
		}
		tables = append(tables, versionBlock(lang, true, 0, nil, strs...))
	}
	fixed, err := fixedFileInfo(v)
	if err != nil {
		return nil, err
	}
	root := versionBlock("VS_VERSION_INFO", false, len(fixed), fixed,
		versionBlock("StringFileInfo", true, 0, nil, tables...),
		versionBlock("VarFileInfo", true, 0, nil, versionBlock("Translation", false, len(translation), translation)))
	if len(root) > 0xffff {
		return nil, fmt.Errorf("petest: version resource of %d bytes: want at most 65535", len(root))
	}
	return root, nil
}

// versionBlock returns one block of the tree. Package pe describes its parts.
func versionBlock(key string, text bool, valueLen int, value []byte, children ...[]byte) []byte {
	b := make([]byte, 6)
	b = append(b, wtf8.Encode(key)...)
	b = pad4(append(b, 0, 0))
	b = append(b, value...)
	for _, c := range children {
		b = append(pad4(b), c...)
	}
	binary.LittleEndian.PutUint16(b, uint16(len(b)))
	binary.LittleEndian.PutUint16(b[2:], uint16(valueLen))
	if text {
		b[4] = 1
	}
	return b
}

func pad4(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }

// fixedFileInfo returns the VS_FIXEDFILEINFO.
func fixedFileInfo(v pe.VersionInfo) ([]byte, error) {
	file, err := parseVersion(v.FixedFileVersion)
	if err != nil {
		return nil, err
	}
	product, err := parseVersion(v.FixedProductVersion)
	if err != nil {
		return nil, err
	}
	const signature, structVersion, flagsMask, windowsNT, application = 0xfeef04bd, 0x10000, 0x3f, 0x40004, 1
	return append32(nil, signature, structVersion, file[0], file[1], product[0], product[1],
		flagsMask, 0, windowsNT, application, 0, 0, 0), nil
}

// parseVersion reads "1.2.3.4" into two halves; an empty string is 0.0.0.0.
func parseVersion(s string) (halves [2]uint32, err error) {
	if s == "" {
		return halves, nil
	}
	parts := strings.Split(s, ".")
	if len(parts) != 4 {
		return halves, fmt.Errorf("petest: version %q: want four numbers", s)
	}
	for n, part := range parts {
		v, err := strconv.ParseUint(part, 10, 16)
		if err != nil {
			return halves, fmt.Errorf("petest: version %q: %w", s, err)
		}
		halves[n/2] = halves[n/2]<<16 | uint32(v)
	}
	return halves, nil
}

// resourceTree puts a version resource into the three levels of a resource
// section at rva: type, name, language.
func resourceTree(version []byte, rva uint32) []byte {
	const isDirectory, directorySize, firstName, american = 1 << 31, 16 + 8, 1, 0x409
	var b []byte
	for level, id := range []uint32{rtVersion, firstName, american} {
		next := uint32((level + 1) * directorySize)
		if level < 2 {
			next |= isDirectory
		}
		b = append32(b, 0, 0, 0, 1<<16, id, next) // no named entry, one with an id
	}
	const dataEntry = 16
	b = append32(b, rva+3*directorySize+dataEntry, uint32(len(version)), 0, 0)
	return append(b, version...)
}
