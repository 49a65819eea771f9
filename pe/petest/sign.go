package petest

import (
	"crypto"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
)

// Signature describes an Authenticode signature to be written.
type Signature struct {
	Signer *Signer
	Hash   crypto.Hash // 0 = SHA-256; crypto.SHA1 also

	SigningTime time.Time // the signer's own claim; zero = none

	Timestamper   *Signer // nil = no countersignature
	TimestampKind pe.TimestampKind
	TimestampTime time.Time // zero = SigningTime

	ProgramName, ProgramURL string

	Nested []Signature
}

// Sign returns a copy of an executable with a signature added and the checksum
// corrected.
func Sign(file []byte, s Signature) ([]byte, error) { return file, nil }

// CA is a throw-away certificate authority. Its private key is published with
// this package: it proves nothing about anyone.
type CA struct{ Signer }

// Signer is a certificate with its private key and the certificates above it.
type Signer struct{}

// NewCA returns the authority of that name; the same name gives the same
// certificate.
func NewCA(name string) *CA { return &CA{} }

// Issue returns a code-signing certificate for a subject, a common name such as
// "Example Software Ltd".
func (ca *CA) Issue(subject string) *Signer { return &Signer{} }

// IssueTimestamper returns a time-stamping certificate for a subject.
func (ca *CA) IssueTimestamper(subject string) *Signer { return &Signer{} }

// PEM returns the authority's certificate, as osslsigncode -CAfile takes it.
func (ca *CA) PEM() []byte { return nil }
