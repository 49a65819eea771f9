package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// saved is a row about a file that was extracted.
type saved struct {
	path, stream  string
	ref           mft.Ref // zero if no $MFT records the file
	deleted       bool
	size          uint64
	md5, sha1     string
	sha256        string
	extents, name string // name is the file below the folder of -to
	source        string
}

func (r *saved) fields(e emitter) {
	e.text("Path", r.path)
	e.text("Stream", r.stream)
	e.number("EntryNumber", r.ref.Entry)
	e.number("SequenceNumber", uint64(r.ref.Seq))
	e.truth("Deleted", r.deleted)
	e.number("FileSize", r.size)
	e.word("MD5", r.md5)
	e.word("SHA1", r.sha1)
	e.word("SHA256", r.sha256)
	e.word("Extents", r.extents)
	e.text("SavedAs", r.name)
	e.text("SourceFile", r.source)
}

// extraction writes files of evidence into a folder.
type extraction struct {
	*cli.Program
	ev      *evidence.Evidence
	sources []*source
	folder  *os.Root
	row     func(*saved) []byte
	count   int
}

// extract writes the content of the files that the list names into a folder, and a row for
// each.
func extract(p *cli.Program, list []string, to, format string) error {
	x := &extraction{Program: p}
	var first string
	switch format {
	case "csv":
		var c csvWriter
		var h header
		(&saved{}).fields(&h)
		first = strings.Join(h, ",") + "\n"
		x.row = func(r *saved) []byte {
			c.line = c.line[:0]
			r.fields(&c)
			c.line[len(c.line)-1] = '\n'
			return c.line
		}
	case "jsonl":
		var j jsonWriter
		x.row = func(r *saved) []byte {
			j.line, j.first = append(j.line[:0], '{'), true
			r.fields(&j)
			return append(j.line, "}\n"...)
		}
	default:
		return cli.Usagef("-extract with format %q: want csv or jsonl", format)
	}
	if to == "" {
		return cli.Usagef("-extract: want the folder for the files, as -to FOLDER")
	}
	if err := p.SparesEvidence("-to", to); err != nil {
		return err
	}
	var err error
	if x.ev, err = input.OpenQuietly(p, p.Arg(0)); err != nil {
		return err
	}
	defer x.ev.Close()
	if x.sources, err = find(p, x.ev, 0); err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	if x.folder, err = os.OpenRoot(to); err != nil {
		return err
	}
	defer x.folder.Close()
	if _, err := io.WriteString(p.Out, first); err != nil {
		return err
	}
	var failed error
	for _, what := range list {
		failed = errors.Join(failed, x.what(what))
	}
	if x.count == 0 {
		return failed
	}
	if failed != nil {
		p.Problem(failed)
	}
	return nil
}

// what extracts the files that an argument names.
func (x *extraction) what(what string) error {
	plain := winpath.Unquote(what)
	if v, name, err := x.ev.Resolve(plain); err == nil {
		file, stream := name, ""
		if _, named := winpath.CutStream(plain); named != "" {
			file, stream = winpath.CutStream(name)
		}
		return x.file(evidence.Match{Volume: v, Name: file}, stream)
	}
	file, stream := winpath.CutStream(plain)
	if entry, ok := entryOf(file); ok {
		return x.entry(what, entry, stream)
	}
	s, err := x.ev.Find(context.Background(), file)
	if err != nil {
		return err
	}
	if s.Count == 0 {
		for _, problem := range s.Problems {
			x.Problem(problem)
		}
		_, err := x.ev.Locate(context.Background(), file)
		return err
	}
	if more := s.Count - len(s.Matches); more > 0 {
		x.Problem(fmt.Sprintf("%s: %d files match, of which %d are left out", what, s.Count, more))
	}
	var failed error
	several := len(s.Matches) > 1 && stream != ""
	for _, m := range s.Matches {
		if err := x.file(m, stream); err != nil && !(several && errors.Is(err, fs.ErrNotExist)) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// entry extracts the file of every $MFT that has an entry. A sequence number of 0 means any.
func (x *extraction) entry(what string, ref mft.Ref, stream string) error {
	var failed error
	found := false
	for _, s := range x.sources {
		rec, err := s.mft.Record(ref.Entry)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("%s: %w", s.name, err))
			continue
		case ref.Seq != 0 && rec.Seq != ref.Seq:
			failed = errors.Join(failed, fmt.Errorf("%s: entry %d has the sequence number %d, not %d: it belongs to another file", s.name, ref.Entry, rec.Seq, ref.Seq))
			continue
		}
		found = true
		failed = errors.Join(failed, x.record(s, rec, s.mft.Path(rec).String(), stream))
	}
	if !found && failed == nil {
		return fmt.Errorf("%s: no $MFT has that entry", what)
	}
	return failed
}

// file extracts a stream of a file that Find found.
func (x *extraction) file(m evidence.Match, stream string) error {
	for _, s := range x.sources {
		if s.vol != m.Volume {
			continue
		}
		if rec := recordOf(s, m); rec != nil {
			return x.record(s, rec, m.Name, stream)
		}
	}
	return x.collected(m.Volume, mft.Ref{}, m.Name, stream)
}

// recordOf returns the record of a file, or nil.
func recordOf(s *source, m evidence.Match) *mft.Record {
	if m.Absent {
		if rec, err := s.mft.Record(m.Ref.Entry); err == nil && rec.Ref == m.Ref {
			return rec
		}
		return nil
	}
	if info, err := fs.Stat(m.Volume.FS, m.Name); err == nil {
		if rec, ok := info.Sys().(*mft.Record); ok {
			return rec
		}
	}
	return nil
}

// record extracts a stream of a file that the $MFT records.
func (x *extraction) record(s *source, rec *mft.Record, name, stream string) error {
	path := s.vol.WindowsPath(name)
	switch r, ok := rec.Stream(stream); {
	case rec.IsDir() && stream == "":
		return isFolder(path)
	case !ok && stream == "":
		return fmt.Errorf("%s: entry %v has no content: %w", path, rec.Ref, fs.ErrNotExist)
	case !ok:
		return fmt.Errorf("%s: entry %v has no stream %s: %w", path, rec.Ref, stream, fs.ErrNotExist)
	case s.volume == nil && !r.Resident:
		if rec.InUse() {
			if err := x.collected(s.vol, rec.Ref, name, stream); !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return fmt.Errorf("%s: entry %v: %w", path, rec.Ref, mft.ErrNoVolume)
	case s.volume == nil:
		return x.save(s.vol, saved{path: path, stream: r.Name, ref: rec.Ref, deleted: !rec.InUse(), extents: "resident"},
			name, bytes.NewReader(r.Value))
	default:
		content, err := s.volume.OpenStream(rec, stream)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if limit := 4*s.vol.Size + 64<<20; content.Size() > limit {
			return fmt.Errorf("%s: the record claims %d bytes, more than four times the size of the volume: not extracted", path, content.Size())
		}
		extents, err := extentsOf(s.volume, rec, r)
		if err != nil {
			x.Problem(fmt.Errorf("%s: the state of the clusters is unknown: %w", path, err))
		}
		return x.save(s.vol, saved{path: path, stream: r.Name, ref: rec.Ref, deleted: !rec.InUse(), extents: extents},
			name, io.NewSectionReader(content, 0, content.Size()))
	}
}

// collected extracts a file that is in the evidence without its record.
func (x *extraction) collected(v *evidence.Volume, ref mft.Ref, name, stream string) error {
	full := name
	if stream != "" {
		full += ":" + stream
	}
	f, err := v.FS.Open(full)
	if err != nil {
		return fmt.Errorf("%s: %w", v.WindowsPath(full), err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return fmt.Errorf("%s: %w", v.WindowsPath(full), err)
	}
	if st.IsDir() {
		return isFolder(v.WindowsPath(name))
	}
	return x.save(v, saved{path: v.WindowsPath(name), stream: stream, ref: ref}, name, f)
}

func isFolder(path string) error {
	return fmt.Errorf(`%s is a folder: name its files, as in %s\*`, path, strings.TrimSuffix(path, `\`))
}

// save writes content to a new file and prints the row. A file that cannot be read to its
// end is removed again.
func (x *extraction) save(v *evidence.Volume, r saved, name string, content io.Reader) (err error) {
	r.name = safePath(v, name, r.stream, r.ref, r.deleted)
	r.source = x.Arg(0)
	x.Progress("extracting %s", r.path)
	if i := strings.LastIndexByte(r.name, '/'); i > 0 {
		if err := x.folder.MkdirAll(r.name[:i], 0o700); err != nil {
			return fmt.Errorf("%s: %w", r.path, err)
		}
	}
	f, err := x.folder.OpenFile(r.name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	sum5, sum1, sum256 := md5.New(), sha1.New(), sha256.New()
	out := &sparseWriter{file: f}
	_, err = io.CopyBuffer(io.MultiWriter(sum5, sum1, sum256, out), struct{ io.Reader }{content}, make([]byte, 1<<20))
	if err = errors.Join(err, out.end(), f.Close()); err != nil {
		return errors.Join(fmt.Errorf("%s: not extracted: %w", r.path, err), x.folder.Remove(r.name))
	}
	r.size = uint64(out.size)
	r.md5, r.sha1, r.sha256 = fmt.Sprintf("%x", sum5.Sum(nil)), fmt.Sprintf("%x", sum1.Sum(nil)), fmt.Sprintf("%x", sum256.Sum(nil))
	x.count++
	_, err = x.Out.Write(x.row(&r))
	return err
}

// sparseWriter leaves holes for zeros.
type sparseWriter struct {
	file *os.File
	size int64
}

func (w *sparseWriter) Write(b []byte) (int, error) {
	n := len(b)
	if !bin.AllZero(b) {
		var err error
		if n, err = w.file.WriteAt(b, w.size); err != nil {
			return n, err
		}
	}
	w.size += int64(n)
	return n, nil
}

// end gives the file its size, if it ends in a hole.
func (w *sparseWriter) end() error { return w.file.Truncate(w.size) }

// maxExtents is how many extents of a file a row lists.
const maxExtents = 100

// extentsOf returns where a stream is, and what $Bitmap says of that, as in
// "0+4096@81920 free": 4096 bytes from the beginning of the stream are at 81920 on the
// volume.
func extentsOf(v *mft.Volume, rec *mft.Record, s mft.Stream) (string, error) {
	if s.Resident {
		return "resident", nil
	}
	var list []string
	more := 0
	for x, err := range v.Extents(rec, s.Name) {
		if err != nil {
			return "", err
		}
		if len(list) == maxExtents {
			more++
			continue
		}
		at := ""
		if x.VolumeOffset >= 0 {
			at = fmt.Sprintf("@%d", x.VolumeOffset)
		}
		list = append(list, fmt.Sprintf("%d+%d%s %v", x.Offset, x.Length, at, x.State))
	}
	if more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, "; "), nil
}
