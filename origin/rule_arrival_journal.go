package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var arrivalJournal = &rule{
	name: "arrival.journal", question: Arrival, best: Inferred,
	finds:   "a name or folder that the file had first, according to the change journal or the transaction log, and that programs use for what they download or extract",
	also:    []*source{changeJournal, logFile},
	against: "a program that chose such a name itself",
	apart:   "a record of the transfer or of the extraction, by the program that made it",
	find:    (*inquiry).findFirstUse,
}

// A firstName is what a program names a file until it is complete.
type firstName struct {
	begins, ends string // of the name, in lower case; either may be empty
	by           string
}

// firstNames are those of downloads.
var firstNames = [...]firstName{
	{"", ".crdownload", "Chrome, Edge and others based on Chromium"},
	{"", ".part", "Firefox"},
	{"", ".partial", "Internet Explorer and the first Edge"},
	{"", ".opdownload", "Opera"},
	{"bit", ".tmp", "BITS"},
}

// A firstFolder is how a program names the folder that it extracts a file to.
type firstFolder struct {
	begins string // in lower case
	ends   string // of the name of the archive, which follows; "" if it does not
	by     string
}

// firstFolders are those of programs for archives, in a folder for temporary files.
var firstFolders = [...]firstFolder{
	{"temp1_", ".zip", "the Explorer"},
	{"rar$", "", "WinRAR"},
	{"7zo", "", "7-Zip"},
	{"7ze", "", "7-Zip"},
}

// findFirstUse looks at the first path of the file.
func (q *inquiry) findFirstUse() []candidate {
	places, _, from := q.formerPlaces()
	var list []candidate
	for i := range places {
		p := &places[i]
		if winpath.Same(p.path, q.path) {
			continue // its present path is not one that it had before
		}
		a := candidate{Answer: Answer{Grade: Inferred}, from: []*source{from}}
		name, folder := strings.ToLower(winpath.Base(p.path)), winpath.Base(winpath.Dir(p.path))
		switch first, in := downloadName(name), extractionFolder(folder); {
		case first != nil:
			a.fact("kind", "download")
			a.claim = claim{what: "download"}
			a.Answer.Answer = fmt.Sprintf("It had the name %s first, as %s names a download that is not complete.", winpath.Base(p.path), first.by)
		case in != nil:
			a.fact("kind", "extracted")
			a.claim = claim{what: "extracted"}
			a.Answer.Answer = fmt.Sprintf("It was in the folder %s first, as %s names one for what it extracts", folder, in.by)
			if in.ends != "" {
				a.Answer.Answer += " from " + folder[len(in.begins):]
			}
			a.Answer.Answer += "."
		default:
			continue
		}
		a.cite(p.cited)
		list = append(list, a)
		break
	}
	return list
}

// downloadName returns what names a download so, or nil.
func downloadName(name string) *firstName {
	for i := range firstNames {
		n := &firstNames[i]
		if rest, ok := strings.CutPrefix(name, n.begins); ok && strings.HasSuffix(rest, n.ends) && (n.begins == "" || isHexDigits(strings.TrimSuffix(rest, n.ends))) {
			return n
		}
	}
	return nil
}

// isHexDigits reports whether a text is a hexadecimal number.
func isHexDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789abcdef") == ""
}

// extractionFolder returns what names a folder so, or nil.
func extractionFolder(folder string) *firstFolder {
	folder = strings.ToLower(folder)
	for i := range firstFolders {
		f := &firstFolders[i]
		if rest, ok := strings.CutPrefix(folder, f.begins); ok && rest != "" && strings.HasSuffix(rest, f.ends) {
			return f
		}
	}
	return nil
}
