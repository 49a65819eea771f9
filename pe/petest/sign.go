package petest

import (
	"bytes"
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
)

// Signature describes an Authenticode signature to be written.
type Signature struct {
	Signer *Signer
	Hash   crypto.Hash // 0 = SHA256; SHA1, SHA384 and SHA512 also

	SigningTime time.Time // the signer's own claim, cut to seconds; zero = none

	Timestamper   *Signer          // nil = no countersignature
	TimestampKind pe.TimestampKind // NoTimestamp = RFC3161 if there is a Timestamper
	TimestampTime time.Time        // cut to seconds; zero = SigningTime

	ProgramName, ProgramURL string // of ASCII and the BMP

	Nested []Signature // within the unsigned attributes of this one

	Tag []byte // in an unsigned attribute of its own, as some installers have one; empty = none
}

// hashes are the digest algorithms that can be written.
var hashes = map[crypto.Hash][]byte{
	crypto.SHA1:   oid(1, 3, 14, 3, 2, 26),
	crypto.SHA256: oid(2, 16, 840, 1, 101, 3, 4, 2, 1),
	crypto.SHA384: oid(2, 16, 840, 1, 101, 3, 4, 2, 2),
	crypto.SHA512: oid(2, 16, 840, 1, 101, 3, 4, 2, 3),
}

func (s Signature) hash() crypto.Hash {
	if s.Hash == 0 {
		return crypto.SHA256
	}
	return s.Hash
}

func (s Signature) timestampTime() time.Time {
	if s.TimestampTime.IsZero() {
		return s.SigningTime
	}
	return s.TimestampTime
}

// check returns what keeps the signature from being written.
func (s Signature) check() error {
	if s.Signer == nil || s.Signer.certificate == nil && s.Signer.err == nil {
		return errors.New("petest: a signature without a signer")
	}
	if s.Signer.err != nil {
		return s.Signer.err
	}
	if _, ok := hashes[s.hash()]; !ok {
		return fmt.Errorf("petest: digest algorithm %v: want SHA-1 or SHA-2", s.hash())
	}
	if t := s.Timestamper; t != nil {
		if t.err != nil {
			return t.err
		}
		if s.timestampTime().IsZero() {
			return errors.New("petest: a countersignature without a time")
		}
	}
	for _, n := range s.Nested {
		if err := n.check(); err != nil {
			return err
		}
	}
	return nil
}

// Sign returns a copy of an executable with a signature added and the checksum
// set. The executable must not be signed already.
func Sign(file []byte, s Signature) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if len(file) < 0x40 || optionalHeader(file) > len(file)-256 {
		return nil, errors.New("petest: not an executable")
	}
	entry := certificateEntry(file)
	if binary.LittleEndian.Uint64(file[entry:]) != 0 {
		return nil, errors.New("petest: the executable is already signed")
	}
	signed := slices.Clone(file)
	signed = append(signed, make([]byte, -len(signed)&7)...)
	message, err := s.message(oidSpcIndirectData, func(h crypto.Hash) []byte { return spcIndirectData(h, imageDigest(signed, h)) })
	if err != nil {
		return nil, err
	}
	const header, revision2, pkcs7 = 8, 0x0200, 2
	table := binary.LittleEndian.AppendUint32(nil, uint32(header+len(message)))
	table = binary.LittleEndian.AppendUint16(table, revision2)
	table = binary.LittleEndian.AppendUint16(table, pkcs7)
	table = append(table, message...)
	table = append(table, make([]byte, -len(table)&7)...)
	// As signing tools do, dwLength includes the padding.
	binary.LittleEndian.PutUint32(table, uint32(len(table)))
	binary.LittleEndian.PutUint32(signed[entry:], uint32(len(signed)))
	binary.LittleEndian.PutUint32(signed[entry+4:], uint32(len(table)))
	signed = append(signed, table...)
	setCheckSum(signed)
	return signed, nil
}

// certificateEntry returns the offset of the entry of the certificate table.
func certificateEntry(file []byte) int {
	optional := optionalHeader(file)
	dirs := optional + 96
	if binary.LittleEndian.Uint16(file[optional:]) == 0x20b {
		dirs = optional + 112
	}
	return dirs + 8*dirCertificate
}

// imageDigest computes the Authenticode digest of a file that is not signed.
func imageDigest(file []byte, h crypto.Hash) []byte {
	checkSum := optionalHeader(file) + checkSumInOption
	entry := certificateEntry(file)
	d := h.New()
	d.Write(file[:checkSum])
	d.Write(file[checkSum+4 : entry])
	d.Write(file[entry+8:])
	return d.Sum(nil)
}

// message returns the PKCS #7 ContentInfo of what is signed, which depends on the digest
// algorithm.
func (s Signature) message(contentType []byte, signed func(crypto.Hash) []byte) ([]byte, error) {
	content := signed(s.hash())
	certificates := s.Signer.chain()
	attributes := [][]byte{
		attribute(oidContentType, contentType),
		attribute(oidSpcStatementType, sequence(oidIndividualCodeSigning)),
		attribute(oidSpcOpusInfo, s.opusInfo()),
		// The digest is that of the content without its own tag and length.
		attribute(oidMessageDigest, octetString(sum(s.hash(), contents(content)))),
	}
	if !s.SigningTime.IsZero() {
		attributes = append(attributes, attribute(oidSigningTime, utcTime(s.SigningTime)))
	}
	info := signerInfo{signer: s.Signer, hash: s.hash(), signed: attributes}
	if err := info.sign(); err != nil {
		return nil, err
	}
	if s.Timestamper != nil {
		stamp, err := s.countersign(info.signature)
		if err != nil {
			return nil, err
		}
		info.unsigned = append(info.unsigned, stamp)
		if s.TimestampKind == pe.PKCS9 {
			certificates = append(certificates, s.Timestamper.chain()...)
		}
	}
	var nested [][]byte
	for _, n := range s.Nested {
		m, err := n.message(contentType, signed)
		if err != nil {
			return nil, err
		}
		nested = append(nested, m)
	}
	if len(nested) > 0 {
		info.unsigned = append(info.unsigned, attribute(oidNestedSignature, nested...))
	}
	if len(s.Tag) > 0 {
		info.unsigned = append(info.unsigned, attribute(oidTag, octetString(s.Tag)))
	}
	return signedData(1, s.hash(), sequence(contentType, explicit(0, content)), certificates, info), nil
}

// countersign returns the unsigned attribute with the timestamp of a signature.
func (s Signature) countersign(signature []byte) ([]byte, error) {
	at := s.timestampTime().UTC()
	if s.TimestampKind == pe.PKCS9 {
		info := signerInfo{signer: s.Timestamper, hash: s.hash(), signed: [][]byte{
			attribute(oidContentType, oidData),
			attribute(oidSigningTime, utcTime(at)),
			attribute(oidMessageDigest, octetString(sum(s.hash(), signature))),
		}}
		err := info.sign()
		return attribute(oidCountersignature, info.bytes()), err
	}
	tst := sequence(
		integer(1),
		oid(1, 3, 6, 1, 4, 1, 99999, 1), // the policy, which belongs to no one
		sequence(algorithm(s.hash()), octetString(sum(s.hash(), signature))),
		integer(at.Unix()), // serial number
		generalizedTime(at),
	)
	certID := sha256.Sum256(s.Timestamper.certificate.Raw)
	info := signerInfo{signer: s.Timestamper, hash: crypto.SHA256, signed: [][]byte{
		attribute(oidContentType, oidTSTInfo),
		attribute(oidSigningCertificateV2, sequence(sequence(sequence(octetString(certID[:]))))),
		attribute(oidMessageDigest, octetString(sum(crypto.SHA256, tst))),
	}}
	if err := info.sign(); err != nil {
		return nil, err
	}
	token := signedData(3, crypto.SHA256, sequence(oidTSTInfo, explicit(0, octetString(tst))), s.Timestamper.chain(), info)
	return attribute(oidRFC3161, token), nil
}

// opusInfo returns the SpcSpOpusInfo, empty if there is nothing to record.
func (s Signature) opusInfo() []byte {
	var parts [][]byte
	if s.ProgramName != "" {
		parts = append(parts, explicit(0, element(0x80, bmpString(s.ProgramName)))) // SpcString unicode
	}
	if s.ProgramURL != "" {
		parts = append(parts, explicit(1, element(0x80, []byte(s.ProgramURL)))) // SpcLink url
	}
	return sequence(parts...)
}

// spcIndirectData returns the SpcIndirectDataContent of an image.
func spcIndirectData(h crypto.Hash, digest []byte) []byte {
	// SpcPeImageData: no flags, and a file name that no one reads.
	file := explicit(0, explicit(2, element(0x80, bmpString("<<<Obsolete>>>"))))
	image := sequence(element(tagBitString, []byte{0}), file)
	return sequence(
		sequence(oidSpcPEImageData, image),
		sequence(algorithm(h), octetString(digest)),
	)
}

// signedData returns a ContentInfo with a SignedData by one signer.
func signedData(version int64, h crypto.Hash, content []byte, certificates []*x509.Certificate, info signerInfo) []byte {
	var raw []byte
	for _, c := range certificates {
		raw = append(raw, c.Raw...)
	}
	return sequence(oidSignedData, explicit(0, sequence(
		integer(version),
		set(algorithm(h)),
		content,
		explicit(0, raw), // IMPLICIT SET OF, which has the same tag
		set(info.bytes()),
	)))
}

// signerInfo is a PKCS #7 SignerInfo.
type signerInfo struct {
	signer    *Signer
	hash      crypto.Hash
	signed    [][]byte
	unsigned  [][]byte
	signature []byte
}

// sign computes the signature of the signed attributes.
func (si *signerInfo) sign() error {
	slices.SortFunc(si.signed, bytes.Compare) // DER sorts a SET OF
	var err error
	si.signature, err = si.signer.key.Sign(nil, sum(si.hash, set(si.signed...)), si.hash)
	return err
}

func (si *signerInfo) bytes() []byte {
	c := si.signer.certificate
	parts := [][]byte{
		integer(1),
		sequence(c.RawIssuer, bigInteger(c.SerialNumber)),
		algorithm(si.hash),
		explicit(0, si.signed...),
		sequence(oidRSAEncryption, null),
		octetString(si.signature),
	}
	if len(si.unsigned) > 0 {
		parts = append(parts, explicit(1, si.unsigned...))
	}
	return sequence(parts...)
}

func sum(h crypto.Hash, b []byte) []byte {
	d := h.New()
	d.Write(b)
	return d.Sum(nil)
}
