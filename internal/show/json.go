package show

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONLine returns v as one line of JSON in which every character that acts
// instead of showing is escaped: what decodes it gets the text as it was.
func JSONLine(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	plain := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	var line []byte
	for len(plain) > 0 {
		r, n := utf8.DecodeRune(plain)
		switch high, low := utf16.EncodeRune(r); {
		case !Acts(r): // outside strings JSON has none of these
			line = append(line, plain[:n]...)
		case r > 0xffff:
			line = fmt.Appendf(line, `\u%04x\u%04x`, high, low)
		default:
			line = fmt.Appendf(line, `\u%04x`, r)
		}
		plain = plain[n:]
	}
	return append(line, '\n'), nil
}
