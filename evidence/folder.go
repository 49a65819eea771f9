package evidence

import (
	"cmp"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/velociraptor"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// openFolder opens a folder as the drives of its layout, or as one volume of that name if
// it has no known layout.
func (e *Evidence) openFolder(fsys fs.FS, name string) error {
	list, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return err
	}
	e.kind = "triage folder"
	drives, left := findDrives(fsys)
	for _, dir := range left {
		e.note(damage.Unsupported, damage.New("drive", -1, "neither Windows nor an artifact", "those of a second machine; it was not opened as one"), dir)
	}
	e.host = hostOf(fsys, drives)
	if drives == nil {
		e.kind = "folder"
		if velociraptor.OnlyResults(list) {
			e.note(damage.Gap, damage.New("collection of Velociraptor", -1, "only the results of its artifacts", "files of a volume, below "+velociraptor.Uploads), "")
		}
		drives = []*drive{{name: name, layers: []layer{{dir: "."}}}}
	}
	slices.SortFunc(drives, func(a, b *drive) int { return strings.Compare(a.name, b.name) })
	for _, d := range drives {
		f := newFolderFS(fsys, d.layers)
		f.times = sync.OnceValue(func() velociraptor.Table { return f.readTimes(d.letter) })
		e.closers = append(e.closers, f)
		e.volumes = append(e.volumes, &Volume{Name: d.name, Machine: d.machine, Letter: d.letter, Shadow: isShadow(d.name) && e.kind == "triage folder", Kind: Folder, FS: f})
	}
	if e.kind == "triage folder" {
		for _, l := range besides(fsys, drives) {
			e.volumes = append(e.volumes, &Volume{Name: l.name(), Machine: l.machine, Kind: Beside, FS: newFolderFS(l.files, []layer{{dir: l.dir}})})
		}
	}
	return nil
}

// hostOf returns the name of the only machine, by the collector, or "".
func hostOf(fsys fs.FS, drives []*drive) string {
	if slices.ContainsFunc(drives, func(d *drive) bool { return d.machine != "" }) {
		return ""
	}
	if drives == nil {
		return velociraptor.ReadClient(fsys, ".").Host
	}
	return clientOf(fsys, drives)
}

// folderFS is a volume whose files were copied into a folder. It merges the layers,
// ignores case, and presents files named "name:stream" as streams of name.
type folderFS struct {
	fsys   fs.FS
	layers []layer
	root   *entry
	index  collectedIndex
	times  func() velociraptor.Table // in the results of Velociraptor

	mu       sync.Mutex
	problems map[string]Problem // by path in fsys
}

// compareCopies reports a second copy of a file that is not the same, if the two are in
// different folders of a machine. Layers of one folder were read by different means.
func (f *folderFS) compareCopies(first, second place, d fs.DirEntry) {
	if !f.layers[second.layer].joined {
		return
	}
	a, err := fs.Stat(f.fsys, first.path)
	b, other := d.Info()
	if err == nil && other == nil && a.Size() != b.Size() {
		f.problem(second.path, damage.Conflict, damage.New("second copy of a file", -1, fmt.Sprintf("%d bytes", b.Size()),
			fmt.Sprintf("%d bytes, as %s has; that one was read", a.Size(), first.path)))
	}
}

// place locates a file or a part of a directory in the folder.
type place struct {
	path    string // in fsys
	encoded bool
	layer   int
}

// entry is a file or directory of a folderFS.
type entry struct {
	path    string // in the volume
	name    string
	places  []place // one for a file; a directory may be in several layers
	dir     bool
	streams []*entry           // its alternate data streams that were copied
	index   velociraptor.Index // of a sparse file whose copy is without the holes; else nil

	once     sync.Once // guards children
	children []*entry  // of a directory, by name
	byName   map[string]*entry
	byFold   map[string]*entry
	err      error
}

func newFolderFS(fsys fs.FS, layers []layer) *folderFS {
	root := &entry{path: ".", name: ".", dir: true}
	for i, l := range layers {
		root.places = append(root.places, place{l.dir, l.encoded, i})
	}
	return &folderFS{fsys: fsys, layers: layers, root: root, problems: map[string]Problem{}, times: func() velociraptor.Table { return nil }}
}

// list reads a directory once.
func (f *folderFS) list(dir *entry) error {
	dir.once.Do(func() { dir.err = f.read(dir) })
	return dir.err
}

func (f *folderFS) read(dir *entry) error {
	dir.byName, dir.byFold = map[string]*entry{}, map[string]*entry{}
	for i, p := range dir.places {
		list, err := fs.ReadDir(f.fsys, p.path)
		if err != nil && len(list) == 0 {
			if i == 0 && len(dir.places) == 1 {
				return err
			}
			f.problem(p.path, damage.Malformed, &damage.Error{Offset: -1, What: "directory", Err: err})
		}
		for _, d := range list {
			f.addChild(dir, place{path.Join(p.path, d.Name()), p.encoded, p.layer}, d)
		}
	}
	f.attachIndexes(dir)
	dir.attachStreams()
	slices.SortFunc(dir.children, func(a, b *entry) int { return cmp.Compare(a.name, b.name) })
	return nil
}

// addChild adds an entry of a layer's directory. Only files and directories are
// evidence: a link may lead out of the folder, a pipe may block for ever.
//
// Folders that differ in case only are one folder, as on Windows. A file that another
// layer has too was copied twice.
func (f *folderFS) addChild(dir *entry, p place, d fs.DirEntry) {
	if !d.IsDir() && !d.Type().IsRegular() {
		f.problem(p.path, damage.Unsupported, &damage.Error{Offset: -1, What: "file type", Got: typeName(d.Type()),
			Want: "a file or a folder; it was skipped"})
		return
	}
	name := d.Name()
	if p.encoded {
		name = decodeName(name)
	}
	if old := dir.byFold[winpath.Fold(name)]; old != nil && old.dir == d.IsDir() {
		switch {
		case old.dir:
			old.places = append(old.places, p)
			return
		case old.places[0].layer != p.layer:
			f.compareCopies(old.places[0], p, d)
			return
		}
	}
	if dir.byName[name] != nil || !fs.ValidPath(name) {
		f.problem(p.path, damage.Malformed, &damage.Error{Offset: -1, What: "name", Got: fmt.Sprintf("%q", name), Want: "a unique name"})
		return
	}
	child := &entry{path: path.Join(dir.path, name), name: name, places: []place{p}, dir: d.IsDir()}
	dir.children = append(dir.children, child)
	dir.byName[name] = child
	if dir.byFold[winpath.Fold(name)] == nil {
		dir.byFold[winpath.Fold(name)] = child
	}
}

// attachIndexes finds the indexes of sparse files in a directory of Velociraptor. They
// are files of the collector, not of the volume.
func (f *folderFS) attachIndexes(dir *entry) {
	rest := dir.children[:0]
	for _, c := range dir.children {
		of := dir.byFold[winpath.Fold(strings.TrimSuffix(c.name, velociraptor.IndexExt))]
		p := c.places[0]
		if c.dir || !p.encoded || !strings.HasSuffix(c.name, velociraptor.IndexExt) || of == nil || of.dir || of.places[0].layer != p.layer {
			rest = append(rest, c)
			continue
		}
		index, err := velociraptor.ReadIndex(f.fsys, p.path)
		if err != nil {
			f.addProblem(p.path, damage.Note(damage.Malformed, err, "", p.path))
			rest = append(rest, c)
			continue
		}
		of.index = index
		delete(dir.byName, c.name)
		delete(dir.byFold, winpath.Fold(c.name))
	}
	dir.children = rest
}

// readTimes reads the times of the files in the results of Velociraptor.
func (f *folderFS) readTimes(letter string) velociraptor.Table {
	for _, p := range f.root.places {
		table, problems := velociraptor.ReadTimes(f.fsys, p.path, letter)
		for _, p := range problems {
			f.addProblem(p.Err.Path, p)
		}
		if table != nil {
			return table
		}
	}
	return nil
}

func typeName(m fs.FileMode) string {
	switch {
	case m&fs.ModeSymlink != 0:
		return "symbolic link"
	case m&fs.ModeNamedPipe != 0:
		return "pipe"
	case m&fs.ModeSocket != 0:
		return "socket"
	}
	return "device"
}

// attachStreams moves the children named "name:stream" to the streams of name, if
// name was copied too. Tools that cannot write a colon write %3A, and systems that cannot
// store one have U+F03A in its place.
func (e *entry) attachStreams() {
	rest := e.children[:0]
	for _, c := range e.children {
		base, stream, ok := splitStream(colons.Replace(c.name))
		if of := e.byFold[winpath.Fold(base)]; ok && !c.dir && of != nil {
			c.name, c.path = stream, of.path+":"+stream
			of.streams = append(of.streams, c)
			continue
		}
		rest = append(rest, c)
	}
	e.children = rest
}

// colons replaces what tools write for a colon in a name.
var colons = strings.NewReplacer("%3A", ":", "%3a", ":", "\uf03a", ":")

// splitStream splits "name:stream" and "name:stream:$DATA".
func splitStream(name string) (base, stream string, ok bool) {
	base, stream, ok = strings.Cut(name, ":")
	if n := len(stream) - len(":$DATA"); n > 0 && strings.EqualFold(stream[n:], ":$DATA") {
		stream = stream[:n]
	}
	return base, stream, ok && base != "" && stream != "" && !strings.Contains(stream, ":")
}

// child returns the entry of that name, preferably in the same spelling.
func (f *folderFS) child(dir *entry, name string) (*entry, error) {
	if err := f.list(dir); err != nil {
		return nil, err
	}
	if c := dir.byName[name]; c != nil {
		return c, nil
	}
	if c := dir.byFold[winpath.Fold(name)]; c != nil {
		return c, nil
	}
	return nil, fs.ErrNotExist
}

// collectorNames maps the path of a stream of a metadata file that is not itself
// copied, as winpath.Fold returns it, to names under which collectors save it, such as KAPE.
// Others write something in the place of the colon, see insteadOfColon.
var collectorNames = map[string][]string{
	`$EXTEND\$USNJRNL:$J`:   {"$Extend/$J", "$Extend/$UsnJrnl/$J"},
	`$EXTEND\$USNJRNL:$MAX`: {"$Extend/$Max", "$Extend/$UsnJrnl/$Max"},
}

// insteadOfColon is what collectors write between a metadata file that is not itself copied and
// its stream. CyLR writes nothing.
var insteadOfColon = []string{"", "_", "-", ".", "%3A", "%3a", "\uf03a"}

// lookup returns the entry of a path in the volume. For "name:stream" it returns the
// entry of the stream, and in of the entry that the stream belongs to.
func (f *folderFS) lookup(name string) (e, of *entry, err error) {
	if !fs.ValidPath(name) {
		return nil, nil, fs.ErrInvalid
	}
	if name == "." {
		return f.root, nil, nil
	}
	e = f.root
	for rest := name; rest != ""; {
		if !e.dir {
			return nil, nil, fs.ErrNotExist
		}
		var part string
		part, rest, _ = strings.Cut(rest, "/")
		c, err := f.child(e, part)
		if err == nil {
			e = c
			continue
		}
		base, stream, ok := splitStream(part)
		if !ok || rest != "" {
			return nil, nil, err
		}
		if of, _ := f.child(e, base); of != nil {
			if s := of.stream(stream); s != nil {
				return s, of, nil
			}
		}
		for _, other := range collectorNames[winpath.Fold(name)] {
			if e, of, err := f.lookup(other); err == nil {
				return e, of, nil
			}
		}
		if strings.HasPrefix(base, "$") && strings.HasPrefix(stream, "$") {
			for _, between := range insteadOfColon {
				for _, written := range []string{stream, "%24" + stream[1:]} {
					if c, err := f.child(e, base+between+written); err == nil && !c.dir {
						return c, nil, nil
					}
				}
			}
		}
		return nil, nil, err
	}
	return e, nil, nil
}

func (e *entry) stream(name string) *entry {
	for _, s := range e.streams {
		if winpath.Same(s.name, name) {
			return s
		}
	}
	return nil
}

func (f *folderFS) problem(at string, kind damage.Kind, e *damage.Error) {
	f.addProblem(at, damage.Note(kind, e, "", at))
}

// addProblem keeps one problem for each path in the folder.
func (f *folderFS) addProblem(at string, p Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.problems[at] = p
}

// Problems yields what was skipped in the directories read so far, and what is wrong
// with the $MFT.
func (f *folderFS) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		f.mu.Lock()
		paths := make([]string, 0, len(f.problems))
		for p := range f.problems {
			paths = append(paths, p)
		}
		slices.Sort(paths)
		list := make([]Problem, len(paths))
		for i, p := range paths {
			list[i] = f.problems[p]
		}
		f.mu.Unlock()
		for _, p := range list {
			if !yield(p) {
				return
			}
		}
	}
}
