package records

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/pe"
)

// PE emits a record for the executable and one for each signature.
func PE(path string, emit func(child.Record)) (int, error) {
	p, err := pe.Open(path)
	if err != nil {
		return 0, err
	}
	var f fields
	f.number("size", uint64(p.Size))
	f.add("sha256", p.SHA256)
	f.set("imphash", p.ImpHash)
	f.set("authentihash_sha256", p.AuthentihashSHA256)
	f.set("link_time", Time(p.LinkTime))
	f.set("export_name", p.ExportName)
	f.set("pdb", p.PDBPath)
	f.add("signatures", fmt.Sprint(len(p.Signatures)))
	for _, s := range p.Version.Strings {
		f.add("version "+s.Name, s.Value)
	}
	emit(child.Record{Key: "file", Offset: -1, Fields: f})
	for i, s := range p.Signatures {
		var f fields
		f.add("signer", s.StatedSigner.Subject)
		f.add("serial", s.StatedSigner.Serial)
		f.add("digest", s.StatedDigest)
		f.set("signing_time", Time(s.StatedSigningTime))
		emit(child.Record{Key: fmt.Sprintf("signature %d", i), Offset: s.Offset, Fields: f})
	}
	return count(p.Problems()), nil
}

// Catalog emits a record for a catalog, for each of its members and for each signature.
func Catalog(path string, emit func(child.Record)) (int, error) {
	c, err := pe.OpenCatalog(path)
	if err != nil {
		return 0, err
	}
	var f fields
	f.add("identifier", c.Identifier)
	f.set("made", Time(c.Made))
	f.add("state", c.SignatureState().String())
	emit(child.Record{Key: "catalog", Offset: -1, Fields: f})
	for _, m := range c.Members {
		var f fields
		f.add("digest", m.Digest)
		f.set("file", m.File)
		f.set("tag", m.Tag)
		emit(child.Record{Key: "member " + m.Digest, Offset: m.Offset, Fields: f})
	}
	for i, s := range c.Signatures {
		var f fields
		f.add("signer", s.StatedSigner.Subject)
		f.set("signing_time", Time(s.StatedSigningTime))
		emit(child.Record{Key: fmt.Sprintf("signature %d", i), Offset: s.Offset, Fields: f})
	}
	return count(c.Problems()), nil
}
