package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

var arrivalBITS = &rule{
	name: "arrival.bits", question: Arrival, best: Corroborated,
	finds:   "a transfer of BITS of as many bytes as the file has, which was in progress at the creation, and whose time of the file on the server is the file's time of modification",
	also:    []*source{bitsTransfer},
	traps:   []trap{{"only_size", "only the number of bytes and the time of the transfer fit"}},
	against: "another file of that size",
	apart:   "the queue of BITS, which names the file of each job",
	find:    (*inquiry).findTransfer,
}

// findTransfer finds the transfer of BITS that brought the file. BITS creates it when
// the transfer begins, and gives it the time of the file on the server at the end.
func (q *inquiry) findTransfer() []candidate {
	var list []candidate
	for _, t := range q.fittingTransfers() {
		end := q.endOf(t)
		a := candidate{Answer: Answer{Grade: Corroborated}, from: []*source{bitsTransfer, fileTimes}, claim: claim{what: "download " + hostOf(t.url)}}
		a.fact("kind", "download")
		a.fact("url", t.url)
		a.fact("address", addressOf(t.url, ""))
		a.Answer.Answer = fmt.Sprintf("BITS transferred %d bytes from %s at that time, as many as the file has", t.length, clip(t.url))
		a.other = "BITS transferred it from " + clip(t.url)
		a.cite(t.cite())
		if end != nil {
			a.cite(end.cite())
		}
		if d, ok := t.data.(*evtx.BITS59); ok && q.hasTimeOf(d) {
			a.Answer.Answer += ", and gave it the time that the server names, " + timeText(d.FileTime)
		} else {
			a.caught("only_size", "another file of %d bytes", t.length)
		}
		a.Answer.Answer += "."
		list = append(list, a)
	}
	return list
}

// hasTimeOf reports whether the file has the time that the server named.
func (q *inquiry) hasTimeOf(d *evtx.BITS59) bool {
	return q.rec != nil && !d.FileTime.IsZero() && d.FileTime.Equal(q.rec.StandardInformation.Modified)
}

// fittingTransfers returns the begins of the transfers of as many bytes as the file has
// that were in progress at its creation.
func (q *inquiry) fittingTransfers() []*transfer {
	size := q.size()
	if q.created.IsZero() || size <= 0 {
		return nil
	}
	var list []*transfer
	for i := range q.transfers {
		t := &q.transfers[i]
		if t.length != uint64(size) || t.ended || len(list) == maxListed {
			continue
		}
		end := q.endOf(t)
		if q.created.Before(t.Time.Add(-clockSkew)) || end != nil && q.created.After(end.Time.Add(clockSkew)) || end == nil && q.created.Sub(t.Time) > scriptLead {
			continue
		}
		list = append(list, t)
	}
	return list
}

// endOf returns the end of a transfer, or nil.
func (q *inquiry) endOf(begin *transfer) *transfer {
	b, ok := begin.data.(*evtx.BITS59)
	if !ok {
		return nil
	}
	for i := range q.transfers {
		if e, ok := q.transfers[i].data.(*evtx.BITS60); ok && e.TransferId == b.TransferId && e.URL == b.URL && !q.transfers[i].Time.Before(begin.Time) {
			return &q.transfers[i]
		}
	}
	return nil
}

func (t *transfer) cite() Citation { return cite(&t.Event, "url", t.url, "fileLength", t.length) }

var arrivalPackage = &rule{
	name: "arrival.package", question: Arrival, best: Inferred,
	finds:   "the package that Windows Installer installed at the creation (1040, 1042)",
	also:    []*source{msiPackage},
	against: "another program that wrote it while Windows Installer ran",
	apart:   "the list of files in the package, or a record of the write itself",
	find:    (*inquiry).findPackage,
}

// installers write the files of packages.
func isInstaller(p *process) bool {
	return p == nil || strings.HasSuffix(strings.ToLower(p.image), `\msiexec.exe`)
}

func (q *inquiry) findPackage() []candidate {
	if q.created.IsZero() || !isInstaller(q.writer) {
		return nil
	}
	var begin *packaging
	for i := range q.packages {
		p := &q.packages[i]
		switch {
		case p.name == "":
		case !p.ended && !p.Time.After(q.created):
			begin = p
		case p.ended && begin != nil && p.name == begin.name && p.Time.Before(q.created):
			begin = nil
		}
	}
	if begin == nil || q.created.Sub(begin.Time) > maxTaken {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}}
	if isPath(begin.name) {
		a.fact("kind", "extracted")
		if m := q.markOf(begin.name); m != nil && m.data.ZoneID >= 3 {
			a.Answer.Answer = fmt.Sprintf("Windows Installer was installing %s when it was created", clip(begin.name))
			q.nameMark(&a, m)
			a.Answer.Answer += "."
		}
		a.fact("via", begin.name)
	} else {
		a.fact("kind", "download")
		a.fact("url", begin.name)
		a.fact("address", addressOf(begin.name, ""))
		a.claim = claim{what: "download " + hostOf(begin.name)}
	}
	if a.Answer.Answer == "" {
		a.Answer.Answer = fmt.Sprintf("Windows Installer was installing %s when it was created.", clip(begin.name))
	}
	a.other = "it is part of the package " + clip(begin.name)
	a.rival("another program that wrote it while Windows Installer ran")
	a.cite(cite(&begin.Event, "package", begin.name, "client PID", winid.Undash(begin.client)))
	return []candidate{a}
}
