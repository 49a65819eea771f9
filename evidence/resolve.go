package evidence

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/winid"
)

// NotFoundError reports that the evidence holds no such file. It satisfies
// errors.Is(err, fs.ErrNotExist).
type NotFoundError struct {
	Path    string   // as the caller wrote it
	Nearest []string // similar paths, best first, as Resolve takes them; may be empty
	Search  *Search  // the search for a name, a wildcard or a hash; nil for a path
	Unread  []string // the volumes that could not be read, so that it may be there

	// Damaged are the artifacts that could not be read, so that its records may be there. The
	// methods of Evidence read none: see birthmark.Investigate.
	Damaged []string
}

// maxNamed bounds how many of them Error names.
const maxNamed = 10

// Error names the path, similar paths, and how much could not be read.
func (e *NotFoundError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: not in the evidence", e.Path)
	if e.Search != nil && e.Search.Hashed {
		fmt.Fprintf(&b, "; files hashed: %d", e.Search.Files)
	}
	if len(e.Nearest) > 0 {
		fmt.Fprintf(&b, "; nearest: %s", strings.Join(e.Nearest, ", "))
	}
	if e.Search != nil && e.Search.Failed > 0 {
		fmt.Fprintf(&b, "; files or folders that could not be read: %d", e.Search.Failed)
	}
	if len(e.Unread) > 0 {
		fmt.Fprintf(&b, "; volumes that could not be read: %s", strings.Join(e.Unread, ", "))
	}
	if n := len(e.Damaged); n > 0 {
		fmt.Fprintf(&b, "; artifacts that could not be read: %s", strings.Join(e.Damaged[:min(n, maxNamed)], ", "))
		if n > maxNamed {
			fmt.Fprintf(&b, " and %d more", n-maxNamed)
		}
	}
	return b.String()
}

// Is reports whether target is fs.ErrNotExist.
func (e *NotFoundError) Is(target error) bool { return target == fs.ErrNotExist }

// Resolve finds the volume, and the path in its FS, of a Windows path. The path may
// begin with a drive letter, a \\?\ prefix, a volume GUID or \SystemRoot, or it may
// be relative to a volume. It ignores case, takes slashes of either kind, and may
// name a stream with ":stream" and be quoted, and it may lead over junctions and
// symbolic links, also from one volume to another. A path relative to a volume is searched
// for on C first, then on the others; it may begin with the name of a volume. The
// path returned is spelled as in the evidence. If the file does not exist the error is
// a *NotFoundError, and the volume is empty.
func (e *Evidence) Resolve(name string) (*Volume, string, error) {
	v, path, t, found := e.lookFor(name)
	switch {
	case found:
		return v, path, nil
	case e == nil:
		return noVolume(&NotFoundError{Path: name})
	}
	return noVolume(&NotFoundError{Path: name, Nearest: e.nearest(t), Unread: e.unread()})
}

// unread returns the volumes that could not be read, each with what was found instead of a
// file system.
func (e *Evidence) unread() []string {
	var list []string
	for _, v := range e.volumes {
		switch {
		case v.Err == nil:
		case v.FileSystem == "":
			list = append(list, v.Name+" (no known file system)")
		default:
			list = append(list, v.Name+" ("+v.FileSystem+")")
		}
	}
	return list
}

// noVolume returns an error with an empty volume.
func noVolume(err error) (*Volume, string, error) {
	return &Volume{FS: emptyFS{}, Err: err}, "", err
}

// lookFor is Resolve; t is what the path may mean if it is not found.
func (e *Evidence) lookFor(name string) (v *Volume, path string, t target, found bool) {
	if e == nil {
		return nil, "", t, false
	}
	plain := winpath.Unquote(name)
	if plain != name { // quotes may be part of a name
		if v, path, t, found = e.lookForPlain(name); found {
			return v, path, t, true
		}
	}
	return e.lookForPlain(plain)
}

func (e *Evidence) lookForPlain(name string) (v *Volume, path string, t target, found bool) {
	t = e.target(name)
	for _, v := range t.volumes {
		_, err := fs.Stat(v.FS, t.path)
		if real, in := e.follow(v, t.path, 0); in != nil {
			return in, spell(in.FS, real), t, true
		}
		if err == nil {
			return v, spell(v.FS, t.path), t, true
		}
	}
	if v, rest := e.byName(t.path); v != nil && t.anywhere {
		t.volumes = []*Volume{v}
		t.path = rest
		if _, err := fs.Stat(v.FS, rest); err == nil {
			return v, spell(v.FS, rest), t, true
		}
	}
	return nil, "", t, false
}

// WindowsPath returns the path of a file of v as an analyst writes it and Resolve
// takes it: `C:\Users\a.exe`, `WEB01:C:\Users\a.exe` in evidence of several machines,
// or "partition 2/Users/a.exe" if v has no letter.
func (v *Volume) WindowsPath(name string) string {
	switch {
	case v.Letter == "":
		return path.Join(v.Name, name)
	case v.Machine != "":
		return v.Machine + ":" + winpath.Windows(v.Letter, name)
	}
	return winpath.Windows(v.Letter, name)
}

// target is what a path may mean.
type target struct {
	volumes  []*Volume // where to look, in order
	path     string    // in each of them
	anywhere bool      // the path names no volume
}

// target parses a path as Windows and its logs write it.
func (e *Evidence) target(name string) target {
	s := strings.ReplaceAll(name, `\`, "/")
	volumes := e.volumes
	if machine, rest, ok := strings.Cut(s, ":"); ok {
		if of := e.ofMachine(machine); of != nil {
			volumes, s = of, strings.TrimPrefix(rest, "/")
		}
	}
	for _, prefix := range []string{"//?/", "//./", "/??/"} {
		if rest, ok := strings.CutPrefix(s, prefix); ok {
			s = rest
			break
		}
	}
	for _, prefix := range []string{"/SystemRoot", "%SystemRoot%", "%windir%"} {
		if rest, ok := winpath.CutPrefix(s, prefix); ok && (rest == "" || rest[0] == '/') {
			s = "C:/Windows" + rest
			break
		}
	}
	if rest, ok := winpath.CutPrefix(s, "%SystemDrive%"); ok {
		s = "C:" + rest
	}
	if rest, ok := winpath.CutPrefix(s, "Volume{"); ok {
		if id, rest, ok := strings.Cut(rest, "}"); ok {
			t := target{path: clean(rest)}
			if g, err := winid.ParseGUID(id); err == nil && e.guids[g] != nil {
				t.volumes = []*Volume{e.guids[g]}
			}
			return t
		}
	}
	if len(s) >= 2 && s[1] == ':' && isLetter(s[0]) {
		t := target{path: clean(s[2:])}
		for _, v := range volumes {
			if v.Letter == strings.ToUpper(s[:1]) && (len(t.volumes) == 0 || v.Machine != "") {
				t.volumes = append(t.volumes, v)
			}
		}
		return t
	}
	t := target{path: clean(s), anywhere: true}
	for _, v := range volumes {
		if v.Letter == "C" {
			t.volumes = append([]*Volume{v}, t.volumes...)
		} else {
			t.volumes = append(t.volumes, v)
		}
	}
	return t
}

// ofMachine returns the volumes of a machine, or nil if no machine has that name.
func (e *Evidence) ofMachine(machine string) []*Volume {
	var list []*Volume
	for _, v := range e.volumes {
		if machine != "" && winpath.SameName(v.Machine, machine) {
			list = append(list, v)
		}
	}
	return list
}

// onMachines returns the paths of a file that several machines have, with the names of
// the machines.
func (t target) onMachines() []string {
	var paths []string
	seen := map[string]bool{}
	for _, v := range t.volumes {
		if _, err := fs.Stat(v.FS, t.path); err == nil && v.Machine != "" && !seen[v.Machine] {
			seen[v.Machine] = true
			paths = append(paths, v.WindowsPath(spell(v.FS, t.path)))
		}
	}
	if len(paths) < 2 {
		return nil
	}
	return paths
}

// clean turns a path below the root of a volume into an fs.FS path. A ".." does not
// lead out of the volume.
func clean(name string) string {
	if name = path.Clean("/" + name)[1:]; name != "" {
		return name
	}
	return "."
}

// byName returns the volume whose name is the first part of a path, and the rest of
// it.
func (e *Evidence) byName(name string) (*Volume, string) {
	first, rest, _ := strings.Cut(name, "/")
	for _, v := range e.volumes {
		if winpath.Same(strings.TrimSuffix(first, ":"), v.Name) {
			return v, clean(rest)
		}
	}
	return nil, ""
}

// spell returns the path of an existing file as the file system spells it. A short name (8.3) is
// in no listing; the long one is in the record of the file. Other parts that are in no listing
// are left as they are.
func spell(fsys fs.FS, name string) string {
	if name == "." {
		return name
	}
	dir, base := path.Split(name)
	parent := spell(fsys, clean(dir))
	base, stream, hasStream := strings.Cut(base, ":")
	best := longName(fsys, path.Join(parent, base), base)
	list, _ := fs.ReadDir(fsys, parent)
	for _, d := range list {
		if d.Name() == base {
			best = base
			break
		}
		if winpath.Same(d.Name(), base) {
			best = d.Name()
		}
	}
	file := path.Join(parent, best)
	if !hasStream {
		return file
	}
	for _, known := range streamNames(fsys, file) {
		if winpath.Same(known, stream) {
			stream = known
		}
	}
	return file + ":" + stream
}

// longName returns the long name of a file that has a short name, or the short name if it is not
// one.
func longName(fsys fs.FS, file, short string) string {
	if !strings.Contains(short, "~") {
		return short
	}
	info, err := fs.Stat(fsys, file)
	if err != nil {
		return short
	}
	rec, ok := info.Sys().(*mft.Record)
	if !ok || rec == nil {
		return short
	}
	for i := range rec.FileNames {
		if fn := &rec.FileNames[i]; fn.Namespace != mft.NamespaceDOS && winpath.SameName(rec.ShortName(fn), short) {
			return fn.Name
		}
	}
	return short
}

// streamNames returns the names of the alternate data streams of a file.
func streamNames(fsys fs.FS, name string) []string {
	st, err := fs.Stat(fsys, name)
	if err != nil {
		return nil
	}
	if s, ok := st.(interface{ Streams() []string }); ok {
		return s.Streams()
	}
	return nil
}
