package pe

import "time"

// Signature is one Authenticode signature as it is in the file. Nothing in it was
// verified: anyone can write any name into a certificate.
type Signature struct {
	Offset int64 // of the PKCS #7 ContentInfo, in bytes from the beginning of the file
	Nested bool  // held in the unsigned attributes of the signature before it

	// StatedSigner is the embedded certificate with the issuer and the serial
	// number in the SignerInfo. If the file does not embed it, only Issuer and
	// Serial are set.
	StatedSigner Certificate

	// Chain leads from StatedSigner to its issuer and on, linked by name, as far
	// as the certificates are embedded. Certificates holds all embedded
	// certificates.
	Chain, Certificates []Certificate

	// DigestAlgorithm is the algorithm of the image digest ("SHA256", or the
	// dotted object identifier of an unknown one). StatedDigest is the digest in
	// the signature, and ComputedDigest the digest of this image, both in
	// lower-case hexadecimal. ComputedDigest is empty if the algorithm is unknown
	// or the image has no digest.
	DigestAlgorithm string
	StatedDigest    string
	ComputedDigest  string

	// StatedContentDigest is the digest of the signed content, of which StatedDigest
	// is a part, in the signed attributes, and ComputedContentDigest that of the
	// content in the file, both in lower-case hexadecimal. ComputedContentDigest is
	// empty if there is nothing to compare.
	StatedContentDigest, ComputedContentDigest string

	// ClaimedSigningTime is the time of the signer's own clock, or zero if the
	// signature does not hold it. StatedSigningTime is the time of the first
	// countersignature or, without one, ClaimedSigningTime.
	ClaimedSigningTime, StatedSigningTime time.Time

	// Timestamp and Countersigner describe the first countersignature. Without
	// one they are NoTimestamp and the zero Certificate.
	Timestamp     TimestampKind
	Countersigner Certificate

	Countersignatures []Countersignature

	ProgramName string // SpcSpOpusInfo programName
	ProgramURL  string // SpcSpOpusInfo moreInfo
}

// DigestMatches reports whether the image still has the digest in the signature.
// False means that this is not the image that was signed, or that its digest
// cannot be computed (ComputedDigest is empty).
func (s *Signature) DigestMatches() bool {
	return s.ComputedDigest != "" && s.StatedDigest == s.ComputedDigest
}

// ContentMatches reports whether the signed content, which holds StatedDigest, still
// has the digest in the signed attributes. False means that StatedDigest is not what
// was signed: it was replaced, or that the two cannot be compared
// (ComputedContentDigest is empty).
func (s *Signature) ContentMatches() bool {
	return s.ComputedContentDigest != "" && s.StatedContentDigest == s.ComputedContentDigest
}

// Countersignature is a timestamp that a signature claims to have.
type Countersignature struct {
	Kind         TimestampKind
	Offset       int64 // in bytes from the beginning of the file
	StatedTime   time.Time
	StatedSigner Certificate
	Chain        []Certificate // from StatedSigner upwards, as far as embedded
}

// TimestampKind is the kind of a countersignature.
type TimestampKind uint8

// The kinds of countersignature.
const (
	NoTimestamp TimestampKind = iota
	PKCS9                     // PKCS #9 countersignature attribute
	RFC3161                   // RFC 3161 timestamp token
)

// String returns "none", "PKCS#9" or "RFC 3161".
func (k TimestampKind) String() string {
	switch k {
	case PKCS9:
		return "PKCS#9"
	case RFC3161:
		return "RFC 3161"
	}
	return "none"
}

// SignatureState is what the signatures of a file show without trusting anyone.
type SignatureState uint8

// The states. The worst state of any signature counts.
const (
	Unsigned   SignatureState = iota // the file has no signature in it; a catalog may have one
	Unverified                       // the digests match; the signer is claimed, not verified
	Malformed                        // part of the certificate table cannot be decoded or compared
	Uncovered                        // the digests match, but do not cover all that the loader maps
	Tampered                         // the image is not the one that was signed: a digest differs
)

var stateNames = [...]string{"unsigned", "unverified", "malformed", "uncovered", "tampered"}

// String returns the state in lower case.
func (s SignatureState) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown"
}

// Signature returns the first signature, and whether there is one.
func (r *Reader) Signature() (Signature, bool) {
	if len(r.Signatures) == 0 {
		return Signature{}, false
	}
	return r.Signatures[0], true
}

// SignatureState compares the digests in the signatures with those of the image and
// of the signed content, and what they cover with what the loader maps.
func (r *Reader) SignatureState() SignatureState {
	state := Unsigned
	if r.badSignature {
		state = Malformed
	}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		switch {
		case s.ComputedContentDigest != "" && !s.ContentMatches():
			state = Tampered
		case s.DigestMatches():
			state = max(state, Unverified)
		case s.ComputedDigest == "":
			state = max(state, Malformed)
		default:
			state = Tampered
		}
	}
	if r.uncovered && len(r.Signatures) > 0 {
		state = max(state, Uncovered)
	}
	return state
}
