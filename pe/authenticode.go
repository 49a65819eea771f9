package pe

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

const (
	maxSignatures        = 64 // of one file, including nested ones
	maxNesting           = 4  // of signatures in signatures; Windows writes one level
	maxCountersignatures = 16 // of one signature
)

// signatureReader converts PKCS #7 messages to the Signatures of a file.
type signatureReader struct {
	signatures *[]Signature
	note       func(kind damage.Kind, err error)               // adds a problem
	content    func(message *signedData, sig *Signature) error // reads what is signed
}

// signature reads one Authenticode message from vs, and adds it and the messages
// nested in it to the file. Damage to anything except the identity of the
// signer becomes problems.
func (d *signatureReader) signature(vs *values, depth int) error {
	if len(*d.signatures) >= maxSignatures {
		return limitError("signatures", vs.off, maxSignatures)
	}
	sd, err := parseContentInfo(vs)
	if err != nil {
		return err
	}
	return d.message(sd, depth)
}

// message adds the signature of a message.
func (d *signatureReader) message(sd *signedData, depth int) error {
	first, err := sd.signers.expect(tagSequence, "SignerInfo")
	if err != nil {
		return err
	}
	si, err := parseSignerInfo(first)
	if err != nil {
		return err
	}
	for _, problem := range sd.problems {
		d.note(damage.Malformed, problem)
	}
	if !sd.signers.empty() {
		d.note(damage.Unsupported, damage.New("SignedData signerInfos", sd.signers.off, "several", "one"))
	}
	sig := Signature{
		Offset:       sd.off,
		Nested:       depth > 0,
		StatedSigner: sd.certificates.named(si.issuer, si.serial),
		Certificates: sd.certificates,
	}
	sig.Chain = sd.certificates.chain(sig.StatedSigner)
	if err := d.content(sd, &sig); err != nil {
		return err
	}
	d.contentDigest(&sig, sd, si)
	d.damaged(sig.parseSigned(si))
	for _, a := range si.unsigned {
		d.unknown(a)
		d.damaged(sig.parseCountersignatures(a, sd.certificates))
	}
	sig.StatedSigningTime = sig.ClaimedSigningTime
	if len(sig.Countersignatures) > 0 {
		c := &sig.Countersignatures[0]
		sig.Timestamp, sig.Countersigner, sig.StatedSigningTime = c.Kind, c.StatedSigner, c.StatedTime
	}
	*d.signatures = append(*d.signatures, sig)
	return d.nested(si, depth)
}

// damaged adds a problem for err unless it is nil: damage that did not stop the
// decoding.
func (d *signatureReader) damaged(err error) {
	if err != nil {
		d.note(damage.Malformed, err)
	}
}

// contentDigest compares the digest of the signed content with the one in the signed
// attributes (RFC 2315 9.3): without it, whoever changes the image could also write its
// new digest into the content.
func (d *signatureReader) contentDigest(sig *Signature, sd *signedData, si *signerInfo) {
	if len(si.signed) == 0 {
		return // the signature is of the content itself
	}
	vs, ok := find(si.signed, oidMessageDigest)
	if !ok {
		d.damaged(damage.New("signed attributes", si.off, "no messageDigest", "one"))
		return
	}
	v, err := vs.next("messageDigest")
	var digest values
	if err == nil {
		digest, err = v.octets()
	}
	if err != nil {
		d.damaged(err)
		return
	}
	sig.StatedContentDigest = hex.EncodeToString(digest.b)
	newHash, known := digestAlgorithms[si.digest]
	if !known || !sd.content.definite(maxIndefinite) { // the digest is that of the content in DER
		d.note(damage.Unsupported, damage.New("content digest", v.off, si.digest, "a known algorithm, and content in DER"))
		return
	}
	h := newHash()
	h.Write(sd.content.body)
	sig.ComputedContentDigest = hexSum(h)
	if !sig.ContentMatches() {
		d.note(damage.Checksum, damage.New("content digest", v.off, sig.StatedContentDigest, sig.ComputedContentDigest))
	}
}

// unknown adds a problem for an unsigned attribute that is not part of a signature: no
// signature covers what it holds. Some installers keep a tag there.
func (d *signatureReader) unknown(a attribute) {
	switch a.oid {
	case oidCountersign, oidRFC3161, oidNested:
		return
	}
	d.note(damage.Hidden, damage.New("unsigned attribute "+cmp.Or(a.oid, "without a type"), a.values.off,
		fmt.Sprintf("%d bytes that no signature covers", len(a.values.b)), "a timestamp or a nested signature"))
}

// parseSigned reads the signed attributes, which are claims of the signer.
func (s *Signature) parseSigned(si *signerInfo) error {
	var failed []error
	if vs, ok := find(si.signed, oidSigningTime); ok {
		v, err := vs.next("signingTime")
		if err == nil {
			s.ClaimedSigningTime, err = v.time("signingTime")
		}
		failed = append(failed, err)
	}
	if vs, ok := find(si.signed, oidSpcOpusInfo); ok {
		failed = append(failed, s.parseOpusInfo(vs))
	}
	return errors.Join(failed...)
}

// parseOpusInfo reads the publisher's description:
//
//	SpcSpOpusInfo ::= SEQUENCE { [0] EXPLICIT SpcString OPTIONAL, [1] EXPLICIT SpcLink OPTIONAL }
//	SpcString ::= CHOICE { [0] IMPLICIT BMPString, [1] IMPLICIT IA5String }
//	SpcLink ::= CHOICE { [0] IMPLICIT IA5String, [1] SpcSerializedObject, [2] EXPLICIT SpcString }
func (s *Signature) parseOpusInfo(vs values) error {
	info, err := vs.expect(tagSequence, "SpcSpOpusInfo")
	if err != nil {
		return err
	}
	fields := info.children()
	name, ok, err := fields.optional(context(0), "programName")
	if err != nil {
		return err
	}
	if ok {
		if s.ProgramName, err = spcString(name.children(), "programName"); err != nil {
			return err
		}
	}
	link, ok, err := fields.optional(context(1), "moreInfo")
	if err != nil || !ok {
		return err
	}
	inner := link.children()
	v, err := inner.next("moreInfo")
	if err != nil {
		return err
	}
	switch v.tag {
	case tagContext:
		s.ProgramURL = v.text()
	case context(2):
		s.ProgramURL, err = spcString(v.children(), "moreInfo")
	}
	return err
}

// spcString reads a SpcString.
func spcString(vs values, what string) (string, error) {
	v, err := vs.next(what)
	if err != nil {
		return "", err
	}
	if v.tag == tagContext {
		return bmpString(v.body), nil
	}
	return v.text(), nil
}

// parseCountersignatures reads an unsigned attribute if it holds timestamps.
func (s *Signature) parseCountersignatures(a attribute, embedded certificates) error {
	var parse func(vs *values) (Countersignature, error)
	switch a.oid {
	case oidCountersign:
		parse = func(vs *values) (Countersignature, error) { return pkcs9(vs, embedded) }
	case oidRFC3161:
		parse = rfc3161
	default:
		return nil
	}
	for vs := a.values; !vs.empty(); {
		if len(s.Countersignatures) >= maxCountersignatures {
			return limitError("countersignatures", vs.off, maxCountersignatures)
		}
		c, err := parse(&vs)
		if err != nil {
			return err
		}
		s.Countersignatures = append(s.Countersignatures, c)
	}
	return nil
}

// pkcs9 reads a countersignature from vs: a SignerInfo with the time among its
// signed attributes. Its certificates are among those of the signature itself.
func pkcs9(vs *values, embedded certificates) (Countersignature, error) {
	c := Countersignature{Kind: PKCS9, Offset: vs.off}
	v, err := vs.expect(tagSequence, "countersignature")
	if err != nil {
		return c, err
	}
	si, err := parseSignerInfo(v)
	if err != nil {
		return c, err
	}
	c.StatedSigner = embedded.named(si.issuer, si.serial)
	c.Chain = embedded.chain(c.StatedSigner)
	times, ok := find(si.signed, oidSigningTime)
	if !ok {
		return c, damage.New("countersignature", v.off, "no signingTime", "one")
	}
	t, err := times.next("countersignature's signingTime")
	if err != nil {
		return c, err
	}
	c.StatedTime, err = t.time("countersignature's signingTime")
	return c, err
}

// rfc3161 reads a timestamp token from vs: a separate SignedData around a TSTInfo
// (RFC 3161 2.4.2).
func rfc3161(vs *values) (Countersignature, error) {
	c := Countersignature{Kind: RFC3161, Offset: vs.off}
	sd, err := parseContentInfo(vs)
	if err != nil {
		return c, err
	}
	if sd.contentType != oidTSTInfo {
		return c, damage.New("timestamp content type", sd.off, sd.contentType, oidTSTInfo)
	}
	first, err := sd.signers.expect(tagSequence, "timestamp SignerInfo")
	if err != nil {
		return c, err
	}
	si, err := parseSignerInfo(first)
	if err != nil {
		return c, err
	}
	c.StatedSigner = sd.certificates.named(si.issuer, si.serial)
	c.Chain = sd.certificates.chain(c.StatedSigner)
	content, err := sd.content.octets()
	if err != nil {
		return c, err
	}
	info, err := content.expect(tagSequence, "TSTInfo")
	if err != nil {
		return c, err
	}
	fields := info.children()
	for _, field := range []struct {
		tag  byte
		what string
	}{{tagInteger, "TSTInfo version"}, {tagOID, "TSTInfo policy"}, {tagSequence, "TSTInfo messageImprint"}, {tagInteger, "TSTInfo serialNumber"}} {
		if _, err := fields.expect(field.tag, field.what); err != nil {
			return c, err
		}
	}
	t, err := fields.expect(tagGenTime, "TSTInfo genTime")
	if err != nil {
		return c, err
	}
	c.StatedTime, err = t.time("TSTInfo genTime")
	return c, err
}

// nested reads the signatures among the unsigned attributes.
func (d *signatureReader) nested(si *signerInfo, depth int) error {
	for _, a := range si.unsigned {
		if a.oid != oidNested {
			continue
		}
		for vs := a.values; !vs.empty(); {
			if depth >= maxNesting {
				return limitError("levels of nested signatures", vs.off, maxNesting)
			}
			if err := d.signature(&vs, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
