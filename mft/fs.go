package mft

import (
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

var (
	_ fs.FS         = (*Volume)(nil)
	_ fs.ReadDirFS  = (*Volume)(nil)
	_ fs.StatFS     = (*Volume)(nil)
	_ fs.ReadFileFS = (*Volume)(nil)
)

// Open implements [fs.FS]. Names are compared according to $UpCase.
// "dir/file:stream" opens a named stream. A file is also an [io.ReaderAt] and an
// [io.Seeker].
func (v *Volume) Open(name string) (fs.File, error) {
	info, err := v.stat("open", name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return &dirFile{info: info, name: name}, nil
	}
	f, err := newFile(info, name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return f, nil
}

// Stat implements [fs.StatFS]. The [fs.FileInfo] is a *[FileInfo].
func (v *Volume) Stat(name string) (fs.FileInfo, error) {
	info, err := v.stat("stat", name)
	if err != nil {
		return nil, err
	}
	return info, nil
}

// maxHoles is how much larger than the volume a file may be for ReadFile.
const maxHoles = 64 << 20

// ReadFile implements [fs.ReadFileFS]. It refuses content that is more than 64 MiB
// larger than the volume, a size that holes and damage may claim: use Open to read
// such a file.
func (v *Volume) ReadFile(name string) ([]byte, error) {
	f, err := v.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, ok := f.(*file)
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errIsDirectory}
	}
	if n := file.stream.Size(); n > v.clusters.size+maxHoles || n > math.MaxInt {
		err := damage.New("size of the file", -1, n, "at most 64 MiB more than the volume, and what fits in memory")
		return nil, &fs.PathError{Op: "read", Path: name, Err: v.in(err, "")}
	}
	b := make([]byte, file.stream.Size())
	if err := bin.ReadFull(file.stream, b, 0, "file"); err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return b, nil
}

// ReadDir implements [fs.ReadDirFS]. It lists the names in the directory's index
// whose file exists, without the 8.3 names of files that have a long name. If a
// part of the index is damaged, it returns the rest together with a *FormatError.
func (v *Volume) ReadDir(name string) ([]fs.DirEntry, error) {
	info, err := v.stat("readdir", name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("not a directory")}
	}
	entries, err := v.list(info.rec)
	if err != nil {
		return entries, &fs.PathError{Op: "readdir", Path: name, Err: err}
	}
	return entries, nil
}

func (v *Volume) list(rec *Record) ([]fs.DirEntry, error) {
	d := v.directory(rec)
	list := make([]fs.DirEntry, 0, len(d.entries))
	for _, e := range d.entries {
		if e.dos {
			continue
		}
		h, err := v.mft.headerAt(e.ref.Entry)
		dir := h.flags&RecordDirectory != 0
		if err == nil && h.exists(e.ref) && (!dir || v.isBelow(e.ref, rec.Ref)) {
			list = append(list, &entryOf{v, e, dir})
		} else if err != nil && !damage.Is(err) {
			return list, err
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if len(d.problems) > 0 {
		return list, d.problems[0].Err
	}
	return list, nil
}

// isBelow reports whether a directory itself names parent as its parent. A
// directory has only one parent: an index that lists a directory from elsewhere
// may form a circle, and walking the tree would not end.
func (v *Volume) isBelow(dir, parent Ref) bool {
	rec, err := v.mft.Record(dir.Entry)
	if err != nil {
		return false
	}
	fn := rec.bestName()
	return fn != nil && fn.Parent == parent
}

// headerAt reads the header of a record.
func (r *Reader) headerAt(entry uint64) (header, error) {
	if entry >= r.Len() {
		return header{}, noRecord(entry)
	}
	var b [recordHeaderNewLen]byte
	if err := bin.ReadFull(r.src, b[:], int64(entry)*int64(r.recordSize), "record header"); err != nil {
		return header{}, err
	}
	h, ok := headerOf(b[:])
	if !ok {
		return header{}, noRecord(entry)
	}
	return h, nil
}

func noRecord(entry uint64) error {
	return damage.New("file reference", -1, entry, "the entry of a file")
}

// exists reports whether h is the base record of the file that ref refers to.
func (h header) exists(ref Ref) bool {
	return h.flags&RecordInUse != 0 && h.seq == ref.Seq && h.base.IsZero()
}

// Lookup returns the record of a file by its slash-separated path; "." is the
// root. Case is ignored according to $UpCase, and 8.3 names are found too. The
// error is a *fs.PathError; a record that comes with it is empty.
func (v *Volume) Lookup(name string) (*Record, error) {
	rec, _, err := v.lookup("lookup", name)
	if err != nil {
		return noPlace(), err
	}
	return rec, nil
}

// lookup also returns the last element of the path as the volume spells it.
func (v *Volume) lookup(op, name string) (*Record, string, error) {
	fail := func(err error) (*Record, string, error) {
		return nil, "", &fs.PathError{Op: op, Path: name, Err: err}
	}
	if !fs.ValidPath(name) {
		return fail(fs.ErrInvalid)
	}
	rec, err := v.mft.Record(EntryRoot)
	if err != nil {
		return fail(err)
	}
	spelled := "."
	if name == "." {
		return rec, spelled, nil
	}
	for element := range strings.SplitSeq(name, "/") {
		if !rec.IsDir() {
			return fail(fs.ErrNotExist)
		}
		e, ok := v.directory(rec).find(element, v.upcase.fold(element))
		if !ok {
			return fail(fs.ErrNotExist)
		}
		if rec, err = v.mft.Record(e.ref.Entry); err != nil {
			return fail(err)
		}
		if !rec.header().exists(e.ref) {
			return fail(fs.ErrNotExist)
		}
		spelled = e.name
	}
	return rec, spelled, nil
}

// stat resolves a path that may name a stream: "file", "file:stream",
// "file:stream:$DATA" or "file::$DATA".
func (v *Volume) stat(op, name string) (*FileInfo, error) {
	rec, spelled, err := v.lookup(op, name)
	if err == nil {
		return &FileInfo{volume: v, rec: rec, name: spelled, stream: rec.streamNamed("")}, nil
	}
	// A name in the POSIX namespace may hold a colon, so the whole name is tried
	// first.
	slash := strings.LastIndexByte(name, '/') + 1
	file, stream, ok := strings.Cut(name[slash:], ":")
	if !ok || !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if i := len(stream) - len(":$DATA"); i >= 0 && strings.EqualFold(stream[i:], ":$DATA") {
		stream = stream[:i]
	}
	path := name[:slash] + file
	if path == "" {
		path = "."
	}
	rec, spelled, lookupErr := v.lookup(op, path)
	if lookupErr != nil {
		return nil, err
	}
	s := rec.streamNamed(stream)
	if s == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return &FileInfo{volume: v, rec: rec, name: spelled + ":" + s.Name, stream: s, isStream: true}, nil
}
