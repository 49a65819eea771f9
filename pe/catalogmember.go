package pe

import (
	"encoding/hex"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// CatalogMember is a file that a catalog lists.
type CatalogMember struct {
	Offset int64 // in bytes from the beginning of the catalog

	// Digest is that of the file, by an algorithm with the names of
	// [Signature.DigestAlgorithm], in lower-case hexadecimal. It is empty if the catalog has
	// none, but only a name. Image means that it is the Authenticode digest of an
	// executable, else it is the digest of all bytes of a file.
	Algorithm, Digest string
	Image             bool

	Tag  string // by which the catalog names the member, unless that is the digest: text, or bytes in hexadecimal
	File string // the attribute File or Hint: a name, or a path that begins with a component of Windows; often empty
}

// The object identifiers in a member, beside those of signatures.
const (
	oidSpcPEImageData     = "1.3.6.1.4.1.311.2.1.15"
	oidCatalogNameValue   = "1.3.6.1.4.1.311.12.2.1"
	oidCatalogMemberInfo  = "1.3.6.1.4.1.311.12.2.2"
	oidCatalogMemberInfo2 = "1.3.6.1.4.1.311.12.2.3"
)

// subjectImage is the GUID in the member information of executables.
const subjectImage = "{C689AAB8-8E78-11D0-8C47-00C04FC295EE}"

// parseMember reads a TrustedSubject:
//
//	SEQUENCE { subjectIdentifier OCTET STRING, subjectAttributes SET OF Attribute OPTIONAL }
func parseMember(v value) (CatalogMember, error) {
	m := CatalogMember{Offset: v.off}
	fields := v.children()
	tag, err := fields.expect(tagOctetString, "TrustedSubject subjectIdentifier")
	if err != nil {
		return m, err
	}
	if fields.empty() {
		m.name(tag.body)
		return m, nil
	}
	attributes, err := parseAttributes(&fields, tagSet, "TrustedSubject subjectAttributes")
	if err != nil {
		return m, err
	}
	for _, a := range attributes {
		vs := a.values
		if err := m.attribute(a.oid, &vs); err != nil {
			return m, err
		}
	}
	m.name(tag.body)
	return m, nil
}

// attribute reads the attributes that say what a member is.
func (m *CatalogMember) attribute(oid string, vs *values) error {
	switch oid {
	case oidSpcIndirectData:
		v, err := vs.expect(tagSequence, "SpcIndirectDataContent")
		if err != nil {
			return err
		}
		d, err := parseIndirectData(v)
		m.Algorithm, m.Digest, m.Image = d.algorithm, hex.EncodeToString(d.digest.body), m.Image || d.kind == oidSpcPEImageData
		return err
	case oidCatalogMemberInfo: // SEQUENCE { BMPString with the GUID of the subject, INTEGER version }
		v, err := vs.expect(tagSequence, "member information")
		if err != nil {
			return err
		}
		fields := v.children()
		guid, err := fields.next("GUID of the subject")
		m.Image = m.Image || err == nil && strings.EqualFold(guid.text(), subjectImage)
		return err
	case oidCatalogMemberInfo2: // [0] an executable, [2] another file
		v, err := vs.next("member information")
		m.Image = m.Image || err == nil && v.tag&^tagConstructed == tagContext
		return err
	case oidCatalogNameValue: // SEQUENCE { BMPString name, INTEGER flags, OCTET STRING value in UTF-16LE }
		v, err := vs.expect(tagSequence, "name and value")
		if err != nil {
			return err
		}
		fields := v.children()
		name, err := fields.next("name")
		if err != nil || name.text() != "File" && (name.text() != "Hint" || m.File != "") {
			return err
		}
		if _, err := fields.expect(tagInteger, "flags"); err != nil {
			return err
		}
		content, err := fields.expect(tagOctetString, "value")
		m.File = wtf8.String(wtf8.Trim(content.body))
		return err
	}
	return nil
}

// name reads the tag of a member. Most are a digest: its bytes in catalogs of version 2,
// and hexadecimal text in those before.
func (m *CatalogMember) name(tag []byte) {
	digest := ""
	if digestOfSize(len(tag)) != "" && !isText(tag) {
		digest = hex.EncodeToString(tag)
		m.Tag = digest
	} else if m.Tag = wtf8.String(wtf8.Trim(tag)); isHex(m.Tag) {
		digest = strings.ToLower(m.Tag)
	}
	if algorithm := digestOfSize(len(digest) / 2); m.Digest == "" && algorithm != "" {
		m.Algorithm, m.Digest = algorithm, digest
	}
	if digest == m.Digest {
		m.Tag = ""
	}
}

// digestOfSize returns the algorithm whose digests have that many bytes, or "".
func digestOfSize(n int) string {
	switch n {
	case 20:
		return "SHA1"
	case 32:
		return "SHA256"
	}
	return ""
}

func isHex(s string) bool {
	_, err := hex.DecodeString(s)
	return err == nil
}

// isText reports whether b is UTF-16LE of ASCII.
func isText(b []byte) bool {
	for i := 0; i+1 < len(b); i += 2 {
		if b[i] >= 0x80 || b[i+1] != 0 {
			return false
		}
	}
	return len(b)%2 == 0
}
