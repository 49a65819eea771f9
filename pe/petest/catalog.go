package petest

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"
)

// Catalog describes a security catalog (.cat).
type Catalog struct {
	Made    time.Time // cut to seconds
	Version int       // 1 names its members by SHA-1, 2 by SHA-256; 0 = 2
	Members []Member

	Signature Signature // without a Signer the catalog is not signed
}

// Member is a file that a catalog lists.
type Member struct {
	Content []byte // what begins with MZ is digested as an executable that is not signed
	File    string // the attribute File; empty = none
	TagOnly bool   // the digest is in the name of the member only
}

// Bytes returns the catalog as a file.
func (c Catalog) Bytes() ([]byte, error) {
	if c.Version < 0 || c.Version > 2 {
		return nil, errors.New("petest: version of a catalog: want 1 or 2")
	}
	list := c.list()
	if c.Signature.Signer == nil {
		content := sequence(oidCertificateTrustList, explicit(0, list))
		return sequence(oidSignedData, explicit(0, sequence(integer(1), set(), content, set()))), nil
	}
	if err := c.Signature.check(); err != nil {
		return nil, err
	}
	return c.Signature.message(oidCertificateTrustList, func(crypto.Hash) []byte { return list })
}

func (c Catalog) hash() crypto.Hash {
	if c.Version == 1 {
		return crypto.SHA1
	}
	return crypto.SHA256
}

// list returns the CertificateTrustList.
func (c Catalog) list() []byte {
	kind := oidCatalogMember2
	if c.Version == 1 {
		kind = oidCatalogMember
	}
	var members [][]byte
	for _, m := range c.Members {
		members = append(members, c.member(m))
	}
	slices.SortFunc(members, bytes.Compare)
	id := md5.Sum(bytes.Join(members, nil))
	return sequence(sequence(oidCatalogList), octetString(id[:]), utcTime(c.Made), sequence(kind, null), sequence(members...))
}

// member returns the TrustedSubject.
func (c Catalog) member(m Member) []byte {
	image := bytes.HasPrefix(m.Content, []byte("MZ"))
	digest := sum(c.hash(), m.Content)
	data := sequence(sequence(oidSpcCabData, explicit(2, element(0x80))), sequence(algorithm(c.hash()), octetString(digest)))
	info, guid := explicit(2), "{DE351A42-8E59-11D0-8C47-00C04FC295EE}"
	if image {
		digest = imageDigest(m.Content, c.hash())
		data = spcIndirectData(c.hash(), digest)
		info, guid = element(0x80), "{C689AAB8-8E78-11D0-8C47-00C04FC295EE}"
	}
	tag := digest
	attributes := [][]byte{attribute(oidCatalogMemberInfo2, info)}
	if c.Version == 1 {
		tag = utf16LE(strings.ToUpper(hex.EncodeToString(digest)))
		attributes[0] = attribute(oidCatalogMemberInfo, sequence(element(tagBMPString, bmpString(guid)), integer(0x200)))
	}
	if !m.TagOnly {
		attributes = append(attributes, attribute(oidSpcIndirectData, data))
	}
	if m.File != "" {
		const text, authenticated = 0x10000, 0x10000000
		attributes = append(attributes, attribute(oidCatalogNameValue,
			sequence(element(tagBMPString, bmpString("File")), integer(authenticated|text|1), octetString(utf16LE(m.File)))))
	}
	slices.SortFunc(attributes, bytes.Compare)
	return sequence(octetString(tag), set(attributes...))
}

// utf16LE returns UTF-16LE with a NUL.
func utf16LE(s string) []byte {
	b := bmpString(s + "\x00")
	for i := 0; i < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return b
}
