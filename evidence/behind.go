package evidence

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

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
	return err == nil && slices.ContainsFunc(inside, func(f disk.File) bool {
		found := containerOf(image{f.R, f.Size})
		return found == nil || archives[found.name] == nil
	})
}
