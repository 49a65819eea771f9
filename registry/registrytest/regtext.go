package registrytest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/codepage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The first lines of registration files.
const (
	headerUnicode = "Windows Registry Editor Version 5.00"
	headerANSI    = "REGEDIT4"
)

// RegText says how [ParseReg] reads a registration file.
type RegText struct {
	// Root is the path of the key that is the root of the hive, such as
	// HKEY_LOCAL_MACHINE\SOFTWARE. If it is empty, it is the hive in which Windows keeps
	// the first key of the file.
	Root string
	// CodePage is that of a file that is not in Unicode, and of the texts in its hex
	// values. 0 means 1252.
	CodePage int
	// LastWrite is the time of all keys that the file gives no time.
	LastWrite time.Time
}

// ParseReg returns the hive that regedit would make of a registration file (.reg), with the
// default options of [RegText].
func ParseReg(text []byte) (*Hive, error) { return RegText{}.Parse(text) }

// Parse returns the hive that regedit would make of a registration file. The file is of
// version 5.00, in UTF-16 or UTF-8, or of REGEDIT4, in a code page. All its keys must be in
// one hive. HKEY_CLASSES_ROOT is the key Classes of SOFTWARE. CurrentControlSet is the
// control set that Select names, or ControlSet001: then Select is made too.
//
// Texts are unquoted as by regedit: \\ and \" are the only sequences with a backslash, and
// others are errors. Besides the types of regedit, str(2):"…" is a text of type 2, as for
// hivexregedit. A key whose path begins with a backslash is below the root of the hive.
//
// Lines that are comments for regedit say what a registration file cannot:
//
//	;@time=2026-03-02T13:42:09Z   the time of the key above; before the first key, of the base block and of keys that have none
//	;@class=NAME                  the class of the key above
//	;@owner=SID                   the owner of the key above, and of the keys below it
//	;@deleted                     the value or key above is in free cells, as all below it
//
// A key with a REG_LINK value named SymbolicLinkValue is a symbolic link. Errors name the
// line, what was wanted, and what was there.
func (o RegText) Parse(text []byte) (*Hive, error) {
	p := regParser{RegText: o, line: 1, top: newRegKey("")}
	if p.CodePage == 0 {
		p.CodePage = codepage.Default
	}
	err := p.decode(text)
	if err == nil {
		err = p.file()
	}
	if err != nil {
		return nil, fmt.Errorf("registrytest: line %d: %w", p.line, err)
	}
	p.controlSet()
	return &Hive{Name: hiveFileName(p.root), LastWrite: p.LastWrite, Root: p.top.key(p.LastWrite)}, nil
}

// regParser reads a registration file.
type regParser struct {
	RegText
	rest string // of the text
	line int    // number of the line in which rest begins
	ansi bool   // REGEDIT4

	root  string  // path of the hive's root in full, once it is known
	top   *regKey // root of the hive
	key   *regKey // whose values are read; nil before the first key
	value string  // folded name of the value above, if has is set
	has   bool    // a value is above, and not a key
}

// decode makes UTF-8 of the text.
func (p *regParser) decode(text []byte) error {
	switch {
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}):
		text = text[2:]
		fallthrough
	case len(text) >= 2 && text[0] != 0 && text[1] == 0:
		if len(text)%2 != 0 {
			return errors.New("want UTF-16, got an odd number of bytes")
		}
		p.rest = wtf8.String(text)
		return nil
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.HasPrefix(text, []byte(headerANSI)) || !utf8.Valid(text) {
		var err error
		p.rest, err = p.fromCodePage(text)
		return err
	}
	p.rest = string(text)
	return nil
}

func (p *regParser) fromCodePage(text []byte) (string, error) {
	enc := codepage.Encoding(p.CodePage)
	if enc == nil {
		return "", fmt.Errorf("unknown code page %d", p.CodePage)
	}
	b, err := enc.NewDecoder().Bytes(text)
	return string(b), err
}

// file reads all lines.
func (p *regParser) file() error {
	header, _, _ := strings.Cut(p.rest, "\n")
	switch header = strings.TrimRight(header, "\r \t"); header {
	case headerUnicode:
	case headerANSI:
		p.ansi = true
	default:
		return fmt.Errorf("want %q or %q, got %s", headerUnicode, headerANSI, short(header))
	}
	p.endLine()
	for p.skipBlank(); p.rest != ""; p.skipBlank() {
		var err error
		switch p.rest[0] {
		case ';':
			err = p.directive()
		case '[':
			err = p.keyLine()
		case '@', '"':
			err = p.valueLine()
		default:
			err = p.want("a key in brackets, a value or a comment")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// skipBlank skips spaces and empty lines.
func (p *regParser) skipBlank() {
	rest := strings.TrimLeft(p.rest, " \t\r\n")
	p.line += strings.Count(p.rest[:len(p.rest)-len(rest)], "\n")
	p.rest = rest
}

// skipSpace skips spaces within a line.
func (p *regParser) skipSpace() { p.rest = strings.TrimLeft(p.rest, " \t") }

// endLine takes the rest of the line.
func (p *regParser) endLine() string {
	line, rest, found := strings.Cut(p.rest, "\n")
	if p.rest = rest; found {
		p.line++
	}
	return strings.TrimRight(line, "\r \t")
}

// lineEnds takes the rest of a line, in which only a comment may be.
func (p *regParser) lineEnds() error {
	p.skipSpace()
	if p.rest == "" || strings.IndexByte(";\r\n", p.rest[0]) >= 0 {
		p.endLine()
		return nil
	}
	return p.want("the end of the line")
}

// want returns an error that says what was wanted instead of the rest of the line.
func (p *regParser) want(what string) error {
	got, _, _ := strings.Cut(p.rest, "\n")
	if got = strings.TrimRight(got, "\r"); got == "" {
		return fmt.Errorf("want %s, got the end of the line", what)
	}
	return fmt.Errorf("want %s, got %s", what, short(got))
}

// short quotes a text, of which it keeps the beginning.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return fmt.Sprintf("%q…", string(r[:40]))
	}
	return fmt.Sprintf("%q", s)
}

// keyLine reads the line of a key. A name may have brackets, so the last one ends it.
func (p *regParser) keyLine() error {
	line, _, _ := strings.Cut(p.rest, "\n")
	end := strings.LastIndexByte(line, ']')
	if end < 0 {
		return p.want("a key that ends with ]")
	}
	path, removed := strings.CutPrefix(line[1:end], "-")
	names, err := p.below(path)
	if err != nil {
		return err
	}
	p.rest = p.rest[end+1:]
	if removed {
		if len(names) == 0 {
			return errors.New("want a key to delete, got the root of the hive")
		}
		p.top.remove(names)
		p.key, p.has = nil, false
		return p.lineEnds()
	}
	k := p.top
	for _, name := range names {
		k = k.make(name)
	}
	p.key, p.has = k, false
	return p.lineEnds()
}

// directive reads a comment.
func (p *regParser) directive() error {
	text, ok := strings.CutPrefix(p.rest, ";@")
	if !ok {
		p.endLine()
		return nil
	}
	text, _, _ = strings.Cut(text, "\n")
	name, value, _ := strings.Cut(strings.TrimRight(text, "\r \t"), "=")
	switch {
	case name != "time" && name != "class" && name != "owner" && name != "deleted":
		return fmt.Errorf("want ;@time, ;@class, ;@owner or ;@deleted, got %s", short(text))
	case p.key == nil && name != "time":
		return fmt.Errorf("want a key before ;@%s", name)
	}
	switch name {
	case "time":
		at, err := time.Parse(time.RFC3339Nano, value)
		if err != nil {
			return fmt.Errorf("want a time such as 2026-03-02T13:42:09Z, got %s", short(value))
		}
		if p.key == nil {
			p.LastWrite = at
		} else {
			p.key.LastWrite, p.key.timed = at, true
		}
	case "class":
		p.key.Class = value
	case "owner":
		if _, err := encodeSID(value); err != nil {
			return err
		}
		p.key.Owner = value
	case "deleted":
		switch {
		case p.has:
			p.key.bury(p.value)
		case p.key == p.top:
			return errors.New("want a key that can be deleted, got the root of the hive")
		default:
			p.key.Deleted = true
		}
		p.has = false
	}
	p.endLine()
	return nil
}

// controlSet makes a control set of the key CurrentControlSet, which is a link that no
// hive has.
func (p *regParser) controlSet() {
	link := p.top.sub[winpath.FoldName("CurrentControlSet")]
	if !winpath.SameName(p.root, hklm+`\SYSTEM`) || link == nil {
		return
	}
	current := uint32(1)
	if s := p.top.sub[winpath.FoldName("Select")]; s == nil {
		s = p.top.make("Select")
		for _, name := range []string{"Current", "Default", "LastKnownGood"} {
			s.set(DWord(name, 1))
		}
		s.set(DWord("Failed", 0))
	} else if v := s.value[winpath.FoldName("Current")]; v != nil && len(v.Data) == 4 {
		current = le.Uint32(v.Data)
	}
	p.top.remove([]string{link.Name})
	p.top.make(fmt.Sprintf("ControlSet%03d", current)).merge(link)
}
