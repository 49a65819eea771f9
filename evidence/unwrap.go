package evidence

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/split"
	"github.com/birthmark-dfir/birthmark/internal/velociraptor"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// The causes of errors for encrypted evidence; see WithPassword.
var (
	// ErrEncrypted is the cause of the error for what needs a password.
	ErrEncrypted = archive.ErrEncrypted
	// ErrPassword is the cause of the error for what has another password.
	ErrPassword = archive.ErrPassword
)

// maxNested bounds containers inside containers: a gzip file can contain itself.
const maxNested = 3

// unwrapped is what is in the containers of evidence.
type unwrapped struct {
	image
	name   string      // without the extensions of the containers
	tree   *archive.FS // the files of an archive, if that holds no image, or several
	images []treeImage // of an archive that holds several
}

// treeImage is an image in an archive.
type treeImage struct {
	path string // in the archive
	disk.File
}

// unwrap takes an image, or the files of an archive, out of their containers.
func (e *Evidence) unwrap(img image, name string, c config) (unwrapped, error) {
	beside := e.beside
	img, name, err := e.joinParts(img, name, beside)
	if err != nil {
		return unwrapped{}, err
	}
	for depth := 0; ; depth++ {
		found := containerOf(img)
		if found == nil && e.isBehind(img, name, c) {
			found = zipArchive
		}
		if found == nil {
			return unwrapped{image: img, name: name}, nil
		}
		unpack := archives[found.name]
		switch {
		case found.open == nil && unpack == nil:
			return unwrapped{}, e.in(notRead(found.name, -1))
		case depth == maxNested:
			return unwrapped{}, e.in(&damage.Error{Offset: -1, What: found.name, Got: fmt.Sprintf("%d nested containers", depth+1),
				Want: fmt.Sprintf("≤ %d", maxNested), Err: ErrUnsupported})
		}
		plain := strings.TrimSuffix(name, found.ext)
		if unpack != nil {
			tree, err := e.openArchive(unpack, disk.File{Name: name, R: img.r, Size: img.size, Beside: beside}, c)
			if err != nil {
				return unwrapped{}, err
			}
			inside, err := e.imagesIn(tree, c)
			switch {
			case err != nil:
				return unwrapped{}, e.in(err)
			case len(inside) != 1:
				return unwrapped{name: plain, tree: tree, images: inside}, nil
			}
			beside = inside[0].Beside
			if img, name, err = e.joinParts(image{inside[0].R, inside[0].Size}, inside[0].Name, beside); err != nil {
				return unwrapped{}, err
			}
			continue
		}
		held, err := found.open(disk.File{Name: name, R: img.r, Size: img.size, Beside: beside})
		switch {
		case errors.Is(err, disk.ErrEncrypted):
			return unwrapped{}, e.in(notRead("encrypted "+found.name, -1))
		case errors.Is(err, disk.ErrJournal):
			return unwrapped{}, e.in(notRead(journaled, -1))
		case err != nil:
			return unwrapped{}, e.in(err)
		case held.R == nil:
			return unwrapped{}, e.in(&damage.Error{Offset: -1, What: found.name, Got: "nothing inside"})
		}
		for _, p := range held.Problems {
			e.note(p.Kind, p.Err, found.name)
		}
		if len(held.Hashes) > 0 {
			e.verifiable = append(e.verifiable, verifiable{e.name, image{held.R, held.Size}, held.Hashes})
		}
		img, name = image{held.R, held.Size}, plain
		if found.ext == "" { // others compress files of any kind
			e.container = found.name
		}
	}
}

// zipArchive is the container of zip files.
var zipArchive = &containers[slices.IndexFunc(containers, func(c container) bool { return c.name == "zip archive" })]

// isBehind reports whether the evidence is a zip file behind bytes that are not its own, as in
// a self-extracting archive. A program stays a program unless what it extracts is the drives of
// a machine or the image of a disk: an installer is one, too. A disk on which the last file is a
// zip file stays a disk.
func (e *Evidence) isBehind(img image, name string, c config) bool {
	if !archive.IsBehind(img.r, img.size) {
		return false
	}
	switch head := readHead(img, 0, img.size); artifact.Begins(head) {
	case artifact.PE:
		return e.extracts(img, c)
	case "":
		return artifact.Unmarked(name) == "" && match(fileSystems, head) == "" && readTable(img, c.sectorSize) == nil &&
			fileSystem(img, 0, img.size) == "" && findLost(img, nil) == nil
	}
	return false
}

// extracts reports whether a zip file holds the drives of a machine or the image of a disk.
func (e *Evidence) extracts(img image, c config) bool {
	tree, err := archive.OpenZip(img.r, img.size, archive.Options{Password: c.password})
	if err != nil {
		return false
	}
	if drives, _ := findDrives(tree); drives != nil {
		return true
	}
	inside, err := (&Evidence{name: e.name}).imagesIn(tree, c)
	return err == nil && slices.ContainsFunc(inside, func(f treeImage) bool {
		found := containerOf(image{f.R, f.Size})
		return found == nil || archives[found.name] == nil
	})
}

// joinParts joins the parts of a raw image, if the file is one of several.
func (e *Evidence) joinParts(img image, name string, beside disk.Folder) (image, string, error) {
	if beside == nil || !split.IsPart(name) {
		return img, name, nil
	}
	held, joined, err := split.Open(disk.File{Name: name, R: img.r, Size: img.size, Beside: beside})
	if err != nil {
		return image{}, "", e.in(err)
	}
	for _, p := range held.Problems {
		e.note(p.Kind, p.Err, "parts")
	}
	if joined > 1 {
		return image{held.R, held.Size}, strings.TrimSuffix(name, path.Ext(name)), nil
	}
	return img, name, nil
}

// openArchive opens the tree of an archive.
func (e *Evidence) openArchive(open func(*Evidence, disk.File, archive.Options) (*archive.FS, error), f disk.File, c config) (*archive.FS, error) {
	tree, err := open(e, f, archive.Options{Password: c.password})
	if err != nil {
		return nil, e.in(withUnsupported(err))
	}
	if all, err := tree.Locked(); all {
		return nil, e.in(withUnsupported(err))
	} else if err != nil {
		e.note(damage.Unsupported, err, "")
	}
	if st, err := fs.Stat(tree, aff4Metadata); err == nil && st.Mode().IsRegular() {
		return nil, e.in(notRead(aff4, -1))
	}
	e.trees = append(e.trees, tree)
	return tree, nil
}

// withUnsupported adds the cause of this package to that of the package archive.
func withUnsupported(err error) error {
	var d *damage.Error
	if errors.As(err, &d) && errors.Is(d, archive.ErrUnsupported) {
		named := *d
		named.Err = ErrUnsupported
		return &named
	}
	return err
}

// openTree opens an archive as the folder that was packed.
func (e *Evidence) openTree(tree *archive.FS, name string) error {
	if err := e.openFolder(tree, name); err != nil {
		return err
	}
	e.kind = strings.Replace(e.kind, "folder", "archive", 1)
	return nil
}

// The files of an archive that are looked at to find an image among them.
const (
	maxInside      = 2000
	maxInsideDepth = 4
)

// maxImages bounds how many images of a folder or an archive are opened.
const maxImages = 256

// imagesIn returns the images or archives that an archive was made to carry: the data.zip
// of an encrypted collection, the VHDX of KAPE, the disks of an OVA. Of one in several
// files it is the first. An archive with the drives of a machine, or
// with artifacts, was made for them, and has none. The error is for one that cannot be read.
func (e *Evidence) imagesIn(tree *archive.FS, c config) ([]treeImage, error) {
	if drives, _ := findDrives(tree); drives != nil {
		return nil, nil
	}
	var names, kinds []string
	looked := 0
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.Count(name, "/") >= maxInsideDepth:
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		if looked++; looked > maxInside {
			return fs.SkipAll
		}
		if kind := imageKind(tree, name, c); kind != "" {
			names, kinds = append(names, name), append(kinds, kind)
		}
		return nil
	})
	if err != nil || looked > maxInside {
		return nil, err
	}
	names, kinds = firstsOf(names, kinds)
	isImage := func(kind string) bool { return kind != kindArtifact }
	switch i := slices.IndexFunc(kinds, isImage); {
	case i < 0:
		return nil, nil
	case slices.Contains(kinds, kindArtifact):
		e.note(damage.Unsupported, &damage.Error{Path: names[i], Offset: -1, What: kinds[i], Got: "one among artifacts", Want: "an archive of it alone; it was not opened", Err: ErrUnsupported}, "")
		return nil, nil
	case len(names) > maxImages || len(names) > 1 && c.inSeveral: // an archive can contain itself
		e.note(damage.Unsupported, &damage.Error{Offset: -1, What: "archive", Got: "several images", Want: "one; unpack them, and open each", Err: ErrUnsupported}, "")
		return nil, nil
	}
	var found []treeImage
	for _, name := range names {
		f, err := treeFolder{tree, path.Dir(name)}.Open(path.Base(name))
		if err == nil {
			err = readable(image{f.R, f.Size})
		}
		for _, locked := range []error{ErrEncrypted, ErrPassword} {
			if scheme := velociraptor.EncryptedPassword(tree); errors.Is(err, locked) && scheme != "" {
				err = &damage.Error{Path: name, Offset: -1, What: "password", Want: "the one in " + velociraptor.Metadata + ", which is encrypted with " + scheme, Err: locked}
			}
		}
		if err != nil {
			return nil, err
		}
		found = append(found, treeImage{name, f})
	}
	return found, nil
}

// vmdkDescriptor is the kind of a text that names the other files of an image.
const vmdkDescriptor = "VMware image descriptor (VMDK)"

// firstsOf removes the files of images that others name or begin: the extents of a
// descriptor, and segments and parts, which differ from the first one in their extension only.
func firstsOf(names, kinds []string) (firsts, of []string) {
	var descriptors []string
	for i, kind := range kinds {
		if kind == vmdkDescriptor {
			descriptors = append(descriptors, stem(names[i])+"-")
		}
	}
	begun := map[string]bool{}
	for i, name := range names {
		kind := kinds[i]
		series, sure := split.Series(path.Base(name))
		if strings.HasPrefix(kind, "EnCase") {
			series, sure = kind+path.Base(stem(name)), true
		}
		image := path.Join(path.Dir(name), series)
		switch {
		case kind != vmdkDescriptor && hasAnyPrefix(name, descriptors):
			continue
		case series == "":
		case begun[image] && (sure || kind != kindDisk):
			continue
		case kind == kindDisk, strings.HasPrefix(kind, "EnCase"):
			begun[image] = true
		}
		firsts, of = append(firsts, name), append(of, kind)
	}
	return firsts, of
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// stem returns a name without its last extension.
func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// kindArtifact is not the name of a container.
const kindArtifact = "artifact"

// imageKind returns what kind of image a file of an archive is, or "". Most files are
// recognized by their beginning, which is quick to read.
func imageKind(tree *archive.FS, name string, c config) string {
	head, err := tree.Head(name, longestMark)
	if err != nil {
		return encryptedKind(err, name)
	}
	for i := range containers {
		if r := &containers[i]; r.off >= 0 && r.marks(head, nil) {
			return r.inside()
		}
	}
	if artifact.Of(name, head) != "" || weblog.FormatOf(head) != "" {
		return kindArtifact
	}
	if fs := match(fileSystems, head); fs != "" {
		return kindDisk
	}
	// What is left has its mark at its end, or a partition table.
	tail := strings.EqualFold(path.Ext(name), ".vhd")
	f, err := treeFolder{tree, path.Dir(name)}.Open(path.Base(name))
	if err != nil || f.Size < minImage || !tail && !hasBootSignature(head) {
		return ""
	}
	img := image{f.R, f.Size}
	if found := containerOf(img); found != nil {
		return found.inside()
	}
	if readTable(img, c.sectorSize) != nil {
		return kindDisk
	}
	return ""
}

// kindDisk is a raw image.
const kindDisk = "disk image"

// inside returns the name of the container, or "" if it is not read.
func (c *container) inside() string {
	if c.open == nil && archives[c.name] == nil {
		return ""
	}
	return c.name
}

func hasBootSignature(head []byte) bool {
	return len(head) >= sector512 && head[bootSignatureOff] == 0x55 && head[bootSignatureOff+1] == 0xaa
}

// minImage is the size of the smallest disk with a partition table that is looked for in
// an archive: the mark of a table proves little.
const minImage = 1 << 20

// encryptedKind returns what kind of image a file has by its name, if it is encrypted: to
// open it is an error that says so.
func encryptedKind(err error, name string) string {
	if errors.Is(err, ErrEncrypted) || errors.Is(err, ErrPassword) {
		if strings.EqualFold(path.Ext(name), ".zip") {
			return "zip archive"
		}
	}
	return ""
}

// readable returns the error of the first byte.
func readable(img image) error {
	if img.size == 0 {
		return nil
	}
	var b [1]byte
	_, err := img.r.ReadAt(b[:], 0)
	if err == io.EOF {
		return nil
	}
	return err
}
