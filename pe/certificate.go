package pe

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// Certificate is what an embedded X.509 certificate claims.
type Certificate struct {
	Offset              int64  // in bytes from the beginning of the file; -1 if the file does not embed the certificate
	Subject, Issuer     string // distinguished names as in RFC 4514: "CN=…,O=…,C=US"
	Serial              string // lower-case hexadecimal, as stored
	NotBefore, NotAfter time.Time
	Thumbprint          string // SHA-1 of the DER, lower-case hexadecimal
	Raw                 []byte // the DER

	commonName string
}

// CommonName returns the CN of the subject, the most specific one if it has
// several, or the whole subject if it has none.
func (c *Certificate) CommonName() string {
	if c.commonName != "" {
		return c.commonName
	}
	return c.Subject
}

// embedded reports whether the file holds the certificate, not only its name.
func (c *Certificate) embedded() bool { return c.Raw != nil }

// parseCertificate reads an X.509 certificate (RFC 5280 4.1) up to its subject.
func parseCertificate(v value) (Certificate, error) {
	sum := sha1.Sum(v.raw)
	c := Certificate{Offset: v.off, Thumbprint: hex.EncodeToString(sum[:]), Raw: bytes.Clone(v.raw)}
	outer := v.children()
	tbs, err := outer.expect(tagSequence, "TBSCertificate")
	if err != nil {
		return c, err
	}
	fields := tbs.children()
	if _, _, err := fields.optional(context(0), "certificate version"); err != nil {
		return c, err
	}
	serial, err := fields.expect(tagInteger, "certificate serial number")
	if err != nil {
		return c, err
	}
	c.Serial = hex.EncodeToString(serial.body)
	if _, err := fields.expect(tagSequence, "certificate signature algorithm"); err != nil {
		return c, err
	}
	issuer, err := fields.expect(tagSequence, "certificate issuer")
	if err != nil {
		return c, err
	}
	if c.Issuer, _, err = distinguishedName(issuer); err != nil {
		return c, err
	}
	validity, err := fields.expect(tagSequence, "certificate validity")
	if err != nil {
		return c, err
	}
	times := validity.children()
	for _, p := range []*time.Time{&c.NotBefore, &c.NotAfter} {
		t, err := times.next("certificate validity")
		if err != nil {
			return c, err
		}
		if *p, err = t.time("certificate validity"); err != nil {
			return c, err
		}
	}
	subject, err := fields.expect(tagSequence, "certificate subject")
	if err != nil {
		return c, err
	}
	c.Subject, c.commonName, err = distinguishedName(subject)
	return c, err
}

// attributeNames are the short names of RFC 4514, and others that are usual in
// certificates for code signing.
var attributeNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "SERIALNUMBER", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
	"2.5.4.9": "STREET", "2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "T", "2.5.4.15": "BUSINESSCATEGORY",
	"2.5.4.17": "POSTALCODE", "2.5.4.42": "GN", "2.5.4.97": "ORGANIZATIONIDENTIFIER",
	"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC", "1.2.840.113549.1.9.1": "EMAIL",
	"1.3.6.1.4.1.311.60.2.1.1": "JURISDICTIONL", "1.3.6.1.4.1.311.60.2.1.2": "JURISDICTIONST",
	"1.3.6.1.4.1.311.60.2.1.3": "JURISDICTIONC",
}

// distinguishedName formats a Name as in RFC 4514, the last part first, and
// returns its last common name separately.
func distinguishedName(v value) (name, commonName string, err error) {
	var parts []string
	for rdns := v.children(); !rdns.empty(); {
		rdn, err := rdns.expect(tagSet, "relative distinguished name")
		if err != nil {
			return "", "", err
		}
		var attributes []string
		for set := rdn.children(); !set.empty(); {
			attribute, err := set.expect(tagSequence, "name attribute")
			if err != nil {
				return "", "", err
			}
			pair := attribute.children()
			kind, err := pair.expect(tagOID, "name attribute's type")
			if err != nil {
				return "", "", err
			}
			val, err := pair.next("name attribute's value")
			if err != nil {
				return "", "", err
			}
			short, text := kind.oid(), val.text()
			if n, ok := attributeNames[short]; ok {
				short = n
			}
			if short == "CN" {
				commonName = text
			}
			attributes = append(attributes, short+"="+escapeName(text))
		}
		parts = append(parts, strings.Join(attributes, "+"))
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ","), commonName, nil
}

// escapeName escapes a value as in RFC 4514 2.4, and also control characters.
func escapeName(s string) string {
	var b strings.Builder
	for i, r := range s {
		switch {
		case strings.ContainsRune(`"+,;<>\`, r), i == 0 && (r == '#' || r == ' '), i == len(s)-1 && r == ' ':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// certificates are the certificates that a SignedData embeds.
type certificates []Certificate

// named returns the certificate with an issuer and a serial number. If it is
// not embedded, only these two are set.
func (cs certificates) named(issuer, serial string) Certificate {
	for _, c := range cs {
		if c.Serial == serial && c.Issuer == issuer {
			return c
		}
	}
	return Certificate{Offset: -1, Issuer: issuer, Serial: serial}
}

// maxChain bounds the certificates from a signer up to its root.
const maxChain = 16

// chain returns the certificates from c upwards, each the issuer of the one
// before it by name. It ends at a self-issued certificate, at an issuer that is
// not embedded, or before a certificate would repeat.
func (cs certificates) chain(c Certificate) []Certificate {
	if !c.embedded() {
		return nil
	}
	chain := []Certificate{c}
	for len(chain) < maxChain && c.Issuer != c.Subject {
		i := cs.issuerOf(c)
		if i < 0 {
			break
		}
		next := cs[i]
		for _, seen := range chain {
			if seen.Thumbprint == next.Thumbprint {
				return chain
			}
		}
		chain, c = append(chain, next), next
	}
	return chain
}

func (cs certificates) issuerOf(c Certificate) int {
	for i := range cs {
		if cs[i].Subject == c.Issuer {
			return i
		}
	}
	return -1
}
