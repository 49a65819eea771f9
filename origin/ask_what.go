package origin

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var whatContent = &rule{
	name: "what.content", question: What, best: Recorded,
	finds:   "the content of the file",
	reads:   []*source{fileContent},
	against: "none of its claims is verified: whoever builds a file chooses what it says of itself",
	apart:   "a valid signature, or the hash in a list of known files",
	find: func(q *inquiry) []candidate {
		if q.content == nil {
			return nil
		}
		return []candidate{{Answer: q.askWhat()}}
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

func (q *inquiry) askWhat() Answer {
	c := q.content
	a := Answer{Grade: Recorded}
	a.fact("sha256", c.sha256)
	if c.image == nil {
		a.Answer = fmt.Sprintf("A file of %d bytes that is not a Windows executable%s.", c.size, q.lookalike(&a))
		a.cite(q.citeContent("size", c.size, "SHA256", c.sha256))
		return a
	}
	img, v := c.image, &c.image.Version
	a.fact("imphash", img.ImpHash)
	a.fact("company", v.CompanyName)
	a.fact("product", v.ProductName)
	a.fact("description", v.FileDescription)
	a.fact("original_name", v.OriginalFilename)
	kind := "program"
	if img.DLL {
		kind = "library"
	} else if img.Driver {
		kind = "driver"
	}
	a.Answer = fmt.Sprintf("A Windows %s of %d bytes", kind, c.size)
	if v.FileDescription != "" || v.CompanyName != "" {
		a.Answer += fmt.Sprintf(` that claims to be "%s" by "%s"`, clip(v.FileDescription), clip(v.CompanyName))
	}
	if len(img.Signatures) > 0 {
		a.fact("signed", "yes")
		signer := img.Signatures[0].StatedSigner.Subject
		a.fact("signer", signer)
		a.Answer += ", with a signature that claims to be by " + clip(signer) + " (not verified)"
	} else {
		a.fact("signed", "no")
		a.Answer += ", without an embedded signature"
	}
	a.Answer += q.lookalike(&a) + "."
	a.cite(q.citeContent("size", c.size, "SHA256", c.sha256, "ImpHash", img.ImpHash, "CompanyName", v.CompanyName, "ProductName", v.ProductName,
		"FileDescription", v.FileDescription, "OriginalFilename", v.OriginalFilename, "linked", img.LinkTime, "signatures", len(img.Signatures)))
	return a
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
		if s := q.lookalike(&a); s != "" {
			a.Answer = strings.TrimSuffix(a.Answer, ".") + s + "."
		}
		return a
	}
	a.Answer += q.lookalike(&a) + "."
	return a
}

const (
	system32 = `\Windows\System32`
	windows  = `\Windows`
)

// wellKnownPrograms are names that attackers take or imitate, with the end of the
// folder in which each belongs, or "" if that varies.
var wellKnownPrograms = map[string]string{
	"sqlservr.exe": `\Binn`, "sqlagent.exe": `\Binn`, "sqlwriter.exe": `\Shared`, "sqlbrowser.exe": `\Shared`,
	"svchost.exe": system32, "lsass.exe": system32, "csrss.exe": system32, "smss.exe": system32, "services.exe": system32,
	"winlogon.exe": system32, "wininit.exe": system32, "spoolsv.exe": system32, "conhost.exe": system32, "dllhost.exe": system32,
	"taskhostw.exe": system32, "taskhost.exe": system32, "rundll32.exe": system32, "dwm.exe": system32, "sihost.exe": system32,
	"userinit.exe": system32, "lsm.exe": system32, "msdtc.exe": system32, "ctfmon.exe": system32, "fontdrvhost.exe": system32,
	"runtimebroker.exe": system32, "searchindexer.exe": system32, "wuauclt.exe": system32, "wudfhost.exe": system32, "audiodg.exe": system32,
	"w3wp.exe": `\inetsrv`, "wmiprvse.exe": `\wbem`, "explorer.exe": windows, "mstsc.exe": system32, "vmtoolsd.exe": `\VMware Tools`,
	"msmpeng.exe": "", "chrome.exe": `\Application`, "msedge.exe": `\Application`, "firefox.exe": "", "onedrive.exe": "", "teams.exe": "",
}

// lookalike returns, in words and as facts, the well-known program whose name the
// subject has in the wrong place, or whose name it resembles. It is an observation
// about names and proves nothing.
func (q *inquiry) lookalike(a *Answer) string {
	name := strings.ToLower(winpath.Base(q.path))
	dir := winpath.Fold(winpath.Dir(q.path))
	if place, known := wellKnownPrograms[name]; known {
		fold := winpath.Fold(place)
		other := winpath.Fold(strings.Replace(place, "System32", "SysWOW64", 1))
		if place == "" || strings.HasSuffix(dir, fold) || strings.HasSuffix(dir, other) || strings.Contains(dir, `\WINDOWS\WINSXS\`) {
			return ""
		}
		a.fact("misplaced", place)
		return fmt.Sprintf("; it has the name of a program that belongs in a folder ending in %s", place)
	}
	best, distance := "", 3
	for known := range wellKnownPrograms {
		if d := editDistance(name, known); d < distance || d == distance && d < 3 && known < best {
			best, distance = known, d
		}
	}
	// Short names resemble each other by chance.
	if best == "" || len(strings.TrimSuffix(best, ".exe")) < 4*distance {
		return ""
	}
	a.fact("lookalike_of", best)
	return fmt.Sprintf("; its name is %s away from %s", count(distance, "edit", "edits"), best)
}

// editDistance is the number of letters to insert, remove, replace or swap with their
// neighbor to turn a into b; 3 means 3 or more.
func editDistance(a, b string) int {
	if len(a) > 64 || len(a)-len(b) > 2 || len(b)-len(a) > 2 {
		return 3
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return min(rows[len(a)][len(b)], 3)
}

func sayWhat(a retold) []string { return []string{a.file + " " + a.nature()} }

// nature returns the traits in an answer to What, as the end of a sentence.
func (a *Answer) nature() string {
	var traits []string
	switch {
	case a.Fact("lookalike_of") != "":
		traits = append(traits, "has a name that resembles "+a.Fact("lookalike_of"))
	case a.Fact("misplaced") != "":
		traits = append(traits, "has the name of a program that belongs in a folder ending in "+a.Fact("misplaced"))
	}
	if original := a.Fact("original_name"); original != "" {
		traits = append(traits, fmt.Sprintf("claims to be %s by %s", original, cmp.Or(a.Fact("company"), "an unnamed company")))
	}
	switch a.Fact("signed") {
	case "yes":
		traits = append(traits, "has a signature that claims to be by "+cmp.Or(a.Fact("signer"), "an unnamed signer")+" and was not verified")
	case "no":
		traits = append(traits, "has no embedded signature")
	}
	if len(traits) == 0 {
		return "has no version information"
	}
	return enumerate(traits)
}
