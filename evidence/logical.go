package evidence

import (
	"errors"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/ewf"
)

// archives open the containers that hold files, by their names in the table.
var archives = map[string]func(*Evidence, disk.File, archive.Options) (*archive.FS, error){
	"zip archive": func(_ *Evidence, f disk.File, o archive.Options) (*archive.FS, error) {
		return archive.OpenZip(f.R, f.Size, o)
	},
	"tar archive": func(_ *Evidence, f disk.File, o archive.Options) (*archive.FS, error) {
		return archive.OpenTar(f.R, f.Size, o)
	},
	logicalImage:       (*Evidence).openLogical,
	secondLogicalImage: (*Evidence).openLogical,
}

// Images of files instead of a disk.
const (
	logicalImage       = "EnCase logical image (L01)"
	secondLogicalImage = "EnCase logical image (Lx01)"
)

// openLogical opens an image of files as an archive of them, with the hashes that it stores of
// their content. A file that had been deleted is
// not one that exists: its name says so.
func (e *Evidence) openLogical(f disk.File, o archive.Options) (*archive.FS, error) {
	l, err := ewf.OpenLogical(f)
	switch {
	case errors.Is(err, disk.ErrEncrypted):
		return nil, notRead(encryptedLogical, -1)
	case err != nil:
		return nil, err
	}
	problems := l.Problems
	tree := archive.Of(func(yield func(archive.Member) bool) {
		for i := range l.Files {
			of := &l.Files[i]
			m := archive.Member{Name: pathOf(l.Files, i), Size: of.Size, Modified: of.Modified, R: of.R, Err: of.Err,
				Times: archive.Times{Created: of.Created, Accessed: of.Accessed, Changed: of.Changed}}
			if of.Folder {
				m.Name += "/"
			} else if of.Deleted {
				m.Name += " (deleted)"
			}
			if hashes := hashesOf(of); hashes != nil {
				e.verifiable = append(e.verifiable, verifiable{e.name + ": " + m.Name, image{of.R, of.Size}, hashes})
			}
			if of.Err != nil {
				problems = append(problems, damage.Note(damage.Malformed, of.Err, f.Name, m.Name))
			}
			if !yield(m) {
				return
			}
		}
	}, o)
	tree.Add(problems)
	return tree, nil
}

// hashesOf returns the hashes that an image stores of a file that can be read.
func hashesOf(f *ewf.File) (list []disk.Hash) {
	if f.R == nil {
		return nil
	}
	if f.MD5 != nil {
		list = append(list, disk.Hash{Algorithm: "MD5", Sum: f.MD5})
	}
	if f.SHA1 != nil {
		list = append(list, disk.Hash{Algorithm: "SHA-1", Sum: f.SHA1})
	}
	return list
}

// maxMemberName is the length of the longest path of a member, in bytes.
const maxMemberName = 0xffff

// pathOf returns the path of a file of an image, or the end of one that is too long for a member.
func pathOf(files []ewf.File, i int) string {
	var parts []string
	for n := 0; i >= 0 && n <= maxMemberName; i = files[i].Parent {
		n += len(files[i].Name) + 1
		parts = append(parts, plainName(files[i].Name))
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// plainName returns a name of an image as one part of a path.
func plainName(name string) string {
	switch name {
	case ".", "..":
		return strings.ReplaceAll(name, ".", "%2E")
	}
	return separators.Replace(name)
}

var separators = strings.NewReplacer("/", "%2F", `\`, "%5C", "\x00", "%00")
