package evidence

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// openFile tells what a file is and opens it. The order matters: a container or
// an artifact says so in its first bytes, a file system in its boot sector; a
// partition table comes last because its mark, 55 aa, proves little.
func (e *Evidence) openFile(img image, c config) error {
	head := readHead(img, 0, img.size)
	if strings.HasPrefix(string(head), gzipMagic) {
		pages, err := unpackGzip(img)
		if err != nil {
			return damage.In(err, e.name, "")
		}
		if pages.err != nil {
			e.problems = append(e.problems, problemOf(damage.Truncation, "gzip", pages.err))
		}
		img = image{pages, pages.size}
		head = readHead(img, 0, img.size)
		e.name = strings.TrimSuffix(e.name, ".gz")
	}
	tail := head
	if img.size > int64(len(head)) {
		tail = make([]byte, 512)
		n, _ := img.r.ReadAt(tail, img.size-512)
		tail = tail[:n]
	}
	if name := match(containers, head, tail); name != "" {
		return &damage.Error{Artifact: e.name, Offset: -1, What: name, Err: ErrUnsupported}
	}
	if kind := match(artifacts, head, nil); kind != "" {
		e.kind = kind
		e.volumes = []*Volume{artifactVolume(e.base(), img)}
		return nil
	}
	if fs := match(fileSystems, head, nil); fs != "" {
		e.openBareVolume(img, fs)
		return nil
	}
	if t := readTable(img, c.sectorSize); t != nil {
		e.openDisk(t)
		return nil
	}
	if fs := fileSystem(img, 0, img.size); fs != "" { // by the copy of its boot sector
		e.openBareVolume(img, fs)
		return nil
	}
	if lost := findLost(img, nil); lost != nil {
		e.kind = "disk image (no partition table)"
		e.openLost(img, lost)
		return nil
	}
	got := "an empty file"
	if len(head) > 0 {
		got = fmt.Sprintf("% x", head[:min(len(head), 16)])
	}
	return &damage.Error{
		Artifact: e.name, Offset: 0, What: "signature", Got: got, Err: ErrUnknown,
		Want: "a disk with a partition table (MBR, GPT), a volume (" + names(fileSystems) +
			"), an artifact (" + names(artifacts) + "), one of these in gzip, or a container (" + names(containers) + ")",
	}
}

// base returns the file name of the evidence.
func (e *Evidence) base() string {
	name := filepath.Base(e.name)
	if name == "." || name == string(filepath.Separator) {
		return "evidence"
	}
	return path.Base(name)
}

func (e *Evidence) openBareVolume(img image, fileSystem string) {
	e.kind = "volume image"
	v := &Volume{Name: "volume", FileSystem: fileSystem, Size: img.size}
	e.mount(v, img)
	e.volumes = []*Volume{v}
}

func (e *Evidence) openDisk(t *table) {
	e.kind = fmt.Sprintf("disk image (%v)", t.scheme)
	e.problems = append(e.problems, t.problems...)
	for _, p := range t.partitions {
		v := &Volume{
			Name:      fmt.Sprintf("partition %d", p.Number),
			Offset:    p.Start,
			Size:      max(0, min(p.Size, t.img.size-p.Start)),
			Partition: p,
		}
		v.FileSystem = fileSystem(t.img, v.Offset, v.Size)
		e.mount(v, t.img)
		e.volumes = append(e.volumes, v)
	}
	e.openLost(t.img, findLost(t.img, e.volumes))
}

// openLost adds volumes that no table names. They come last, so that they take no
// letter from one that is in use.
func (e *Evidence) openLost(img image, lost []*Volume) {
	for _, v := range lost {
		e.problems = append(e.problems, problemOf(damage.Malformed, v.Name,
			damage.New("partition", v.Offset, "a "+v.FileSystem+" volume that no partition table names", nil)))
		e.mount(v, img)
		e.volumes = append(e.volumes, v)
	}
}

// mount gives a volume of an image its file system.
func (e *Evidence) mount(v *Volume, img image) {
	v.FS = emptyFS{}
	switch {
	case v.FileSystem == "NTFS":
		v.Kind = NTFS
		e.mountNTFS(v, image{io.NewSectionReader(img.r, v.Offset, v.Size), v.Size})
	case v.FileSystem == "":
		v.Err = &damage.Error{Path: v.Name, Offset: v.Offset, What: "file system", Got: "no known signature", Err: ErrUnsupported}
	default:
		if v.FileSystem == "BitLocker" {
			v.Kind = BitLocker
		}
		v.Err = &damage.Error{Path: v.Name, Offset: v.Offset, What: v.FileSystem, Err: ErrUnsupported}
		e.problems = append(e.problems, problemOf(damage.Unsupported, v.Name, v.Err))
	}
}
