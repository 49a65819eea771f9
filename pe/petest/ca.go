package petest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"embed"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// The keys are fixed because nothing else makes RSA signatures, and so whole
// files, the same on every run.
//
//go:embed keys/ca.pem keys/signer.pem keys/timestamper.pem
var keys embed.FS

// CA is a throw-away certificate authority. Its private key is published with
// this package, so it proves nothing about anyone.
type CA struct {
	Signer
	parent *CA // nil for a root
}

// Signer is a certificate with its private key and the certificates above it.
// The zero value signs nothing: use Issue and NewCA to make a Signer.
type Signer struct {
	certificate *x509.Certificate
	key         *rsa.PrivateKey
	above       []*x509.Certificate // from the issuer on, without the root
	err         error               // why the certificate is missing; reported when signing
}

// The validity of certificates, unless IssueFor sets another one.
var (
	defaultNotBefore = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)
	defaultNotAfter  = time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)
)

// NewCA returns the root authority of that name; the same name gives the same
// certificate.
func NewCA(name string) *CA {
	return &CA{Signer: issue(nil, name, "ca", func(t *x509.Certificate) { t.IsCA, t.KeyUsage = true, x509.KeyUsageCertSign })}
}

// Intermediate returns an authority whose certificate ca issues. The signatures
// of those for whom it issues certificates embed it.
func (ca *CA) Intermediate(name string) *CA {
	return &CA{parent: ca, Signer: issue(ca, name, "ca", func(t *x509.Certificate) { t.IsCA, t.KeyUsage = true, x509.KeyUsageCertSign })}
}

// Issue returns a code-signing certificate for a subject: its common name and
// organisation, such as "Example Software Ltd".
func (ca *CA) Issue(subject string) *Signer {
	return ca.IssueFor(subject, defaultNotBefore, defaultNotAfter)
}

// IssueFor is like Issue with a given validity of the certificate.
func (ca *CA) IssueFor(subject string, notBefore, notAfter time.Time) *Signer {
	s := issue(ca, subject, "signer", func(t *x509.Certificate) {
		t.KeyUsage = x509.KeyUsageDigitalSignature
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}
		t.NotBefore, t.NotAfter = notBefore, notAfter
	})
	return &s
}

// IssueTimestamper returns a time-stamping certificate for a subject.
func (ca *CA) IssueTimestamper(subject string) *Signer {
	s := issue(ca, subject, "timestamper", func(t *x509.Certificate) {
		t.KeyUsage = x509.KeyUsageDigitalSignature
		// RFC 3161 requires the purpose to be critical, and the only one.
		t.ExtraExtensions = []pkix.Extension{{
			Id:       asn1.ObjectIdentifier{2, 5, 29, 37},
			Critical: true,
			Value:    sequence(oid(1, 3, 6, 1, 5, 5, 7, 3, 8)),
		}}
	})
	return &s
}

// PEM returns the root's certificate in the form for osslsigncode -CAfile.
func (ca *CA) PEM() []byte {
	for ca.parent != nil {
		ca = ca.parent
	}
	if ca.err != nil {
		return nil
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.certificate.Raw})
}

// issue makes a certificate that ca issues, or a self-issued one if ca is nil.
func issue(ca *CA, subject, keyName string, change func(*x509.Certificate)) Signer {
	key, err := loadKey(keyName)
	if err != nil {
		return Signer{err: err}
	}
	id := sha1.Sum([]byte(keyName + "\x00" + subject))
	serial := new(big.Int).SetBytes(id[:8])
	template := &x509.Certificate{
		SerialNumber:          serial.SetBit(serial, 63, 0).SetBit(serial, 62, 1),
		Subject:               pkix.Name{CommonName: subject, Organization: []string{subject}, Country: []string{"US"}},
		NotBefore:             defaultNotBefore,
		NotAfter:              defaultNotAfter,
		BasicConstraintsValid: true,
		SubjectKeyId:          id[:],
		SignatureAlgorithm:    x509.SHA256WithRSA,
	}
	change(template)
	s := Signer{key: key}
	parent, parentKey := template, key
	if ca != nil {
		if ca.err != nil {
			return Signer{err: ca.err}
		}
		parent, parentKey = ca.certificate, ca.key
		if ca.parent != nil {
			s.above = append([]*x509.Certificate{ca.certificate}, ca.above...)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		return Signer{err: fmt.Errorf("petest: certificate for %q: %w", subject, err)}
	}
	if s.certificate, err = x509.ParseCertificate(der); err != nil {
		return Signer{err: fmt.Errorf("petest: certificate for %q: %w", subject, err)}
	}
	return s
}

func loadKey(name string) (*rsa.PrivateKey, error) {
	b, err := keys.ReadFile("keys/" + name + ".pem")
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("petest: key %s: not PEM", name)
	}
	return x509.ParsePKCS1PrivateKey(block.Bytes)
}

// chain returns the certificates that go into a signature.
func (s *Signer) chain() []*x509.Certificate {
	return append([]*x509.Certificate{s.certificate}, s.above...)
}
