package petest

import (
	"bytes"
	"crypto"
	_ "crypto/sha1" // the digests that are written
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math/big"
	"slices"
	"time"
	"unicode/utf16"
)

// Tags of ASN.1 in DER.
const (
	tagInteger     = 0x02
	tagBitString   = 0x03
	tagOctetString = 0x04
	tagOID         = 0x06
	tagBMPString   = 0x1e
	tagUTCTime     = 0x17
	tagGenTime     = 0x18
	tagSequence    = 0x30
	tagSet         = 0x31
)

var (
	null = []byte{5, 0}

	oidData                  = oid(1, 2, 840, 113549, 1, 7, 1)
	oidSignedData            = oid(1, 2, 840, 113549, 1, 7, 2)
	oidRSAEncryption         = oid(1, 2, 840, 113549, 1, 1, 1)
	oidContentType           = oid(1, 2, 840, 113549, 1, 9, 3)
	oidMessageDigest         = oid(1, 2, 840, 113549, 1, 9, 4)
	oidSigningTime           = oid(1, 2, 840, 113549, 1, 9, 5)
	oidCountersignature      = oid(1, 2, 840, 113549, 1, 9, 6)
	oidTSTInfo               = oid(1, 2, 840, 113549, 1, 9, 16, 1, 4)
	oidSigningCertificateV2  = oid(1, 2, 840, 113549, 1, 9, 16, 2, 47)
	oidCertificateTrustList  = oid(1, 3, 6, 1, 4, 1, 311, 10, 1)
	oidCatalogList           = oid(1, 3, 6, 1, 4, 1, 311, 12, 1, 1)
	oidCatalogMember         = oid(1, 3, 6, 1, 4, 1, 311, 12, 1, 2)
	oidCatalogMember2        = oid(1, 3, 6, 1, 4, 1, 311, 12, 1, 3)
	oidCatalogNameValue      = oid(1, 3, 6, 1, 4, 1, 311, 12, 2, 1)
	oidCatalogMemberInfo     = oid(1, 3, 6, 1, 4, 1, 311, 12, 2, 2)
	oidCatalogMemberInfo2    = oid(1, 3, 6, 1, 4, 1, 311, 12, 2, 3)
	oidSpcIndirectData       = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 4)
	oidSpcStatementType      = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 11)
	oidSpcOpusInfo           = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 12)
	oidSpcCabData            = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 25)
	oidSpcPEImageData        = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 15)
	oidIndividualCodeSigning = oid(1, 3, 6, 1, 4, 1, 311, 2, 1, 21)
	oidNestedSignature       = oid(1, 3, 6, 1, 4, 1, 311, 2, 4, 1)
	oidTag                   = oid(1, 3, 6, 1, 4, 1, 99999, 2) // belongs to no one
	oidRFC3161               = oid(1, 3, 6, 1, 4, 1, 311, 3, 3, 1)
)

// element returns the value with a tag and the given contents.
func element(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	b := []byte{tag}
	if n := len(body); n < 0x80 {
		b = append(b, byte(n))
	} else {
		length := big.NewInt(int64(n)).Bytes()
		b = append(append(b, 0x80|byte(len(length))), length...)
	}
	return append(b, body...)
}

// contents returns a value without its tag and length.
func contents(b []byte) []byte {
	if b[1] < 0x80 {
		return b[2:]
	}
	return b[2+b[1]&0x7f:]
}

func sequence(parts ...[]byte) []byte { return element(tagSequence, parts...) }

// set returns a SET OF; with more than one part they must be sorted.
func set(parts ...[]byte) []byte { return element(tagSet, parts...) }

// explicit returns the constructed [n].
func explicit(n byte, parts ...[]byte) []byte { return element(0xa0|n, parts...) }

func octetString(b []byte) []byte { return element(tagOctetString, b) }

func integer(n int64) []byte { return bigInteger(big.NewInt(n)) }

// bigInteger returns an INTEGER that is not negative.
func bigInteger(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) == 0 || b[0] >= 0x80 {
		b = append([]byte{0}, b...)
	}
	return element(tagInteger, b)
}

func oid(arcs ...uint64) []byte {
	arcs = append([]uint64{40*arcs[0] + arcs[1]}, arcs[2:]...)
	var body []byte
	for _, arc := range arcs {
		digits := []byte{byte(arc & 0x7f)}
		for arc >>= 7; arc > 0; arc >>= 7 {
			digits = append(digits, 0x80|byte(arc&0x7f))
		}
		slices.Reverse(digits)
		body = append(body, digits...)
	}
	return element(tagOID, body)
}

// algorithm returns the AlgorithmIdentifier of a digest.
func algorithm(h crypto.Hash) []byte { return sequence(hashes[h], null) }

// attribute returns a PKCS #9 attribute.
func attribute(oid []byte, values ...[]byte) []byte { return sequence(oid, set(values...)) }

func utcTime(t time.Time) []byte {
	return element(tagUTCTime, []byte(t.UTC().Format("060102150405Z")))
}

func generalizedTime(t time.Time) []byte {
	return element(tagGenTime, []byte(t.UTC().Format("20060102150405Z")))
}

// bmpString returns the contents of a BMPString, UTF-16BE.
func bmpString(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return b
}
