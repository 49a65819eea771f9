package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/masquerade"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/winid"
)

var whatContent = &rule{
	name: "what.content", question: What, best: Recorded,
	finds:   "the content of the file",
	reads:   []*source{fileContent},
	traps:   []trap{{"freed", "the file was deleted, and its clusters are free: another file may have used them since"}},
	against: "none of its claims is verified: whoever builds a file chooses what it says of itself",
	apart:   "a valid signature, or the hash in a list of known files",
	find: func(q *inquiry) []candidate {
		if q.content == nil {
			return nil
		}
		a := candidate{Answer: q.askWhat()}
		if q.from != "" {
			a.Answer.Answer = strings.TrimSuffix(a.Answer.Answer, ".") + "; its content was read " + string(q.from) + "."
		}
		if q.from == inClusters {
			a.caught("freed", "another file's content, if a file used the clusters after the deletion")
		}
		return []candidate{a}
	},
}

var whatLogged = &rule{
	name: "what.logged", question: What, best: Inferred,
	finds:   "the hashes and version strings that a log records for that path, if the content is gone",
	reads:   []*source{sysmonProcess, sysmonStream},
	against: "another file that had this path at that time",
	apart:   "the content, or its hash in another record",
	find: func(q *inquiry) []candidate {
		if q.content != nil {
			return nil
		}
		return []candidate{{Answer: q.loggedWhat()}}
	},
}

// askWhat answers from the content.
func (q *inquiry) askWhat() Answer {
	c := q.content
	a := Answer{Grade: Recorded}
	a.fact("sha256", c.sha256)
	if c.image == nil {
		a.Answer = q.sayKind(&a) + q.disguise(&a) + "."
		a.cite(q.citeContent("size", c.size, "SHA256", c.sha256, "begins", fmt.Sprintf("%q", c.head[:min(len(c.head), 8)])))
		return a
	}
	img, v := c.image, &c.image.Version
	kind := "Windows program"
	if img.DLL {
		kind = "Windows library"
	} else if img.Driver {
		kind = "Windows driver"
	}
	a.fact("kind", kind)
	a.fact("imphash", img.ImpHash)
	a.fact("company", v.CompanyName)
	a.fact("product", v.ProductName)
	a.fact("description", v.FileDescription)
	a.fact("original_name", v.OriginalFilename)
	a.Answer = fmt.Sprintf("A %s of %d bytes", kind, c.size)
	if v.FileDescription != "" || v.CompanyName != "" {
		a.Answer += fmt.Sprintf(` that claims to be "%s" by "%s"`, clip(v.FileDescription), clip(v.CompanyName))
	}
	signature, listing := q.saySignature(&a)
	a.Answer += signature
	var places []string // the contradictions hold what is wrong there
	for _, p := range problems(img) {
		places = append(places, fmt.Sprintf("%s at %#x", p.What, p.Offset))
	}
	if len(places) > 0 {
		a.fact("problems", len(places))
		a.Answer += fmt.Sprintf("; %s of its structure: %s", count(len(places), "problem", "problems"), clip(enumerate(firstOf(places))))
	}
	a.Answer += q.disguise(&a) + "."
	a.cite(q.citeContent("size", c.size, "SHA256", c.sha256, "ImpHash", img.ImpHash, "CompanyName", v.CompanyName, "ProductName", v.ProductName,
		"FileDescription", v.FileDescription, "OriginalFilename", v.OriginalFilename, "linked", img.LinkTime, "signatures", len(img.Signatures)))
	a.cite(listing...)
	return a
}

// sayKind says what a file is that is not a Windows executable.
func (q *inquiry) sayKind(a *Answer) string {
	c := q.content
	if c.size == 0 {
		a.fact("kind", "empty file")
		return "An empty file"
	}
	kind, byName := kindOf(q.path, c.head)
	if kind == "" {
		return fmt.Sprintf("A file of %d bytes that is not a Windows executable", c.size)
	}
	a.fact("kind", strings.TrimSuffix(kind, ","))
	said := fmt.Sprintf("%s of %d bytes", capital(article(kind)), c.size)
	if byName {
		said += ", as its name says"
	}
	return said
}

// article puts the indefinite article before a noun.
func article(noun string) string {
	for _, sound := range [...]string{"A", "E", "I", "O", "a", "e", "i", "o", "HTML", "RTF", "XZ", "SQL"} {
		if strings.HasPrefix(noun, sound) {
			return "an " + noun
		}
	}
	return "a " + noun
}

// saySignature says what the signatures of an executable show, and returns what a catalog
// has of one without a signature of its own.
func (q *inquiry) saySignature(a *Answer) (string, []Citation) {
	img := q.content.image
	state := img.SignatureState()
	if state == pe.Unsigned {
		return q.sayCatalogs(a)
	}
	a.fact("signature", state.String())
	if !img.Signed() {
		a.fact("signed", "no")
		return ", with an embedded signature that cannot be read", nil
	}
	a.fact("signed", "yes")
	signer := img.Signatures[0].StatedSigner.Subject
	a.fact("signer", signer)
	return ", with a signature that claims to be by " + clip(signer) + " " + shownBy[state], nil
}

// cataloged is the fact of an executable without a signature of its own that a catalog lists.
const cataloged = "cataloged"

// sayCatalogs says what the catalogs have of an executable without a signature of its own,
// and cites the best of those that list it.
func (q *inquiry) sayCatalogs(a *Answer) (said string, listing []Citation) {
	state := pe.Unsigned.String()
	defer func() {
		a.fact("signature", state)
		a.fact("signed", "no")
	}()
	said = ", without an embedded signature"
	c := q.tl.findCatalogs()
	switch {
	case c.Read+c.Unread == 0:
		return said + " (the evidence has no catalogs)", nil
	case c.Read == 0:
		return said + " (the catalogs cannot be read)", nil
	}
	a.fact("catalogs", c.Read)
	if c.Unread > 0 {
		a.fact("catalogs_unread", c.Unread)
	}
	list := c.Find(q.content.image.CatalogDigests()...)
	if len(list) == 0 {
		said += fmt.Sprintf(", and not listed in %s", count(c.Read, "catalog", "catalogs"))
		if c.Unread > 0 {
			said += fmt.Sprintf(" (%d more could not be read)", c.Unread)
		}
		return said, nil
	}
	best := &list[0] // one whose signature matches it, if any is
	path := winpath.Windows(c.drive, best.Path)
	a.fact("catalog", path)
	shows, signer := best.Catalog.SignatureState(), pe.Certificate{}
	said += "; the catalog " + clip(path) + " lists it"
	switch shows {
	case pe.Unverified:
		state, signer = cataloged, best.Catalog.Signatures[0].StatedSigner
		a.fact("signer", signer.Subject)
		said += ", with a signature that claims to be by " + clip(signer.Subject)
		if signer.Subject == signer.Issuer {
			said += " with a certificate that issued itself"
		}
		said += " (not verified)"
	case pe.Unsigned:
		said += ", and is not signed"
	default:
		said += ", and its signature is not of its content"
	}
	return said, []Citation{{Artifact: c.artifact(best.Path), Record: "member " + best.Member.Digest, Offset: best.Member.Offset,
		Text: values("File", best.Member.File, "signature", shows.String(), "signer", signer.Subject)}}
}

// shownBy is what the states of a signature mean, as the end of a clause about it.
var shownBy = map[pe.SignatureState]string{
	pe.Unverified: "(not verified)",
	pe.Malformed:  "(not verified, and damaged in part)",
	pe.Uncovered:  "and does not cover all that the loader maps",
	pe.Tampered:   "and is not of this content: the file was changed after it was signed, or given the signature of another one",
}

// problems returns what is damaged or unusual in an executable, without its name. The
// checksum of the header comes last, since any change breaks it.
func problems(img *pe.Reader) []pe.FormatError {
	var list []pe.FormatError
	for p := range img.Problems() {
		unnamed := *p.Err
		unnamed.Artifact = ""
		list = append(list, unnamed)
	}
	if i := slices.IndexFunc(list, func(e pe.FormatError) bool { return e.What == "checksum" }); i >= 0 {
		sum := list[i]
		list = append(slices.Delete(list, i, i+1), sum)
	}
	return list
}

// loggedWhat answers from what a log records of the file, if its content is gone.
func (q *inquiry) loggedWhat() Answer {
	a := Answer{Grade: Inferred}
	say := func(hashes string) {
		if sum := evtx.HashOf(hashes, "SHA256"); sum != "" && a.Fact("sha256") == "" {
			a.fact("sha256", sum)
			a.fact("imphash", evtx.HashOf(hashes, "IMPHASH"))
		}
	}
	for _, p := range q.runs {
		if s := p.sysmon; s != nil {
			company, product := winid.Undash(s.data.Company), winid.Undash(s.data.Product)
			description, original := winid.Undash(s.data.Description), winid.Undash(s.data.OriginalFileName)
			text := values("Company", company, "Product", product, "Description", description, "OriginalFileName", original, "Hashes", s.data.Hashes)
			if text == "" {
				continue
			}
			a.Answer = "Its content cannot be read; a log records: " + text
			say(s.data.Hashes)
			a.fact("company", company)
			a.fact("product", product)
			a.fact("description", description)
			a.fact("original_name", original)
			a.cite(cite(&s.Event, "Image", s.data.Image, "Company", s.data.Company, "Hashes", s.data.Hashes))
			break
		}
	}
	for i := range q.deletes {
		if d := &q.deletes[i]; a.Answer == "" && q.isSubject(d.Path) && d.hashes != "" {
			a.Answer = "It was deleted; Sysmon logged its hashes, " + clip(d.hashes)
			say(d.hashes)
			a.cite(cite(&d.Event, "TargetFilename", d.Path, "Hashes", d.hashes))
		}
	}
	for i := range q.streams {
		if s := &q.streams[i]; a.Answer == "" && q.isSubject(streamOwner(s.Path)) && s.data.Hash != "" {
			a.Answer = "Its content cannot be read; Sysmon logged its hashes, " + clip(s.data.Hash)
			say(s.data.Hash)
			a.cite(cite(&s.Event, "TargetFilename", s.data.TargetFilename, "Hash", s.data.Hash))
		}
	}
	if a.Answer == "" {
		a = Answer{Grade: Unknown, Answer: "Its content cannot be read."}
		if q.unread != nil {
			a.Answer = "Its content cannot be read: " + clip(q.unread.Error()) + "."
		}
		if s := q.disguise(&a); s != "" {
			a.Answer = strings.TrimSuffix(a.Answer, ".") + s + "."
		}
		return a
	}
	a.Answer += q.disguise(&a) + "."
	return a
}

// disguise returns, in words and as facts, what the name and the place of the subject
// have in common with a disguise. It is an observation about names and proves nothing.
func (q *inquiry) disguise(a *Answer) string {
	var rules, texts []string
	for _, s := range masquerade.Signs(q.path) {
		rules, texts = append(rules, s.Rule), append(texts, "; "+s.Text)
		if s.Of != "" && a.Fact("lookalike_of") == "" {
			a.fact("lookalike_of", s.Of)
		}
		if s.Place != "" && a.Fact("misplaced") == "" {
			a.fact("misplaced", s.Place)
		}
	}
	if q.content != nil && q.content.image != nil && masquerade.IsDocument(q.path) {
		rules, texts = append(rules, "content"), append(texts, "; its name is that of a document")
	}
	a.fact("masquerade", strings.Join(rules, ", "))
	return strings.Join(texts, "")
}

func sayWhat(a retold) []string { return []string{a.file + " " + a.nature()} }

// nature returns the traits in an answer to What, as the end of a sentence.
func (a *Answer) nature() string {
	var traits []string
	switch {
	case a.Fact("lookalike_of") != "":
		traits = append(traits, "has a name that resembles "+a.Fact("lookalike_of"))
	case a.Fact("misplaced") != "":
		traits = append(traits, "has the name of a program that belongs in "+a.Fact("misplaced"))
	case a.Fact("masquerade") != "":
		traits = append(traits, "has a name like a disguise ("+a.Fact("masquerade")+")")
	}
	if kind := a.Fact("kind"); kind != "" && a.Fact("signature") == "" {
		traits = append(traits, "is "+article(kind))
	}
	if original := a.Fact("original_name"); original != "" {
		traits = append(traits, fmt.Sprintf("claims to be %s by %s", original, cmp.Or(a.Fact("company"), "an unnamed company")))
	}
	signer := "has a signature that claims to be by " + cmp.Or(a.Fact("signer"), "an unnamed signer")
	switch signed, state := a.Fact("signed"), a.Fact("signature"); {
	case state == pe.Tampered.String():
		traits = append(traits, signer+" but is not what was signed")
	case state == pe.Uncovered.String():
		traits = append(traits, signer+" but does not cover all of it")
	case signed == "yes":
		traits = append(traits, signer+" and was not verified")
	case state == pe.Malformed.String():
		traits = append(traits, "has a signature that cannot be read")
	case state == cataloged:
		traits = append(traits, "is listed in a catalog that claims to be by "+cmp.Or(a.Fact("signer"), "an unnamed signer")+" and was not verified")
	case signed == "no" && a.Fact("catalogs_unread") != "":
		traits = append(traits, "has no signature of its own or in a catalog that could be read")
	case signed == "no" && a.Fact("catalogs") != "":
		traits = append(traits, "has no signature of its own or in a catalog")
	case signed == "no":
		traits = append(traits, "has no embedded signature; no catalogs were read")
	}
	if len(traits) == 0 {
		return "has no version information"
	}
	return enumerate(traits)
}
