package pe

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const (
	// WIN_CERTIFICATE, each at a multiple of 8 bytes:
	//
	//	offset 0  size 4  dwLength, with this header and without the padding
	//	offset 4  size 2  wRevision
	//	offset 6  size 2  wCertificateType
	//	offset 8          bCertificate
	winCertificateHeader = 8
	winCertificateAlign  = 8

	certTypePKCS7 = 2 // WIN_CERT_TYPE_PKCS_SIGNED_DATA

	maxCertificateTable = 64 << 20 // bytes that are decoded
	maxWinCertificates  = 64
)

// readSignatures decodes the certificate table.
func (r *Reader) readSignatures(s *source, img *image) error {
	dir := img.directory(certificateDirectory)
	if dir.rva == 0 && dir.size == 0 {
		return nil
	}
	extent, ok := img.certificateTable()
	if stated := int64(dir.rva) + int64(dir.size); !ok || extent.to < stated {
		r.badSignature = true
		r.note(damage.Truncation, damage.Truncated("certificate table", int64(dir.rva), int64(dir.size), s.size-int64(dir.rva)))
		if !ok {
			return nil
		}
	}
	if mapped := img.mapped(extent); mapped != nil {
		r.uncovered = true
		r.note(damage.Malformed, mapped)
	}
	if extent.to < s.size {
		r.note(damage.Malformed, damage.New("end of file", extent.to, fmt.Sprintf("%d bytes after the certificate table", s.size-extent.to), "none"))
	}
	if extent.to-extent.from > maxCertificateTable {
		r.badSignature = true
		r.note(damage.Limit, damage.New("certificate table", extent.from, extent.to-extent.from, fmt.Sprintf("≤ %d", maxCertificateTable)))
		return nil
	}
	table, err := s.bytes(extent, "certificate table")
	if err != nil {
		return err
	}
	d := signatureReader{&r.Signatures, r.note, func(message *signedData, sig *Signature) error { return r.signedDigest(message, sig, s, img) }}
	for n, off := 0, extent.from; len(table) > 0 && !allZero(table); n++ {
		if n == maxWinCertificates {
			r.note(damage.Limit, limitError("WIN_CERTIFICATE entries", off, maxWinCertificates))
			return nil
		}
		length, err := d.winCertificate(table, off)
		if err != nil {
			if !damage.Is(err) {
				return err
			}
			r.badSignature = true
			r.note(damage.Malformed, err)
		}
		if length == 0 {
			return nil
		}
		length = min((length+winCertificateAlign-1)&^(winCertificateAlign-1), int64(len(table)))
		table, off = table[length:], off+length
	}
	return nil
}

// bytes returns a part of the file.
func (s *source) bytes(part span, what string) ([]byte, error) {
	if part.to <= int64(len(s.head)) {
		return s.head[part.from:part.to], nil
	}
	return bin.ReadAt(s.r, s.size, part.from, part.to-part.from, what)
}

// winCertificate decodes the entry at the beginning of the table and returns its
// length, or 0 if the next entry cannot be found.
func (d *signatureReader) winCertificate(table []byte, off int64) (int64, error) {
	if len(table) < winCertificateHeader {
		return 0, damage.Truncated("WIN_CERTIFICATE", off, winCertificateHeader, int64(len(table)))
	}
	length := int64(binary.LittleEndian.Uint32(table))
	if length < winCertificateHeader || length > int64(len(table)) {
		return 0, damage.New("WIN_CERTIFICATE dwLength", off, length, fmt.Sprintf("%d to %d", winCertificateHeader, len(table)))
	}
	if kind := binary.LittleEndian.Uint16(table[6:]); kind != certTypePKCS7 {
		d.note(damage.Unsupported, damage.New("WIN_CERTIFICATE wCertificateType", off+6, kind, certTypePKCS7))
		return length, nil
	}
	vs := values{table[winCertificateHeader:length], off + winCertificateHeader}
	if err := d.signature(&vs, 0); err != nil {
		return length, err
	}
	// The digest does not cover bytes here: CVE-2013-3900.
	if len(vs.b) >= winCertificateAlign || !allZero(vs.b) {
		d.note(damage.Malformed, damage.New("WIN_CERTIFICATE padding", vs.off, fmt.Sprintf("%d bytes after the PKCS #7", len(vs.b)), "fewer than 8, all zero"))
	}
	return length, nil
}

// signedDigest reads the SpcIndirectDataContent, and compares the digest in it with that
// of the image.
func (r *Reader) signedDigest(message *signedData, sig *Signature, s *source, img *image) error {
	if message.contentType != oidSpcIndirectData || message.content.tag != tagSequence {
		return damage.New("content type", message.off, message.contentType, oidSpcIndirectData)
	}
	d, err := parseIndirectData(message.content)
	if err != nil {
		return err
	}
	sig.DigestAlgorithm, sig.StatedDigest = d.algorithm, hex.EncodeToString(d.digest.body)
	if sig.ComputedDigest, err = r.imageDigest(sig.DigestAlgorithm, s, img); err != nil {
		return err
	}
	if sig.ComputedDigest == "" {
		r.note(damage.Unsupported, damage.New("image digest algorithm", d.off, sig.DigestAlgorithm, "a known algorithm"))
	} else if !sig.DigestMatches() {
		r.note(damage.Checksum, damage.New("image digest", d.digest.bodyOff, sig.StatedDigest, sig.ComputedDigest))
	}
	return nil
}
