package registrytest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

// maxValueName is the most characters in the name of a value.
const maxValueName = 16383

// valueLine reads a value: "name"=data, or @=data for the default value.
func (p *regParser) valueLine() error {
	if p.key == nil {
		return p.want("a key in brackets before the first value")
	}
	name := ""
	if p.rest[0] == '@' {
		p.rest = p.rest[1:]
	} else {
		var err error
		if name, err = p.quoted(); err != nil {
			return err
		}
		if n := len(wtf8.Encode(name)) / 2; n > maxValueName {
			return fmt.Errorf("want a name of at most %d characters, got %d", maxValueName, n)
		}
	}
	p.skipSpace()
	if !p.take("=") {
		return p.want("= behind the name of a value")
	}
	p.skipSpace()
	v := Value{Name: name}
	p.value, p.has = winpath.FoldName(name), true
	if p.take("-") {
		p.key.unset(p.value)
		p.has = false
		return p.lineEnds()
	}
	if err := p.data(&v); err != nil {
		return err
	}
	p.key.set(v)
	if v.Type == registry.Link && winpath.SameName(name, "SymbolicLinkValue") {
		p.key.Link = true
	}
	return p.lineEnds()
}

// take takes a text, ignoring case, if the rest begins with it.
func (p *regParser) take(text string) bool {
	if len(p.rest) < len(text) || !strings.EqualFold(p.rest[:len(text)], text) {
		return false
	}
	p.rest = p.rest[len(text):]
	return true
}

// data reads the data of a value.
func (p *regParser) data(v *Value) (err error) {
	switch {
	case strings.HasPrefix(p.rest, `"`):
		v.Type = registry.SZ
		return p.text(v)
	case p.take("dword:"):
		v.Type = registry.DWord
		n, err := p.number(8)
		v.Data = le.AppendUint32(nil, n)
		return err
	case p.take("hex:"):
		v.Type = registry.Binary
	case p.take("hex("):
		if v.Type, err = p.typeOf("bytes in hexadecimal"); err != nil {
			return err
		}
	case p.take("str:"):
		v.Type = registry.SZ
		return p.text(v)
	case p.take("str("):
		if v.Type, err = p.typeOf("a text in quotes"); err == nil {
			err = p.text(v)
		}
		return err
	default:
		return p.want(`data: a text in quotes, dword:, hex:, hex(…):, or - to delete the value`)
	}
	v.Data, err = p.bytes()
	if err == nil && p.ansi && isText(v.Type) {
		var s string
		if s, err = p.fromCodePage(v.Data); err == nil {
			v.Data = wtf8.Encode(s)
		}
	}
	return err
}

// isText reports whether the data of a type is text.
func isText(t registry.ValueType) bool {
	return t == registry.SZ || t == registry.ExpandSZ || t == registry.MultiSZ
}

// text reads the data of a value that is given as text.
func (p *regParser) text(v *Value) error {
	if !strings.HasPrefix(p.rest, `"`) {
		return p.want("a text in quotes")
	}
	s, err := p.quoted()
	v.Data = wtf8.Encode(s + "\x00")
	return err
}

// typeOf reads the type of a value, up to its colon.
func (p *regParser) typeOf(then string) (registry.ValueType, error) {
	n, err := p.number(8)
	if err == nil && !p.take("):") {
		err = p.want("): and " + then)
	}
	return registry.ValueType(n), err
}

// number reads a number in hexadecimal.
func (p *regParser) number(digits int) (uint32, error) {
	n := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789abcdefABCDEF"))
	if n == 0 || n > digits {
		return 0, p.want(fmt.Sprintf("1 to %d hexadecimal digits", digits))
	}
	x, err := strconv.ParseUint(p.rest[:n], 16, 32)
	p.rest = p.rest[n:]
	return uint32(x), err
}

// bytes reads bytes in hexadecimal, with commas between them. They go on in the next line
// behind a backslash, where comments and empty lines are skipped.
func (p *regParser) bytes() (b []byte, err error) {
	b = []byte{}
	for {
		p.skipSpace()
		if p.take(`\`) {
			if err := p.lineEnds(); err != nil {
				return nil, err
			}
			for p.skipBlank(); strings.HasPrefix(p.rest, ";"); p.skipBlank() {
				p.endLine()
			}
			continue
		}
		if p.rest == "" || strings.IndexByte("\r\n;", p.rest[0]) >= 0 {
			return b, nil
		}
		n, err := p.number(2)
		if err != nil {
			return nil, err
		}
		b = append(b, byte(n))
		if p.skipSpace(); !p.take(",") {
			if p.rest != "" && strings.IndexByte("\r\n;", p.rest[0]) < 0 {
				return nil, p.want("a comma")
			}
			return b, nil
		}
	}
}

// quoted reads a text in quotes, which may have line breaks.
func (p *regParser) quoted() (string, error) {
	var b strings.Builder
	for i := 1; i < len(p.rest); i++ {
		switch c := p.rest[i]; c {
		case '"':
			p.line += strings.Count(p.rest[:i], "\n")
			p.rest = p.rest[i+1:]
			return b.String(), nil
		case '\\':
			i++
			if i == len(p.rest) || p.rest[i] != '\\' && p.rest[i] != '"' {
				p.line += strings.Count(p.rest[:i], "\n")
				p.rest = p.rest[i-1:]
				return "", p.want(`\\ or \" in a text`)
			}
			b.WriteByte(p.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", p.want(`a text that ends with "`)
}
