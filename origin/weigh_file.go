package origin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pe"
)

// findContentReplaced finds who wrote to the file after its creation.
func (q *inquiry) findContentReplaced() []clash {
	if q.creation == nil {
		return nil
	}
	later := replacements(q.writes(), q.creation)
	if len(later) == 0 {
		return nil
	}
	evidence := q.citeCreation()
	for _, w := range later {
		evidence = append(evidence, citeWrite(w))
	}
	last := later[len(later)-1]
	return []clash{clashing(evidence, "%s wrote to the file on %s, after %s had created it: the present content may not be the original.",
		named(last.data.Image, last.data.ProcessId), timeText(last.Time), named(q.creation.data.Image, q.creation.data.ProcessId))}
}

func (q *inquiry) findHashDiffers() []clash {
	if q.content == nil {
		return nil
	}
	type logged struct {
		hashes string
		record Citation
	}
	var all []logged
	for _, p := range q.runs {
		if p.sysmon != nil {
			all = append(all, logged{p.sysmon.data.Hashes, cite(&p.sysmon.Event, "Image", p.sysmon.data.Image, "Hashes", p.sysmon.data.Hashes)})
		}
	}
	for i := range q.streams {
		if s := &q.streams[i]; winpath.Same(winpath.Normalize(q.drive, s.data.TargetFilename), q.path) || q.isSubject(streamOwner(s.data.TargetFilename)) && strings.HasSuffix(winpath.Fold(s.data.TargetFilename), winpath.Fold(winpath.Base(q.path))) {
			all = append(all, logged{s.data.Hash, cite(&s.Event, "TargetFilename", s.data.TargetFilename, "Hash", s.data.Hash)})
		}
	}
	var evidence []Citation
	var said []string
	for _, l := range all {
		for _, algorithm := range [...]string{"SHA256", "SHA1", "MD5", "IMPHASH"} {
			want, have := evtx.HashOf(l.hashes, algorithm), q.content.hash(algorithm)
			if want == "" || have == "" || strings.Trim(want, "0") == "" || strings.EqualFold(want, have) {
				continue
			}
			if s := algorithm + " " + clip(want) + " was logged, the file has " + have; !slices.Contains(said, s) && len(said) < maxListed {
				said = append(said, s)
			}
			if !slices.ContainsFunc(evidence, l.record.same) && len(evidence) < maxListed {
				evidence = append(evidence, l.record)
			}
		}
	}
	if len(said) == 0 {
		return nil
	}
	evidence = append(evidence, q.citeContent("SHA256", q.content.sha256, "SHA1", q.content.sha1, "MD5", q.content.md5, "ImpHash", q.content.hash("IMPHASH")))
	return []clash{clashing(evidence, "The file does not have the content that was logged: %s.", strings.Join(said, "; "))}
}

// signatureBroken reports whether the subject names a signer of other bytes than its
// own.
func (q *inquiry) signatureBroken() bool {
	if q.content == nil || q.content.image == nil || !q.content.image.Signed() {
		return false
	}
	state := q.content.image.SignatureState()
	return state == pe.Tampered || state == pe.Uncovered
}

func (q *inquiry) findSignatureBroken() []clash {
	if !q.signatureBroken() {
		return nil
	}
	img := q.content.image
	how := "is not of this content"
	if img.SignatureState() == pe.Uncovered {
		how = "does not cover all that the loader maps"
	}
	return []clash{clashing(q.citeProblems(img), "The signature that claims to be by %s %s: %s.",
		cmp.Or(img.Signatures[0].StatedSigner.Subject, "an unnamed signer"), how, sayProblems(img))}
}

// findImageUnusual says what a parser finds in an executable, unless it is said of the
// signature.
func (q *inquiry) findImageUnusual() []clash {
	if q.content == nil || q.content.image == nil || q.signatureBroken() {
		return nil
	}
	found := sayProblems(q.content.image)
	if found == "" {
		return nil
	}
	c := clashing(q.citeProblems(q.content.image), "The executable is damaged or unusual: %s.", found)
	c.mild = true
	return []clash{c}
}

// sayProblems lists what is damaged or unusual in an executable.
func sayProblems(img *pe.Reader) string {
	var list []string
	for _, p := range problems(img) {
		list = append(list, p.Error())
	}
	return strings.Join(firstOf(list), "; ")
}

// citeProblems cites the places of what is damaged or unusual in the subject.
func (q *inquiry) citeProblems(img *pe.Reader) []Citation {
	var list []Citation
	for _, p := range problems(img) {
		c := q.citeContent(p.What, cmp.Or(p.Got, p.Error()))
		c.Offset, c.Time = p.Offset, time.Time{}
		if list = append(list, c); len(list) == maxListed {
			break
		}
	}
	return list
}

// findMarkRemoved looks for a mark of the web that was logged and is gone.
func (q *inquiry) findMarkRemoved() []clash {
	if !q.present || q.markOf(q.path) != nil || !q.canHoldStreams() {
		return nil
	}
	s, _ := q.markSeen()
	if s == nil {
		return nil
	}
	return []clash{clashing([]Citation{citeStream(s)}, "A mark of the web was logged on %s, but the file no longer has one: it was removed.", timeText(s.Time))}
}

func (q *inquiry) findOwnerNotWriter() []clash {
	if q.writer == nil || q.owner == "" || q.creation == nil {
		return nil
	}
	sid, record, named := q.sidOfProcess(q.writer)
	// The group Administrators may own what its members create.
	if !named || sid == q.owner || q.owner == administrators {
		return nil
	}
	evidence := append([]Citation{q.citeOwner()}, q.writer.cite()...)
	if record.Artifact != "" {
		evidence = append(evidence, record)
	}
	return []clash{clashing(evidence, "The owner of the file is %s, but the writer ran as %s: the owner was changed, or the writer acted for another account.", q.accounts.described(q.owner), q.accounts.described(sid))}
}
