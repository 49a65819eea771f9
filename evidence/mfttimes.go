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
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// collectedIndex finds the records of a volume's $MFT by path. It is built on first
// use. It holds one reference per name, keyed by the hash of the name, so that the
// index is much smaller than the $MFT.
type collectedIndex struct {
	once    sync.Once
	seed    maphash.Seed
	mft     *mft.Reader // nil if the folder holds no $MFT
	closers []io.Closer
	root    mft.Ref
	byName  map[uint64]mft.Ref
}

// key is the hash of a name in a directory. It covers the sequence number of the
// directory: what was once in a deleted directory is not in the directory that reuses
// its entry.
func (x *collectedIndex) key(dir mft.Ref, name string) uint64 {
	var h maphash.Hash
	h.SetSeed(x.seed)
	maphash.WriteComparable(&h, dir)
	h.WriteString(winpath.Fold(name))
	return h.Sum64()
}

// load reads the $MFT in the root of the volume.
func (x *collectedIndex) load(f *folderFS) {
	e, err := f.child(f.root, "$MFT")
	if err != nil || e.dir {
		return
	}
	at := e.places[0].path
	r, size, err := x.open(f, e)
	if err != nil {
		f.addProblem(at, damage.Note(damage.Malformed, err, "", at))
		return
	}
	var opts []mft.Option
	if e, _, err := f.lookup("$Secure:$SDS"); err == nil && !e.dir {
		if sds, size, err := x.open(f, e); err == nil {
			opts = append(opts, mft.WithSecure(sds, size))
		}
	}
	table, err := mft.NewReader(r, size, opts...)
	if err != nil {
		f.addProblem(at, damage.Note(damage.Malformed, err, "", at))
		return
	}
	x.seed = maphash.MakeSeed()
	x.byName = map[uint64]mft.Ref{}
	for rec, err := range table.Scan() {
		if err != nil {
			if damage.Is(err) {
				continue // one of the problems of the $MFT
			}
			f.addProblem(at, damage.Note(damage.Malformed, err, "", at))
			break
		}
		if !rec.InUse() || rec.IsOrphanExtension() {
			continue
		}
		if rec.Entry == mft.EntryRoot {
			x.root = rec.Ref
		}
		for _, n := range rec.FileNames {
			x.byName[x.key(n.Parent, n.Name)] = rec.Ref
		}
	}
	x.mft = table
}

// open opens a file of the folder; Close closes it.
func (x *collectedIndex) open(f *folderFS, e *entry) (io.ReaderAt, int64, error) {
	file, err := f.fsys.Open(e.places[0].path)
	if err != nil {
		return nil, 0, cause(err)
	}
	x.closers = append(x.closers, file)
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

// table returns the $MFT that the folder holds, or nil.
func (f *folderFS) table() *mft.Reader {
	f.index.once.Do(func() { f.index.load(f) })
	return f.index.mft
}

// record returns the record of a file of the volume, or nil if the $MFT has none.
func (x *collectedIndex) record(f *folderFS, name string) *mft.Record {
	if f.table() == nil {
		return nil
	}
	ref := x.root
	if name != "." {
		for part := range strings.SplitSeq(name, "/") {
			next, ok := x.byName[x.key(ref, part)]
			if !ok {
				return nil
			}
			ref = next
		}
	}
	rec, err := x.mft.Record(ref.Entry)
	if err != nil || rec.Ref != ref {
		return nil
	}
	return rec
}

// of returns what the $MFT records about a file or a stream, or nil.
func (x *collectedIndex) of(f *folderFS, name string) *collected {
	dir, base := path.Split(name)
	base, _, isStream := strings.Cut(base, ":")
	rec := x.record(f, clean(dir+base))
	if rec == nil {
		return nil
	}
	from := &collected{record: rec}
	from.created, from.modified, from.changed, from.accessed = rec.Times()
	from.owner, _ = x.mft.OwnerSID(rec)
	for _, s := range rec.Streams {
		if s.Name != "" && !isStream {
			from.streams = append(from.streams, s.Name)
		}
	}
	return from
}

// resident returns a stream that is not in the folder but in the $MFT: small streams,
// such as Zone.Identifier, are stored in the record itself.
func (f *folderFS) resident(name string) (info fileInfo, content []byte, ok bool) {
	dir, last := path.Split(name)
	base, stream, ok := splitStream(last)
	if !ok || !fs.ValidPath(name) {
		return fileInfo{}, nil, false
	}
	file := clean(dir + base)
	rec := f.index.record(f, file)
	if rec == nil {
		return fileInfo{}, nil, false
	}
	s, ok := rec.Stream(stream)
	if !ok || !s.Resident {
		return fileInfo{}, nil, false
	}
	of := f.index.of(f, name)
	return fileInfo{
		name: base + ":" + s.Name, size: int64(len(s.Value)), mode: 0o444,
		collected: func() *collected { return of },
	}, s.Value, true
}

// Close closes the $MFT and the files read with it.
func (f *folderFS) Close() error {
	f.index.once.Do(func() {}) // never load the $MFT after this
	var errs []error
	for _, c := range f.index.closers {
		errs = append(errs, c.Close())
	}
	f.index.closers = nil
	return errors.Join(errs...)
}
