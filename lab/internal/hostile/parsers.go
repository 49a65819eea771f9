package hostile

import (
	"maps"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// Parsers returns our parsers by the name of their format: Image, Recovered, and those
// of package records, each of which then also calls the other functions of its package.
func Parsers() map[string]child.Parser {
	p := maps.Clone(records.Parsers())
	for format, more := range map[string]func(path string){
		"evtx": moreEVTX, "mft": moreMFT, "ntfs": moreNTFS, "registry": moreRegistry, "weblog": moreWebLog,
	} {
		parse := p[format]
		p[format] = func(path string, emit func(child.Record)) (int, error) {
			problems, err := parse(path, emit)
			if err == nil {
				more(path)
			}
			return problems, err
		}
	}
	p["image"], p["archive"] = Image, Image
	p["recovered"] = Recovered
	p["taskcache"] = TaskCache
	p["cim"] = CIM
	p["hivelogs"], p["regtext"] = HiveLogs, RegText
	maps.Copy(p, containerParsers)
	return p
}

// moreEVTX reads a log with several workers.
func moreEVTX(path string) {
	r, err := evtx.Open(path, evtx.WithWorkers(2))
	if err != nil {
		return
	}
	defer r.Close()
	for range evtx.MapChunks(r, func(c *evtx.Chunk) (text []byte) {
		for rec, err := range c.Records() {
			if err == nil {
				text, _ = rec.AppendJSON(text[:0])
			}
		}
		return text
	}) {
	}
}

func moreMFT(path string) {
	r, err := mft.Open(path)
	if err != nil {
		return
	}
	defer r.Close()
	moreRecords(r)
}

func moreNTFS(path string) {
	v, err := mft.OpenVolume(path)
	if err != nil {
		return
	}
	defer v.Close()
	if root, err := v.MFT().Record(mft.EntryRoot); err == nil {
		for range v.IndexNames(root) {
		}
	}
	for range v.ObjectIDs() {
	}
	for rec := range moreRecords(v.MFT()) {
		for _, s := range rec.Streams {
			if s.Name == "Zone.Identifier" && s.Resident {
				mft.ParseZoneIdentifier(s.Value)
			}
		}
	}
}

// moreRecords scores the times of all records and returns those that have several
// streams.
func moreRecords(r *mft.Reader) map[*mft.Record]bool {
	marked := map[*mft.Record]bool{}
	order, _ := r.Chronology()
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		r.TimestompWith(rec, mft.TimestompEvidence{Chronology: order})
		rec.ReparseTarget()
		if len(rec.Streams) > 1 && len(marked) < 1000 {
			marked[rec] = true
		}
	}
	return marked
}

// moreWebLog reads requests again by their place.
func moreWebLog(path string) {
	r, err := weblog.Open(path)
	if err != nil {
		return
	}
	defer r.Close()
	c := r.Cursor()
	asked := 0
	for req, err := range r.Requests() {
		if err != nil {
			continue
		}
		c.Request(req.Place())
		if asked++; asked <= 100 {
			for range r.From(req.Place()) {
				break
			}
		}
	}
}
