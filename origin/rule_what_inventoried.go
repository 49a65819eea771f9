package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/registry"
)

var whatInventoried = &rule{
	name: "what.inventoried", question: What, best: Inferred,
	finds:   "the SHA-1 that the Amcache has of that path, if the content is gone",
	also:    []*source{amcacheFiles},
	traps:   []trap{{"only_beginning", "the file is larger than what the SHA-1 is of"}},
	against: "another file that had this path at that time",
	apart:   "the content, or its hash in another record",
	find:    (*inquiry).findInventoried,
}

// findInventoried finds what the Amcache has of the path, last written first.
func (q *inquiry) findInventoried() []candidate {
	if q.content != nil {
		return nil
	}
	for i := len(q.presences) - 1; i >= 0; i-- {
		e := &q.presences[i]
		d, ok := e.Data.(*registry.AmcacheFile)
		if !ok || d.SHA1 == "" || !q.isSubject(e.Path) || q.before(e.Time) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: d.SHA1}}
		a.Answer.Answer = fmt.Sprintf("Its content cannot be read; Windows took stock of it on %s, with the SHA-1 %s", timeText(e.Time), d.SHA1)
		if d.Size > registry.AmcacheHashed {
			a.caught("only_beginning", "another file with the same first %d bytes", registry.AmcacheHashed)
			a.Answer.Answer += fmt.Sprintf(" of its first %d bytes", registry.AmcacheHashed)
		} else {
			a.fact("sha1", d.SHA1)
		}
		if d.Publisher != "" {
			a.Answer.Answer += ", from " + clip(d.Publisher)
		}
		a.Answer.Answer += "."
		a.other = "the hash in the Amcache"
		a.cite(cite(e, "path", d.Path, "sha1", d.SHA1, "size", d.Size, "linked", stampOrNothing(d.Linked), "publisher", d.Publisher, "product", d.Product, "version", d.Version))
		return []candidate{a}
	}
	return nil
}
