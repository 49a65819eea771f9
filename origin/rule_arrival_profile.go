package origin

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/cryptnet"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// The files of a profile that record what its account fetched, below the profile.
const (
	cryptnetFolder = "AppData/LocalLow/Microsoft/CryptnetUrlCache"
	historyFile    = "AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt"
)

// profilesIn are the folders that hold profiles, and the profile of the system.
var profilesIn = [...]string{"Users/*", "Documents and Settings/*", "Windows/System32/config/systemprofile", "Windows/ServiceProfiles/*"}

const (
	maxCached  = 1 << 12  // files of a cache that are read
	maxHistory = 16 << 20 // bytes of a history that are read
)

// profiles returns the folders of profiles on the subject's volume.
func (q *inquiry) profiles() []string {
	var list []string
	if q.tl == nil || q.tl.vol == nil {
		return nil
	}
	for _, pattern := range profilesIn {
		parent, all := strings.CutSuffix(pattern, "/*")
		dir, ok := timeline.FindFile(q.tl.vol, parent)
		switch {
		case !ok:
		case !all:
			list = append(list, dir)
		default:
			entries, _ := fs.ReadDir(q.tl.vol, dir)
			for _, e := range entries {
				if e.IsDir() && len(list) < maxProfiles {
					list = append(list, path.Join(dir, e.Name()))
				}
			}
		}
	}
	return list
}

// readSmall returns the content of a file of the subject's volume up to a size.
func (q *inquiry) readSmall(name string, most int64) ([]byte, error) {
	f, err := q.tl.vol.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

var arrivalCryptnet = &rule{
	name: "arrival.cryptnet", question: Arrival, best: Corroborated,
	finds:   "an address in a CryptnetUrlCache, as certutil -urlcache leaves it, whose content is that of the file",
	also:    []*source{cryptnetCache},
	traps:   []trap{{"only_size", "the content in the cache is gone: only its size and the time of the download fit"}},
	against: "another address with the same content",
	apart:   "the command line of the writer, or a proxy's log",
	find:    (*inquiry).findCryptnet,
}

// findCryptnet finds the file in the caches of the accounts.
func (q *inquiry) findCryptnet() []candidate {
	size := q.size()
	if size <= 0 {
		return nil
	}
	var list []candidate
	for _, profile := range q.profiles() {
		dir, ok := timeline.FindFile(q.tl.vol, path.Join(profile, cryptnetFolder, "MetaData"))
		if !ok {
			continue
		}
		entries, _ := fs.ReadDir(q.tl.vol, dir)
		for _, f := range entries[:min(len(entries), maxCached)] {
			data, err := q.readSmall(path.Join(dir, f.Name()), cryptnet.MaxSize)
			if err != nil {
				continue
			}
			e, err := cryptnet.Parse(data)
			if err != nil || int64(e.Size) != size || len(list) == maxListed {
				continue
			}
			a := candidate{Answer: Answer{Grade: Corroborated}, claim: claim{what: "download " + hostOf(e.URL)}}
			switch held, same := q.cached(path.Join(path.Dir(dir), "Content", f.Name())); {
			case held && !same, !held && (q.created.IsZero() || e.Downloaded.Sub(q.created).Abs() > scriptLead):
				continue
			case !held:
				a.caught("only_size", "another file of %d bytes", size)
			}
			a.fact("kind", "download")
			a.fact("url", e.URL)
			a.fact("address", addressOf(e.URL, ""))
			a.Answer.Answer = fmt.Sprintf("The CryptnetUrlCache of %s has it from %s, last fetched on %s.", path.Base(profile), clip(e.URL), timeText(e.Downloaded))
			a.other = "the CryptnetUrlCache has it from " + clip(e.URL)
			a.cite(Citation{Artifact: path.Join(dir, f.Name()), Offset: 0, Time: e.Downloaded, Text: values("URL", e.URL, "size", e.Size)})
			list = append(list, a)
		}
	}
	return list
}

// cached reports whether the content of an entry is there, and whether it is that of
// the subject.
func (q *inquiry) cached(name string) (held, same bool) {
	name, ok := timeline.FindFile(q.tl.vol, name)
	if !ok || q.content == nil {
		return false, false
	}
	c, err := readContent(q.ctx, q.tl.vol, name)
	return err == nil, err == nil && c.sha256 == q.content.sha256
}

var arrivalHistory = &rule{
	name: "arrival.history", question: Arrival, best: Inferred,
	finds:   "a line in the history of PowerShell of an account that writes the file, and the source that it takes",
	also:    []*source{shellHistory},
	traps:   []trap{{"undated", "a line of the history has no time: it may be older than the file"}},
	against: "another file that had this path before",
	apart:   "the script in event 4104, or the record of the process",
	find:    (*inquiry).findHistory,
}

// findHistory finds the lines of histories that write the subject. The history is
// written with each line, so one that is older than the subject has none about it.
func (q *inquiry) findHistory() []candidate {
	var list []candidate
	for _, profile := range q.profiles() {
		name, ok := timeline.FindFile(q.tl.vol, path.Join(profile, historyFile))
		if !ok {
			continue
		}
		written := q.writtenAt(name)
		data, err := q.readSmall(name, maxHistory)
		if err != nil || q.before(written) && !written.IsZero() {
			continue
		}
		offset := int64(0)
		for line := range strings.Lines(string(data)) {
			at := offset
			offset += int64(len(line))
			line = strings.TrimSpace(line)
			if len(list) == maxListed || len(line) > maxLine || !q.named(line) {
				continue
			}
			uses := command.ReadScript(line)
			if from := command.Sources(uses); len(from) > 0 && q.writesIt(uses) {
				list = append(list, q.fromHistory(line, from[0], profile, Citation{Artifact: name, Offset: at, Time: written, Text: clip(line)}))
			}
		}
	}
	return list
}

// fromHistory makes a candidate of a line.
func (q *inquiry) fromHistory(line, from, profile string, record Citation) candidate {
	a := candidate{Answer: Answer{Grade: Inferred}}
	who := path.Base(profile)
	a.Answer.Answer = fmt.Sprintf("The history of PowerShell of %s has a line that writes it and takes %s as the source: %s.", who, clip(from), clip(line))
	a.other = fmt.Sprintf("a line in the history of %s takes it from %s", who, clip(from))
	if isPath(from) {
		a.fact("kind", q.kindOfCopy(from))
		a.fact("via", winpath.Normalize(q.drive, from))
		a.claim = claim{what: "copied " + winpath.Fold(from)}
	} else {
		a.fact("kind", "download")
		a.fact("url", from)
		a.fact("address", addressOf(withScheme(from), ""))
		a.claim = claim{what: "download " + hostOf(withScheme(from))}
	}
	a.caught("undated", "another file that had this path before")
	a.cite(record)
	return a
}

// writtenAt returns the time at which a file of the subject's volume was last written,
// or zero if it is unknown.
func (q *inquiry) writtenAt(name string) time.Time {
	info, err := fs.Stat(q.tl.vol, name)
	if err != nil {
		return time.Time{}
	}
	return info.ModTime()
}
