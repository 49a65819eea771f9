package origin

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// maxShort limits how many paths are looked up: an 8.3 path may cost a walk through the
// $MFT.
const maxShort = 64

// drivePrefix is the beginning of paths on a volume, before the first backslash.
func drivePrefix(drive string) string {
	if drive == "" {
		return ""
	}
	return drive + ":"
}

// errFolder reports that the subject is not a file.
var errFolder = errors.New("is a folder, not a file")

// subject is the file under investigation, and what is needed to recognize it in
// records.
type subject struct {
	on     *volumes // nil in tests without a volume
	letter string   // of its volume
	path   string   // as Windows writes it
	name   string   // in the file system of its volume

	rec     *mft.Record // nil if no $MFT records it
	present bool        // its content can be opened
	content *content    // nil if it cannot be read
	from    recovered   // where it was read, if the file was deleted
	unread  error       // why it cannot be read; nil if the file is gone
	owner   string      // SID; "" if unknown
	fileAt  time.Time   // creation of a file that is in no $MFT

	// local returns a path by way of the machine's own shares as one on its volume; nil
	// until the names of the machine are known.
	local func(string) string

	names  []string        // folded names of the file; nil until named needs them
	appIDs []string        // of jump lists; nil until asked for
	short  map[string]bool // 8.3 paths that were looked up: whether each is the subject's
}

// newSubject finds the file of a path, or of an entry of the $MFT with its sequence number,
// as in 68-2, and reads it, if it is on the volume.
func newSubject(ctx context.Context, on *volumes, letter, path string) (*subject, error) {
	s := &subject{on: on, letter: letter, path: absolute(letter, path), short: map[string]bool{}}
	if rec := on.entry(path); rec != nil {
		s.rec, s.path = rec, winpath.Windows(letter, on.MFT().Path(rec).String())
	}
	folder, onVolume := strings.CutPrefix(s.path, drivePrefix(letter))
	if onVolume && strings.HasPrefix(folder, `\`) {
		return s, s.identify(ctx)
	}
	return s, nil
}

// absolute returns the path of a file on the volume as Windows writes it.
func absolute(drive, path string) string {
	p := winpath.Normalize(drive, path)
	if len(p) >= 3 && p[1] == ':' && p[2] == '\\' {
		return p
	}
	return winpath.Windows(drive, strings.TrimLeft(strings.ReplaceAll(p, `\`, "/"), "/"))
}

// identify finds the file and reads it.
func (s *subject) identify(ctx context.Context) error {
	byEntry := s.rec != nil
	if !byEntry {
		s.rec = s.on.record(s.path)
	}
	if name, ok := timeline.FindFile(s.on.vol, s.path); ok && (!byEntry || s.rec.InUse()) {
		s.name, s.present = name, true
		if info, err := fs.Stat(s.on.vol, name); err == nil {
			if info.IsDir() {
				return &fs.PathError{Op: "investigate", Path: s.path, Err: errFolder}
			}
			if b, ok := info.(interface{ BirthTime() time.Time }); ok {
				s.fileAt = b.BirthTime()
			}
		}
		// If the content cannot be read the answer to What does without it.
		c, err := readContent(ctx, s.on.vol, name)
		if err == nil {
			s.content = c
		} else {
			s.unread = err
		}
		s.path = winpath.Windows(s.letter, name)
	}
	if !byEntry {
		s.path = s.longPath()
	}
	if !s.present && s.rec != nil && !s.rec.InUse() && !s.rec.IsDir() {
		c, where, err := readDeleted(ctx, s.on.vol, s.rec)
		if err == nil {
			s.content, s.from = c, where
		} else {
			s.unread = err
		}
	}
	s.owner = s.on.ownerOf(s.rec, s.name)
	return nil
}

// longPath returns the path of the file with long names, if it is one with short names (8.3).
func (s *subject) longPath() string {
	if s.rec == nil || !strings.Contains(s.path, "~") {
		return s.path
	}
	slashed := strings.ReplaceAll(strings.TrimPrefix(s.path, drivePrefix(s.letter)+`\`), `\`, "/")
	fn, ok := s.on.MFT().NameAt(s.rec, slashed)
	if !ok {
		return s.path
	}
	return winpath.Windows(s.letter, s.on.MFT().PathOf(s.rec, &fn).String())
}

// isSubject reports whether a path in a record is that of the subject. An 8.3 name is
// looked up on the volume, also that of a deleted file, and so is a path that leads over
// junctions.
func (s *subject) isSubject(path string) bool {
	p := winpath.Normalize(s.letter, path)
	if strings.HasPrefix(p, `\\`) && s.local != nil {
		p = s.local(p)
	}
	if winpath.Same(p, s.path) {
		return true
	}
	if s.rec == nil || !strings.HasPrefix(p, drivePrefix(s.letter)+`\`) || !s.hasName(winpath.Base(p)) {
		return false
	}
	is, known := s.short[p]
	if !known && len(s.short) < maxShort {
		if strings.Contains(p, "~") { // of several files that had a short name in turn it is one, as record says
			rec := s.on.record(p)
			is = rec != nil && rec.Ref == s.rec.Ref
		} else if s.present {
			is = winpath.Same(s.on.followed(strings.TrimPrefix(p, drivePrefix(s.letter)+`\`), s.letter), s.path)
		}
		s.short[p] = is
	}
	return is
}

// hasName reports whether a name is one of the subject's, long or short.
func (s *subject) hasName(name string) bool {
	return slices.ContainsFunc(s.rec.FileNames, func(fn mft.FileName) bool { return winpath.Same(fn.Name, name) })
}

// mayBeIn is named for a text that may leave the extension of a program out.
func (s *subject) mayBeIn(text string) bool {
	if s.named(text) {
		return true
	}
	stem, isProgram := strings.CutSuffix(winpath.Fold(winpath.Base(s.path)), ".EXE")
	return isProgram && strings.Contains(winpath.Fold(text), stem)
}

// named reports whether a text may name the subject: it holds the name of the file,
// long or short. What does not, isSubject and namesFile reject too.
func (s *subject) named(text string) bool {
	if s == nil {
		return true
	}
	if s.names == nil {
		s.names = []string{winpath.Fold(winpath.Base(s.path))}
		if s.rec != nil {
			for _, fn := range s.rec.FileNames {
				s.names = append(s.names, winpath.Fold(fn.Name))
			}
		}
	}
	text = winpath.Fold(text)
	return slices.ContainsFunc(s.names, func(name string) bool { return strings.Contains(text, name) })
}

// hasAppID reports whether the subject's path has an AppID.
func (s *subject) hasAppID(id string) bool {
	if s.appIDs == nil {
		s.appIDs = jumplist.AppIDs(s.path)
	}
	return slices.Contains(s.appIDs, id)
}

// streamOwner returns the path of the file whose stream a path names.
func streamOwner(path string) string {
	file, _ := winpath.CutStream(path)
	return file
}

// isTracked reports whether a link has the object identifier of the file.
func (s *subject) isTracked(o *timeline.Opening) bool {
	return s.rec != nil && !s.rec.ObjectID.IsZero() && droidOf(o).File == s.rec.ObjectID
}

// droidOf returns the identifiers that the tracker of links has in a link or an entry of a jump
// list.
func droidOf(o *timeline.Opening) lnk.Droid {
	if o.Link != nil && !o.Link.Droid.IsZero() {
		return o.Link.Droid
	}
	if o.Entry != nil {
		return o.Entry.Droid
	}
	return lnk.Droid{}
}
