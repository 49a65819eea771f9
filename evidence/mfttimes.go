package evidence

import (
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
)

// originIndex finds the records of a volume's $MFT by path. It is made when first
// asked, and holds one reference per name: names are told by their hash, so that
// the index of an $MFT is much smaller than the $MFT.
type originIndex struct {
	once    sync.Once
	seed    maphash.Seed
	mft     *mft.Reader // nil where the folder holds no $MFT
	closers []io.Closer
	root    mft.Ref
	byName  map[uint64]mft.Ref
}

// key is the hash of a name in a directory. The sequence number of the directory
// is part of it: what once lay in a deleted directory is not in the one that took
// over its entry.
func (o *originIndex) key(dir mft.Ref, name string) uint64 {
	var h maphash.Hash
	h.SetSeed(o.seed)
	maphash.WriteComparable(&h, dir)
	h.WriteString(fold(name))
	return h.Sum64()
}

// load reads the $MFT in the root of the volume.
func (o *originIndex) load(f *folderFS) {
	e, err := f.child(f.root, "$MFT")
	if err != nil || e.dir {
		return
	}
	at := e.places[0].path
	r, size, err := o.open(f, e)
	if err != nil {
		f.addProblem(at, problemOf(damage.Malformed, at, err))
		return
	}
	var opts []mft.Option
	if e, _, err := f.lookup("$Secure:$SDS"); err == nil && !e.dir {
		if sds, size, err := o.open(f, e); err == nil {
			opts = append(opts, mft.WithSecure(sds, size))
		}
	}
	table, err := mft.NewReader(r, size, opts...)
	if err != nil {
		f.addProblem(at, problemOf(damage.Malformed, at, err))
		return
	}
	o.seed = maphash.MakeSeed()
	o.byName = map[uint64]mft.Ref{}
	for rec, err := range table.Scan() {
		if err != nil {
			if damage.Is(err) {
				continue // among the problems of the $MFT
			}
			f.addProblem(at, problemOf(damage.Malformed, at, err))
			break
		}
		if !rec.InUse() || rec.IsOrphanExtension() {
			continue
		}
		if rec.Entry == mft.EntryRoot {
			o.root = rec.Ref
		}
		for _, n := range rec.FileNames {
			o.byName[o.key(n.Parent, n.Name)] = rec.Ref
		}
	}
	o.mft = table
}

// open opens a file of the folder until Close.
func (o *originIndex) open(f *folderFS, e *entry) (io.ReaderAt, int64, error) {
	file, err := f.fsys.Open(e.places[0].path)
	if err != nil {
		return nil, 0, cause(err)
	}
	o.closers = append(o.closers, file)
	st, err := file.Stat()
	if err != nil {
		return nil, 0, err
	}
	r, ok := file.(io.ReaderAt)
	if !ok {
		return nil, 0, &damage.Error{Offset: -1, What: e.name, Want: "a file that can be read at offsets", Err: ErrUnsupported}
	}
	return r, st.Size(), nil
}

// record returns the record of a file of the volume; nil where the $MFT has none.
func (o *originIndex) record(f *folderFS, name string) *mft.Record {
	o.once.Do(func() { o.load(f) })
	if o.mft == nil {
		return nil
	}
	ref := o.root
	if name != "." {
		for part := range strings.SplitSeq(name, "/") {
			next, ok := o.byName[o.key(ref, part)]
			if !ok {
				return nil
			}
			ref = next
		}
	}
	rec, err := o.mft.Record(ref.Entry)
	if err != nil || rec.Ref != ref {
		return nil
	}
	return rec
}

// of returns what the $MFT says about a file or a stream; nil where it says
// nothing.
func (o *originIndex) of(f *folderFS, name string) *origin {
	dir, base := path.Split(name)
	base, _, isStream := strings.Cut(base, ":")
	rec := o.record(f, clean(dir+base))
	if rec == nil {
		return nil
	}
	from := &origin{record: rec}
	from.created, from.modified, from.changed, from.accessed = rec.Times()
	from.owner, _ = o.mft.OwnerSID(rec)
	for _, s := range rec.Streams {
		if s.Name != "" && !isStream {
			from.streams = append(from.streams, s.Name)
		}
	}
	return from
}

// resident returns a stream that the folder does not hold but the $MFT does: small
// ones, as Zone.Identifier is, lie in the record itself.
func (f *folderFS) resident(name string) (info fileInfo, content []byte, ok bool) {
	dir, last := path.Split(name)
	base, stream, ok := splitStream(last)
	if !ok || !fs.ValidPath(name) {
		return fileInfo{}, nil, false
	}
	file := clean(dir + base)
	rec := f.origins.record(f, file)
	if rec == nil {
		return fileInfo{}, nil, false
	}
	s, ok := rec.Stream(stream)
	if !ok || !s.Resident {
		return fileInfo{}, nil, false
	}
	of := f.origins.of(f, name)
	return fileInfo{
		name: base + ":" + s.Name, size: int64(len(s.Value)), mode: 0o444,
		origin: func() *origin { return of },
	}, s.Value, true
}

// Close closes the $MFT and what belongs to it.
func (f *folderFS) Close() error {
	f.origins.once.Do(func() {}) // never read from now on
	var errs []error
	for _, c := range f.origins.closers {
		errs = append(errs, c.Close())
	}
	f.origins.closers = nil
	return errors.Join(errs...)
}
