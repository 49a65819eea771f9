package pe

import (
	"encoding/hex"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The object identifiers of PKCS #7, PKCS #9, RFC 3161 and Authenticode that
// occur in signatures.
const (
	oidSignedData      = "1.2.840.113549.1.7.2"
	oidContentType     = "1.2.840.113549.1.9.3"
	oidMessageDigest   = "1.2.840.113549.1.9.4"
	oidSigningTime     = "1.2.840.113549.1.9.5"
	oidCountersign     = "1.2.840.113549.1.9.6"
	oidTSTInfo         = "1.2.840.113549.1.9.16.1.4"
	oidSpcIndirectData = "1.3.6.1.4.1.311.2.1.4"
	oidSpcOpusInfo     = "1.3.6.1.4.1.311.2.1.12"
	oidNested          = "1.3.6.1.4.1.311.2.4.1"
	oidRFC3161         = "1.3.6.1.4.1.311.3.3.1"
)

// algorithmNames are the digest algorithms by object identifier.
var algorithmNames = map[string]string{
	"1.2.840.113549.2.5":     "MD5",
	"1.3.14.3.2.26":          "SHA1",
	"2.16.840.1.101.3.4.2.1": "SHA256",
	"2.16.840.1.101.3.4.2.2": "SHA384",
	"2.16.840.1.101.3.4.2.3": "SHA512",
}

const (
	maxCertificates = 256 // of one message
	maxAttributes   = 256 // of one signer, signed and unsigned each
)

// signedData is a PKCS #7 SignedData (RFC 2315 9.1, RFC 5652 5.1).
type signedData struct {
	off          int64 // of the ContentInfo in the file
	size         int
	contentType  string
	content      value // inside [0] EXPLICIT; without a tag if absent
	certificates certificates
	signers      values
	problems     []error // certificates that could not be read
}

// parseContentInfo reads a ContentInfo that holds a SignedData from vs.
func parseContentInfo(vs *values) (*signedData, error) {
	info, err := vs.expect(tagSequence, "ContentInfo")
	if err != nil {
		return nil, err
	}
	sd := &signedData{off: info.off, size: len(info.raw)}
	fields := info.children()
	kind, err := fields.expect(tagOID, "ContentInfo contentType")
	if err != nil {
		return nil, err
	}
	if kind.oid() != oidSignedData {
		return nil, damage.New("ContentInfo contentType", kind.off, kind.oid(), oidSignedData)
	}
	explicit, err := fields.expect(context(0), "ContentInfo content")
	if err != nil {
		return nil, err
	}
	inner := explicit.children()
	body, err := inner.expect(tagSequence, "SignedData")
	if err != nil {
		return nil, err
	}
	return sd, sd.parse(body.children())
}

func (sd *signedData) parse(fields values) error {
	if _, err := fields.expect(tagInteger, "SignedData version"); err != nil {
		return err
	}
	if _, err := fields.expect(tagSet, "SignedData digestAlgorithms"); err != nil {
		return err
	}
	content, err := fields.expect(tagSequence, "SignedData contentInfo")
	if err != nil {
		return err
	}
	if err := sd.parseContent(content.children()); err != nil {
		return err
	}
	certs, ok, err := fields.optional(context(0), "SignedData certificates")
	if err != nil {
		return err
	}
	if ok {
		sd.parseCertificates(certs.children())
	}
	if _, _, err := fields.optional(context(1), "SignedData crls"); err != nil {
		return err
	}
	signers, err := fields.expect(tagSet, "SignedData signerInfos")
	if err != nil {
		return err
	}
	sd.signers = signers.children()
	return nil
}

func (sd *signedData) parseContent(fields values) error {
	kind, err := fields.expect(tagOID, "content type")
	if err != nil {
		return err
	}
	sd.contentType = kind.oid()
	explicit, ok, err := fields.optional(context(0), "content")
	if err != nil || !ok {
		return err
	}
	inner := explicit.children()
	sd.content, err = inner.next("content")
	return err
}

func (sd *signedData) parseCertificates(vs values) {
	for n := 0; !vs.empty(); n++ {
		if n == maxCertificates {
			sd.problems = append(sd.problems, limitError("certificates", vs.off, maxCertificates))
			return
		}
		v, err := vs.next("certificate")
		if err != nil {
			sd.problems = append(sd.problems, err)
			return
		}
		if v.tag != tagSequence {
			continue // such as attribute certificates
		}
		c, err := parseCertificate(v)
		if err != nil {
			sd.problems = append(sd.problems, err)
			continue
		}
		sd.certificates = append(sd.certificates, c)
	}
}

// signerInfo is a PKCS #7 SignerInfo (RFC 2315 9.2, RFC 5652 5.3).
type signerInfo struct {
	off            int64
	issuer, serial string // empty if a key identifier names the signer
	digest         string // algorithm
	signed         []attribute
	unsigned       []attribute
}

// attribute is a PKCS #9 attribute, signed or not.
type attribute struct {
	oid    string
	values values
}

func parseSignerInfo(v value) (*signerInfo, error) {
	si := &signerInfo{off: v.off}
	fields := v.children()
	if _, err := fields.expect(tagInteger, "SignerInfo version"); err != nil {
		return nil, err
	}
	if err := si.parseSignerID(&fields); err != nil {
		return nil, err
	}
	var err error
	if si.digest, err = parseAlgorithm(&fields, "SignerInfo digestAlgorithm"); err != nil {
		return nil, err
	}
	if si.signed, err = parseAttributes(&fields, context(0), "signed attributes"); err != nil {
		return nil, err
	}
	if _, err := fields.expect(tagSequence, "SignerInfo signatureAlgorithm"); err != nil {
		return nil, err
	}
	if _, err := fields.next("SignerInfo signature"); err != nil {
		return nil, err
	}
	si.unsigned, err = parseAttributes(&fields, context(1), "unsigned attributes")
	return si, err
}

func (si *signerInfo) parseSignerID(fields *values) error {
	id, err := fields.next("SignerInfo signer")
	if err != nil {
		return err
	}
	if id.tag&^tagConstructed == tagContext { // [0] subjectKeyIdentifier
		return nil
	}
	if id.tag != tagSequence {
		return damage.New("SignerInfo issuerAndSerialNumber", id.off, id.tag, tagSequence)
	}
	pair := id.children()
	issuer, err := pair.expect(tagSequence, "SignerInfo issuer")
	if err != nil {
		return err
	}
	if si.issuer, _, err = distinguishedName(issuer); err != nil {
		return err
	}
	serial, err := pair.expect(tagInteger, "SignerInfo serial number")
	si.serial = hex.EncodeToString(serial.body)
	return err
}

// parseAlgorithm reads an AlgorithmIdentifier from vs and returns the name of
// the digest algorithm, or its dotted object identifier.
func parseAlgorithm(vs *values, what string) (string, error) {
	v, err := vs.expect(tagSequence, what)
	if err != nil {
		return "", err
	}
	fields := v.children()
	id, err := fields.expect(tagOID, what)
	if err != nil {
		return "", err
	}
	oid := id.oid()
	if name, ok := algorithmNames[oid]; ok {
		return name, nil
	}
	return oid, nil
}

func parseAttributes(fields *values, tag byte, what string) ([]attribute, error) {
	set, ok, err := fields.optional(tag, what)
	if err != nil || !ok {
		return nil, err
	}
	var list []attribute
	for vs := set.children(); !vs.empty(); {
		if len(list) == maxAttributes {
			return nil, limitError(what, vs.off, maxAttributes)
		}
		v, err := vs.expect(tagSequence, what)
		if err != nil {
			return nil, err
		}
		pair := v.children()
		kind, err := pair.expect(tagOID, what)
		if err != nil {
			return nil, err
		}
		content, err := pair.expect(tagSet, what)
		if err != nil {
			return nil, err
		}
		list = append(list, attribute{kind.oid(), content.children()})
	}
	return list, nil
}

// find returns the values of the first attribute of a kind.
func find(list []attribute, oid string) (values, bool) {
	for _, a := range list {
		if a.oid == oid {
			return a.values, true
		}
	}
	return values{}, false
}

// indirectData is a SpcIndirectDataContent, which holds the digest of a file:
//
//	SEQUENCE { SpcAttributeTypeAndOptionalValue, DigestInfo { AlgorithmIdentifier, OCTET STRING } }
type indirectData struct {
	kind      string // object identifier of what is digested
	off       int64  // of the DigestInfo in the file
	algorithm string
	digest    value
}

func parseIndirectData(v value) (d indirectData, err error) {
	fields := v.children()
	of, err := fields.expect(tagSequence, "SpcAttributeTypeAndOptionalValue")
	if err != nil {
		return d, err
	}
	inner := of.children()
	if kind, err := inner.next("SpcAttributeTypeAndOptionalValue type"); err == nil {
		d.kind = kind.oid()
	}
	info, err := fields.expect(tagSequence, "DigestInfo")
	if err != nil {
		return d, err
	}
	d.off = info.off
	pair := info.children()
	if d.algorithm, err = parseAlgorithm(&pair, "DigestInfo digestAlgorithm"); err != nil {
		return d, err
	}
	d.digest, err = pair.expect(tagOctetString, "DigestInfo digest")
	return d, err
}
