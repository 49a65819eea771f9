package pe

import "time"

// Signature is one Authenticode signature as the file states it. Nothing of it
// was verified: anyone can write any name into a certificate.
type Signature struct {
	Offset int64 // of the PKCS #7 ContentInfo, in bytes from the beginning of the file
	Nested bool  // held in the unsigned attributes of the signature before it

	// StatedSigner is the embedded certificate that issuer and serial number
	// of the SignerInfo name. Only Issuer and Serial are set when the file does
	// not embed it.
	StatedSigner Certificate

	// Chain leads from StatedSigner to its issuer and on, as far as the
	// certificates are embedded, linked by name. Certificates are all of them.
	Chain, Certificates []Certificate

	// DigestAlgorithm is that of the image digest ("SHA256", or the dotted
	// object identifier of an unknown one), StatedDigest the digest that the
	// signature states and ComputedDigest that of the image at hand, both in
	// lower-case hexadecimal. ComputedDigest is empty when the algorithm is
	// unknown or the image has no digest.
	DigestAlgorithm string
	StatedDigest    string
	ComputedDigest  string

	// ClaimedSigningTime is what the signer's own clock said; zero when it is not
	// stated. StatedSigningTime is the time of the first countersignature, or
	// without one the claim.
	ClaimedSigningTime, StatedSigningTime time.Time

	// Timestamp and Countersigner describe the first countersignature; without
	// one they are NoTimestamp and a zero Certificate.
	Timestamp     TimestampKind
	Countersigner Certificate

	Countersignatures []Countersignature

	ProgramName string // SpcSpOpusInfo programName
	ProgramURL  string // SpcSpOpusInfo moreInfo
}

// DigestMatches reports whether the image still has the digest that the
// signature states. False means that this is not the image that was signed, or
// that its digest cannot be computed (ComputedDigest is empty).
func (s *Signature) DigestMatches() bool {
	return s.ComputedDigest != "" && s.StatedDigest == s.ComputedDigest
}

// Countersignature is a stated timestamp of a signature.
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

// SignatureState is what can be said about the signatures of a file without
// trusting anyone.
type SignatureState uint8

// The states, of which the worst of any signature counts.
const (
	Unsigned   SignatureState = iota // the file states no signature
	Unverified                       // the digests match; who signed is stated, not verified
	Malformed                        // there is a certificate table that cannot be decoded or compared as a whole
	Tampered                         // the image is not the one that was signed: a digest differs
)

var stateNames = [...]string{"unsigned", "unverified", "malformed", "tampered"}

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

// SignatureState compares the stated digests with those of the image.
func (r *Reader) SignatureState() SignatureState {
	state := Unsigned
	if r.badSignature {
		state = Malformed
	}
	for i := range r.Signatures {
		s := &r.Signatures[i]
		switch {
		case s.DigestMatches():
			state = max(state, Unverified)
		case s.ComputedDigest == "":
			state = max(state, Malformed)
		default:
			state = Tampered
		}
	}
	return state
}
