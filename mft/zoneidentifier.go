package mft

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// ZoneIdentifierStream is the name of the stream that holds the mark of the web.
const ZoneIdentifierStream = "Zone.Identifier"

// The security zones of ZoneID.
const (
	ZoneAbsent    = -1
	ZoneLocal     = 0
	ZoneIntranet  = 1
	ZoneTrusted   = 2
	ZoneInternet  = 3
	ZoneUntrusted = 4
)

// KeyValue is a line of an INI section.
type KeyValue struct{ Key, Value string }

// ZoneIdentifier is the mark of the web: what the program that wrote a file
// claimed about its origin. Anyone who may write the file may change it.
type ZoneIdentifier struct {
	ZoneID                      int // ZoneAbsent if the mark has none
	ReferrerURL                 string
	HostURL                     string
	HostIPAddress               string
	LastWriterPackageFamilyName string
	AppZoneID                   string
	AppDefinedZoneID            string
	Other                       []KeyValue // all other keys in order, those of other sections as "section/key"
}

const zoneSection = "ZoneTransfer"

// zoneKey finds the known keys in a mark whose line breaks were lost on the way,
// as in the reports of other tools.
var zoneKey = regexp.MustCompile(`(?i)(ZoneId|ReferrerUrl|HostUrl|HostIpAddress|LastWriterPackageFamilyName|AppZoneId|AppDefinedZoneId)=`)

var zoneNumber = regexp.MustCompile(`(?i)^ZoneId=\s*\d+$`)

// ParseZoneIdentifier reads the content of a Zone.Identifier stream: an INI file
// in UTF-16, UTF-8 or Windows-1252, with any line breaks or none. If a key occurs
// twice the first counts, as in Windows; the others are kept in Other.
//
// A *FormatError means that the content is not a mark or that a ZoneId is not a
// number; the rest is still returned. The error's offset counts from the beginning
// of the stream.
func ParseZoneIdentifier(b []byte) (ZoneIdentifier, error) {
	z := ZoneIdentifier{ZoneID: ZoneAbsent}
	var failed error
	section, seen := "", map[string]bool{}
	for _, line := range zoneLines(decodeText(b)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(name, "]")
			seen["["+strings.ToLower(section)] = true
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, ";") {
			continue
		}
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		id := strings.ToLower(key)
		if section != "" && !strings.EqualFold(section, zoneSection) {
			z.Other = append(z.Other, KeyValue{section + "/" + key, value})
			continue
		}
		field := z.field(id)
		switch {
		case seen[id] || field == nil && id != "zoneid":
			z.Other = append(z.Other, KeyValue{key, value})
		case field != nil:
			*field = value
		default:
			n, err := strconv.Atoi(value)
			if err != nil || n < 0 {
				failed = zoneError(b, key, damage.New("ZoneId", -1, strconv.Quote(value), "a number"))
				z.Other = append(z.Other, KeyValue{key, value})
				break
			}
			z.ZoneID = n
		}
		seen[id] = true
	}
	if len(seen) == 0 || !seen["["+strings.ToLower(zoneSection)] && !seen["zoneid"] {
		failed = zoneError(b, "", damage.New("section", -1, fmt.Sprintf("%.32q", b), "["+zoneSection+"]"))
	}
	return z, failed
}

// field returns a pointer to the field of a known key, or nil for another key.
func (z *ZoneIdentifier) field(key string) *string {
	switch key {
	case "referrerurl":
		return &z.ReferrerURL
	case "hosturl":
		return &z.HostURL
	case "hostipaddress":
		return &z.HostIPAddress
	case "lastwriterpackagefamilyname":
		return &z.LastWriterPackageFamilyName
	case "appzoneid":
		return &z.AppZoneID
	case "appdefinedzoneid":
		return &z.AppDefinedZoneID
	}
	return nil
}

// zoneError sets the offset of err to that of key, or to 0 if the content is
// UTF-16.
func zoneError(b []byte, key string, err *damage.Error) error {
	err.Artifact = ZoneIdentifierStream
	err.Offset = int64(max(bytes.Index(b, []byte(key)), 0))
	return err
}

// zoneLines cuts the text of a mark into lines. If it has no line breaks, a line
// begins at a known key that follows a section, white space, or a whole ZoneId.
func zoneLines(text string) []string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' || r == 0 })
	if len(lines) != 1 {
		return lines
	}
	line, start := lines[0], 0
	lines = nil
	for _, m := range zoneKey.FindAllStringIndex(line, -1) {
		before := line[start:m[0]]
		if before == "" || !strings.ContainsAny(before[len(before)-1:], "] \t") && !zoneNumber.MatchString(before) {
			continue
		}
		lines = append(lines, before)
		start = m[0]
	}
	return append(lines, line[start:])
}

// decodeText returns b as text: UTF-16 if a byte order mark or NULs indicate it,
// UTF-8 if it is valid, else Windows-1252.
func decodeText(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return wtf8.String(b[2:])
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		swapped := make([]byte, (len(b)-2)&^1)
		for i := range swapped {
			swapped[i] = b[2+i^1]
		}
		return wtf8.String(swapped)
	case len(b) >= 4 && b[0] != 0 && b[1] == 0 && b[3] == 0:
		return wtf8.String(b)
	}
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	if utf8.Valid(b) {
		return string(b)
	}
	var text strings.Builder
	for _, c := range b {
		r := rune(c)
		if 0x80 <= c && c < 0xa0 {
			r = windows1252[c-0x80]
		}
		text.WriteRune(r)
	}
	return text.String()
}

// windows1252 is what Windows-1252 has for the bytes 0x80 to 0x9f; all others are
// the same in Unicode.
var windows1252 = [32]rune{
	0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
	0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
}
