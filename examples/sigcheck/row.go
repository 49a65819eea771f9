package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/pe"
)

// row is what the program prints about one file.
type row struct {
	Path         string      `json:"path"`
	MD5          string      `json:"md5"`
	SHA1         string      `json:"sha1"`
	SHA256       string      `json:"sha256"`
	ImpHash      string      `json:"imphash"`
	Authentihash string      `json:"authentihash"` // SHA-256
	Company      string      `json:"company"`
	Product      string      `json:"product"`
	Description  string      `json:"description"`
	OriginalName string      `json:"original_name"`
	InternalName string      `json:"internal_name"`
	FileVersion  string      `json:"file_version"`
	LinkTime     string      `json:"link_time"`
	Reproducible bool        `json:"reproducible"` // link_time is a hash
	Verdict      string      `json:"verdict"`
	Catalog      string      `json:"catalog,omitempty"` // of those in -catalogs that list it, one whose signature matches it
	CatalogOf    string      `json:"catalog_stated_signer,omitempty"`
	Signatures   []signature `json:"signatures"`
	Findings     []string    `json:"findings"`
}

type signature struct {
	Signer        string   `json:"stated_signer"`
	Issuer        string   `json:"stated_issuer"`
	Serial        string   `json:"stated_serial"`
	Thumbprint    string   `json:"thumbprint"`
	Chain         []string `json:"stated_chain"`
	Algorithm     string   `json:"digest_algorithm"`
	DigestMatches bool     `json:"digest_matches"`
	Replaced      bool     `json:"digest_replaced"` // it is not the digest that was signed
	SigningTime   string   `json:"stated_signing_time"`
	Timestamp     string   `json:"timestamp"`
	Countersigner string   `json:"stated_countersigner"`
	ProgramName   string   `json:"program_name"`
	ProgramURL    string   `json:"program_url"`
	Nested        bool     `json:"nested"`
	Offset        int64    `json:"offset"`
}

func newRow(name string, f *pe.Reader) row {
	r := row{
		Path: name, MD5: f.MD5, SHA1: f.SHA1, SHA256: f.SHA256, ImpHash: f.ImpHash, Authentihash: f.AuthentihashSHA256,
		Company: f.Version.CompanyName, Product: f.Version.ProductName, Description: f.Version.FileDescription,
		OriginalName: f.Version.OriginalFilename, InternalName: f.Version.InternalName, FileVersion: f.Version.FileVersion,
		LinkTime: timeText(f.LinkTime), Reproducible: f.Reproducible, Verdict: f.SignatureState().String(),
		Signatures: []signature{}, Findings: []string{},
	}
	for i := range f.Signatures {
		r.Signatures = append(r.Signatures, newSignature(&f.Signatures[i]))
	}
	for _, sign := range masquerade.Signs(name) {
		r.Findings = append(r.Findings, "name: "+sign.Text)
	}
	for problem := range f.Problems() {
		unnamed := *problem.Err // the row names the file
		unnamed.Artifact = ""
		r.Findings = append(r.Findings, pe.Problem{Kind: problem.Kind, Err: &unnamed}.String())
	}
	return r
}

// cataloged is the verdict on a file without a signature of its own that a catalog lists
// whose signature matches it.
const cataloged = "cataloged"

// find adds the first of the catalogs that list the file and have a signature that matches
// them.
func (r *row) find(list []pe.Listing) {
	for _, l := range list {
		if l.Catalog.SignatureState() != pe.Unverified {
			continue // anyone could have made it as it is
		}
		r.Catalog, r.CatalogOf = l.Path, l.Catalog.Signatures[0].StatedSigner.Subject
		if r.Verdict == pe.Unsigned.String() {
			r.Verdict = cataloged
		}
		return
	}
}

func newSignature(s *pe.Signature) signature {
	out := signature{
		Signer: s.StatedSigner.Subject, Issuer: s.StatedSigner.Issuer, Serial: s.StatedSigner.Serial,
		Thumbprint: s.StatedSigner.Thumbprint, Chain: []string{}, Algorithm: s.DigestAlgorithm,
		DigestMatches: s.DigestMatches(), Replaced: s.ComputedContentDigest != "" && !s.ContentMatches(), SigningTime: timeText(s.StatedSigningTime), Timestamp: s.Timestamp.String(),
		ProgramName: s.ProgramName, ProgramURL: s.ProgramURL, Nested: s.Nested, Offset: s.Offset,
		Countersigner: s.Countersigner.Subject,
	}
	for _, c := range s.Chain {
		out.Chain = append(out.Chain, c.Subject)
	}
	return out
}

// timeText formats a time in UTC, or returns "" if it is unset.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func jsonLines(w io.Writer) func(row) error {
	return func(r row) error {
		line, err := show.JSONLine(r)
		if err == nil {
			_, err = w.Write(line)
		}
		return err
	}
}

// csvLines writes most columns of jsonl. Of each signature it writes the signer.
func csvLines(w io.Writer) (func(row) error, error) {
	c := csv.NewWriter(w)
	header := strings.Fields("path md5 sha1 sha256 imphash authentihash company product description original_name internal_name file_version link_time verdict catalog signatures findings")
	if err := c.Write(header); err != nil {
		return nil, err
	}
	return func(r row) error {
		var signers []string
		for _, s := range r.Signatures {
			signers = append(signers, s.Signer)
		}
		fields := []string{r.Path, r.MD5, r.SHA1, r.SHA256, r.ImpHash, r.Authentihash, r.Company, r.Product, r.Description,
			r.OriginalName, r.InternalName, r.FileVersion, r.LinkTime, r.Verdict, r.Catalog, strings.Join(signers, "; "), strings.Join(r.Findings, "; ")}
		for i := range fields {
			fields[i] = show.Cell(fields[i])
		}
		if err := c.Write(fields); err != nil {
			return err
		}
		c.Flush()
		return c.Error()
	}, nil
}

// text prints the path and, below it, a line for each field that is not empty.
func (r row) text(w io.Writer) error {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %-14s %s\n", name, show.Text(value))
		}
	}
	fmt.Fprintf(&b, "%s\n", show.Text(r.Path))
	line("verdict", r.Verdict)
	line("catalog", r.Catalog)
	line("  signer", r.CatalogOf)
	for _, s := range r.Signatures {
		s.text(line)
	}
	line("company", r.Company)
	line("product", r.Product)
	line("description", r.Description)
	line("original name", r.OriginalName)
	line("internal name", r.InternalName)
	line("file version", r.FileVersion)
	linked := r.LinkTime
	if r.Reproducible {
		linked += " (a hash, not a time: reproducible build)"
	}
	line("link time", linked)
	line("md5", r.MD5)
	line("sha1", r.SHA1)
	line("sha256", r.SHA256)
	line("imphash", r.ImpHash)
	line("authentihash", r.Authentihash)
	for _, f := range r.Findings {
		line("finding", f)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s signature) text(line func(name, value string)) {
	name := "claimed signer"
	if s.Nested {
		name = "nested signer"
	}
	line(name, s.Signer)
	matches := "matches"
	if !s.DigestMatches {
		matches = "differs"
	}
	if s.Replaced {
		matches += ", but is not the one that was signed"
	}
	line("  digest", s.Algorithm+" "+matches)
	line("  issuer", s.Issuer)
	line("  thumbprint", s.Thumbprint)
	when := s.SigningTime
	switch {
	case when == "":
	case s.Countersigner == "":
		when += " (the signer's own claim)"
	default:
		when += " (" + s.Timestamp + " by " + s.Countersigner + ")"
	}
	line("  signed", when)
	line("  program", strings.TrimSpace(s.ProgramName+" "+s.ProgramURL))
}
