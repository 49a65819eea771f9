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

// An original is an artifact that was read, or is to be.
type original struct {
	artifact, sourceType string
	user                 string // whose hive it is; "" if that is not known
	vol                  fs.FS
	size                 int64
	covered              func() Coverage // what it contributed
}

// leftOut is an artifact that was not read, because another one is the same.
type leftOut struct {
	artifact string
	of       original
}

// coverage is that of what it is a copy of.
func (c leftOut) coverage() Coverage {
	of := c.of.covered()
	return Coverage{Artifact: c.artifact, Name: of.Name, Type: of.Type, State: of.State, Records: of.Records, First: of.First, Last: of.Last, Local: of.Local}
}

// isCopyOf reports whether an artifact says nothing that another one does not say.
func (o original) isCopyOf(other original) bool {
	if o.sourceType != other.sourceType || o.size <= 0 || o.size != other.size || !slices.Contains(copiedTypes, o.sourceType) {
		return false
	}
	if o.sourceType == TypeRegistry {
		if o.user != "" && other.user != "" && !winpath.Same(o.user, other.user) || !o.logsAreIn(other) {
			return false
		}
	}
	return sameContent(o.vol, o.artifact, other.vol, other.artifact)
}

// logsAreIn reports whether another hive has the transaction logs of a hive.
func (o original) logsAreIn(other original) bool {
	mine, others := o.logs(), other.logs()
	for kind, name := range mine {
		if of, ok := others[kind]; !ok || !sameContent(o.vol, name, other.vol, of) {
			return false
		}
	}
	return true
}

// logs returns the paths of the transaction logs beside a hive, by what follows its name.
func (o original) logs() map[string]string {
	dir, base := path.Split(o.artifact)
	var names []string
	list, _ := fs.ReadDir(o.vol, path.Clean(dir))
	for _, d := range list {
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
