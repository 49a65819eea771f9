package timeline

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// copiedTypes are the types of artifacts whose copies say nothing new. A task, a link or a file
// in a startup folder is another one in another place, however equal their contents are.
var copiedTypes = []string{TypeMFT, TypeUSN, TypeLogFile, TypeEVTX, TypeRegistry, TypeMPLog, TypePrefetch, TypeSRUM, TypeUAL, TypePCA, TypeDetection, TypeBITS, TypeWebLog}

// An original is an artifact that was read.
type original struct {
	found
	t    *Timeline
	size int64
}

// withoutCopies removes from a list the artifacts that have the same content as one before
// them, or as one of the timelines that Beside names. Collections have the same log in several
// places, and reading it twice would count everything twice. The coverage lists a copy like
// what it is a copy of.
func (t *Timeline) withoutCopies(list []found) []found {
	if _, windows := resolve(t.vol, windowsFolder); windows {
		return list
	}
	var known []original
	for _, other := range t.opt.beside {
		known = append(known, other.originals()...)
	}
	var kept []found
	for _, f := range list {
		one := original{f, t, sizeOf(t.vol, f.artifact)}
		if i := slices.IndexFunc(known, one.isCopyOf); i >= 0 {
			t.omitted = append(t.omitted, leftOut{f, known[i]})
			continue
		}
		kept, known = append(kept, f), append(known, one)
	}
	return kept
}

// originals returns what the timeline has read of the types that are compared.
func (t *Timeline) originals() []original {
	var list []original
	for _, c := range t.coverage {
		if c.State != Absent && slices.Contains(copiedTypes, c.Type) {
			list = append(list, original{found{c.Artifact, c.Type}, t, sizeOf(t.vol, c.Artifact)})
		}
	}
	return list
}

// leftOut is an artifact that was not read, because another one is the same.
type leftOut struct {
	found
	of original
}

// coverage is that of what it is a copy of.
func (c leftOut) coverage() (Coverage, bool) {
	t := c.of.t
	for _, of := range t.coverage {
		if of.Artifact == c.of.artifact && of.Type == c.sourceType {
			if s := t.webLogs[of.Artifact]; s != nil && of.Type == TypeWebLog {
				of = s.covered()
			}
			return Coverage{Artifact: c.artifact, Name: of.Name, Type: of.Type, State: of.State, Records: of.Records, First: of.First, Last: of.Last, Local: of.Local}, true
		}
	}
	return Coverage{}, false
}

// isCopyOf reports whether an artifact says nothing that another one does not say.
func (o original) isCopyOf(other original) bool {
	if o.sourceType != other.sourceType || o.size <= 0 || o.size != other.size || !slices.Contains(copiedTypes, o.sourceType) {
		return false
	}
	if o.sourceType == TypeRegistry {
		user, same := profileOf(o.artifact), profileOf(other.artifact)
		if user != "" && same != "" && !winpath.Same(user, same) {
			return false
		}
		if !o.logsAreIn(other) {
			return false
		}
	}
	return sameContent(o.t.vol, o.artifact, other.t.vol, other.artifact)
}

// logsAreIn reports whether another hive has the transaction logs of a hive.
func (o original) logsAreIn(other original) bool {
	mine, others := o.logs(), other.logs()
	for kind, name := range mine {
		if of, ok := others[kind]; !ok || !sameContent(o.t.vol, name, other.t.vol, of) {
			return false
		}
	}
	return true
}

// logs returns the paths of the transaction logs beside a hive, by what follows its name.
func (o original) logs() map[string]string {
	dir, base := path.Split(o.artifact)
	var names []string
	for _, d := range readDir(o.t.vol, path.Clean(dir)) {
		names = append(names, d.Name())
	}
	logs := map[string]string{}
	for _, name := range registry.LogNames(base, names) {
		logs[winpath.Fold(name[len(base):])] = path.Join(path.Clean(dir), name)
	}
	return logs
}

func sizeOf(vol fs.FS, name string) int64 {
	info, err := fs.Stat(vol, name)
	if err != nil {
		return -1
	}
	return info.Size()
}

// sameContent reports whether two files have the same content. One that cannot be read is
// the same as none.
func sameContent(a fs.FS, nameA string, b fs.FS, nameB string) bool {
	f, err := fsfile.Open(a, nameA)
	if err != nil {
		return false
	}
	defer f.Close()
	g, err := fsfile.Open(b, nameB)
	if err != nil {
		return false
	}
	defer g.Close()
	if f.Size != g.Size {
		return false
	}
	const most = 1 << 20
	size := int64(4096) // most files of the same size differ at their beginning
	bufA, bufB := make([]byte, most), make([]byte, most)
	for off := int64(0); off < f.Size; off, size = off+size, most {
		n := min(size, f.Size-off)
		if _, err := f.ReadAt(bufA[:n], off); err != nil && err != io.EOF {
			return false
		}
		if _, err := g.ReadAt(bufB[:n], off); err != nil && err != io.EOF {
			return false
		}
		if !bytes.Equal(bufA[:n], bufB[:n]) {
			return false
		}
	}
	return true
}
