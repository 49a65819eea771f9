package pe

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Catalog is a security catalog (.cat): digests of files under one signature. Windows signs
// most of its files this way. Nothing in it was verified: anyone can make a catalog.
type Catalog struct {
	Size       int64
	Identifier string    // of the list, in lower-case hexadecimal
	Made       time.Time // thisUpdate, by the clock of whoever made it
	Members    []CatalogMember

	// Signatures are those of the whole catalog, without digests of an image. Those after
	// the first are nested.
	Signatures []Signature

	name         string // what errors call the catalog
	problems     []Problem
	badSignature bool // a signature could not be decoded
}

// ErrNotCatalog is the cause of the error for a file that is not a catalog.
var ErrNotCatalog = errors.New("not a catalog")

// The largest catalogs of Windows, those of cumulative updates, have 15 MB and 100,000 members.
const (
	maxCatalog = 64 << 20 // bytes
	maxMembers = 1 << 19
)

// The object identifiers of a catalog, beside those of signatures.
const (
	oidCertificateTrustList = "1.3.6.1.4.1.311.10.1"
	oidCatalogList          = "1.3.6.1.4.1.311.12.1.1"
)

// OpenCatalog reads the named catalog.
func OpenCatalog(name string, opts ...Option) (*Catalog, error) {
	return readCatalog(name, opts)(fsfile.OpenOS(name))
}

// OpenCatalogFS reads the catalog in a file of fsys.
func OpenCatalogFS(fsys fs.FS, name string, opts ...Option) (*Catalog, error) {
	return readCatalog(name, opts)(fsfile.Open(fsys, name))
}

// readCatalog returns a function that reads an open catalog and closes it.
func readCatalog(name string, opts []Option) func(*fsfile.File, error) (*Catalog, error) {
	return func(f *fsfile.File, err error) (*Catalog, error) {
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return NewCatalog(f, f.Size, append([]Option{WithName(name)}, opts...)...)
	}
}

// NewCatalog reads the catalog of size bytes in r, which is not needed afterwards. It fails
// if r fails. It returns a *FormatError, with the cause [ErrNotCatalog], if the file is not
// a catalog. All other damage is reported by Problems, and the Catalog has what could be
// read.
func NewCatalog(r io.ReaderAt, size int64, opts ...Option) (*Catalog, error) {
	config := newConfig(append([]Option{WithName("catalog")}, opts...))
	c := &Catalog{Size: size, name: config.name}
	if size > maxCatalog {
		return nil, damage.In(&damage.Error{What: "catalog", Got: fmt.Sprintf("%d bytes", size), Want: fmt.Sprintf("≤ %d", maxCatalog), Err: errLimit}, c.name, "")
	}
	b, err := bin.ReadAt(r, size, 0, size, "catalog")
	if err != nil {
		return nil, damage.In(err, c.name, "")
	}
	if err := c.read(values{b, 0}); err != nil {
		return nil, damage.In(err, c.name, "")
	}
	return c, nil
}

// Problems iterates over what is damaged in the catalog.
func (c *Catalog) Problems() iter.Seq[Problem] { return slices.Values(c.problems) }

// SignatureState compares the digests in the signatures with that of the list of members.
// It is [Unsigned], [Unverified], [Malformed] or [Tampered].
func (c *Catalog) SignatureState() SignatureState {
	state := Unsigned
	for i := range c.Signatures {
		switch s := &c.Signatures[i]; {
		case s.ContentMatches():
			state = max(state, Unverified)
		case s.ComputedContentDigest == "":
			state = max(state, Malformed)
		default:
			return Tampered
		}
	}
	if c.badSignature {
		state = max(state, Malformed)
	}
	return state
}

func (c *Catalog) note(kind damage.Kind, err error) {
	c.problems = noted(c.problems, kind, err, c.name)
}

func (c *Catalog) read(vs values) error {
	message, err := parseContentInfo(&vs)
	switch {
	case err != nil && (message == nil || message.contentType == ""):
		return notCatalog(err)
	case message.contentType != oidCertificateTrustList:
		return notCatalog(damage.New("content type", message.off, message.contentType, oidCertificateTrustList))
	case err != nil:
		c.badSignature = true
		c.note(damage.Malformed, err)
	}
	if err := c.readList(message.content); err != nil {
		return err
	}
	if len(vs.b) > 0 && !allZero(vs.b) {
		c.note(damage.Hidden, damage.New("end of the catalog", vs.off, fmt.Sprintf("%d bytes more", len(vs.b)), "none"))
	}
	if message.signers.empty() {
		return nil
	}
	d := signatureReader{&c.Signatures, c.note, func(nested *signedData, _ *Signature) error {
		if nested.contentType != oidCertificateTrustList {
			return damage.New("content type", nested.off, nested.contentType, oidCertificateTrustList)
		}
		return nil
	}}
	if err := d.message(message, 0); err != nil {
		c.badSignature = true
		c.note(damage.Malformed, err)
	}
	return nil
}

// notCatalog adds ErrNotCatalog to an error.
func notCatalog(err error) error {
	var f *damage.Error
	if errors.As(err, &f) && f.Err == nil {
		with := *f
		with.Err = ErrNotCatalog
		return &with
	}
	return err
}

// readList reads the CertificateTrustList:
//
//	SEQUENCE { version INTEGER OPTIONAL, subjectUsage SEQUENCE OF OID, listIdentifier OCTET STRING OPTIONAL,
//	    sequenceNumber INTEGER OPTIONAL, thisUpdate, nextUpdate OPTIONAL, subjectAlgorithm AlgorithmIdentifier,
//	    trustedSubjects SEQUENCE OF TrustedSubject OPTIONAL, extensions [0] OPTIONAL }
func (c *Catalog) readList(list value) error {
	if list.tag != tagSequence {
		return notCatalog(damage.New("CertificateTrustList", list.off, fmt.Sprintf("tag %#02x", list.tag), fmt.Sprintf("tag %#02x", tagSequence)))
	}
	fields := list.children()
	if _, _, err := fields.optional(tagInteger, "CertificateTrustList version"); err != nil {
		return err
	}
	usages, err := fields.expect(tagSequence, "CertificateTrustList subjectUsage")
	if err != nil {
		return err
	}
	if usage := usages.children(); !usage.empty() {
		if v, err := usage.next("subjectUsage"); err == nil && v.oid() != oidCatalogList { // such as a list of trusted roots
			return notCatalog(damage.New("subjectUsage", v.off, v.oid(), oidCatalogList))
		}
	}
	id, _, err := fields.optional(tagOctetString, "CertificateTrustList listIdentifier")
	if err != nil {
		return err
	}
	c.Identifier = hex.EncodeToString(id.body)
	for !fields.empty() {
		v, err := fields.next("CertificateTrustList")
		switch {
		case err != nil:
			c.note(damage.Malformed, err)
			return nil
		case (v.tag == tagUTCTime || v.tag == tagGenTime) && c.Made.IsZero():
			if c.Made, err = v.time("CertificateTrustList thisUpdate"); err != nil {
				c.note(damage.Malformed, err)
			}
		case v.tag == tagSequence && isAlgorithm(v): // subjectAlgorithm, which the members show themselves
		case v.tag == tagSequence:
			c.readMembers(v.children())
		}
	}
	return nil
}

// isAlgorithm reports whether v is an AlgorithmIdentifier, not a list of members.
func isAlgorithm(v value) bool { return len(v.body) > 0 && v.body[0] == tagOID }

func (c *Catalog) readMembers(vs values) {
	for !vs.empty() {
		if len(c.Members) == maxMembers {
			c.note(damage.Limit, limitError("members", vs.off, maxMembers))
			return
		}
		v, err := vs.expect(tagSequence, "TrustedSubject")
		if err != nil {
			c.note(damage.Malformed, err)
			if v.raw == nil {
				return
			}
			continue
		}
		m, err := parseMember(v)
		if err != nil {
			c.note(damage.Malformed, err)
			continue
		}
		c.Members = append(c.Members, m)
	}
}
