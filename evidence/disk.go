package evidence

import (
	"fmt"
	"io"
	"path"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/registry"
)

// openContent recognizes what a file without containers is and opens it. The order matters:
// artifacts are recognized by their first bytes, file systems by their boot sector. A
// partition table comes last because its signature, 55 aa, proves little.
func (e *Evidence) openContent(img image, name string, c config) error {
	head := readHead(img, 0, img.size)
	if kind := artifact.Begins(head); kind != "" {
		e.openArtifact(kind, name, img)
		return nil
	}
	if kind := artifact.Unmarked(name); kind != "" {
		e.openArtifact(kind, name, img)
		return nil
	}
	if fs := match(fileSystems, head); fs != "" {
		e.openBareVolume(img, fs)
		return nil
	}
	if t := readTable(img, c.sectorSize); t != nil {
		e.openDisk(t)
		return nil
	}
	lost := findLost(img, nil)
	fs := fileSystem(img, 0, img.size) // recognized by the copy of its boot sector
	if fs != "" && (lost == nil || lost[0].Offset == 0) {
		e.openBareVolume(img, fs)
		return nil
	}
	if lost != nil {
		e.kind = "disk image (no partition table)"
		e.openLost(img, lost)
		return nil
	}
	if kind := remains(img); kind != "" {
		e.openArtifact(kind, name, img)
		return nil
	}
	if e.container != "" { // an image, whatever it is of: its hashes can be verified
		e.openBareVolume(img, "")
		return nil
	}
	return e.in(&damage.Error{Offset: -1, What: "content", Got: beginning(head), Err: ErrUnknown,
		Want: "the image of a disk or volume, a folder, an $MFT, an event log, a registry hive, an executable, an IIS log or another artifact of Windows"})
}

// beginning describes a file that is not recognized.
func beginning(head []byte) string {
	switch {
	case len(head) == 0:
		return "an empty file"
	case bin.AllZero(head):
		return "zeros"
	}
	return fmt.Sprintf("% x", head[:min(len(head), 16)])
}

func (e *Evidence) openArtifact(kind, name string, img image) {
	e.kind = kind
	files := artifactFS{newArtifactFile(name, img)}
	if kind == artifact.Registry {
		files = append(files, e.logsOf(name)...)
	}
	e.volumes = []*Volume{artifactVolume(files)}
}

// logsOf returns the transaction logs beside a hive.
func (e *Evidence) logsOf(hive string) artifactFS {
	if e.beside == nil {
		return nil
	}
	names, err := e.beside.Names()
	if err != nil {
		return nil // the folder cannot be listed, but the hive in it was opened
	}
	var files artifactFS
	for _, name := range registry.LogNames(hive, names) {
		f, err := e.beside.Open(name)
		if err != nil {
			e.note(damage.Malformed, err, name)
			continue
		}
		files = append(files, newArtifactFile(name, image{f.R, f.Size}))
	}
	return files
}

// remains returns the kind of an artifact whose beginning is lost, or "": by what else
// is in its first 64 KiB, or by what it has in many places. A log has chunks of 64 KiB
// behind 4 KiB. An $MFT has a record every 1 or 4 KiB, so at least half of its samples
// are records; of a volume less than that is $MFT.
func remains(img image) string {
	head := make([]byte, min(img.size, 64<<10))
	n, _ := img.r.ReadAt(head, 0)
	if kind := artifact.Remains(head[:n]); kind != "" {
		return kind
	}
	kindAt := func(off int64) string {
		var b [8]byte
		n, _ := img.r.ReadAt(b[:], off)
		return artifact.Begins(b[:n])
	}
	const chunks = 1024
	for off := int64(4096); off < min(img.size, chunks<<16); off += 64 << 10 {
		if kindAt(off) == artifact.EVTX {
			return artifact.EVTX
		}
	}
	const samples, step = 16, 4096
	records := 0
	for i := range int64(samples) {
		if kindAt(img.size/samples*i&^(step-1)) == artifact.MFT {
			records++
		}
	}
	if img.size >= samples*step && records >= samples/2 {
		return artifact.MFT
	}
	return ""
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
	for _, p := range t.problems {
		e.note(p.Kind, p.Err, "")
	}
	for _, p := range t.partitions {
		v := &Volume{
			Name:      fmt.Sprintf("partition %d", p.Number),
			Offset:    p.Start,
			Size:      max(0, min(p.Size, t.img.size-p.Start)),
			Partition: p,
		}
		if v.FileSystem = fileSystem(t.img, v.Offset, v.Size); v.FileSystem == "" {
			v.FileSystem = p.promised()
		}
		if size := beyondEnd(t.img, v.Offset, v.Size); v.FileSystem == "" && size > 0 {
			e.note(damage.Malformed, damage.New("partition size", v.Offset, v.Size, fmt.Sprintf("%d, as the copy of the NTFS boot sector behind its end says", size)), v.Name)
			v.FileSystem, v.Size = "NTFS", size
		}
		if size := claimedSize(t.img, v.Offset, v.Size); size > 0 {
			e.note(damage.Malformed, damage.New("partition size", v.Offset, v.Size, fmt.Sprintf("%d, as the NTFS boot sector and its copy say", size)), v.Name)
			v.Size = size
		}
		e.mount(v, t.img)
		e.volumes = append(e.volumes, v)
	}
	e.openLost(t.img, findLost(t.img, e.volumes))
}

// openLost adds volumes that no table names. They come last, so that they do not take
// a letter from a volume that is in use.
func (e *Evidence) openLost(img image, lost []*Volume) {
	for _, v := range lost {
		e.note(damage.Malformed, damage.New("partition", v.Offset, "a "+v.FileSystem+" volume that no partition table names", nil), v.Name)
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
		v.Err = e.in(&damage.Error{Path: v.Name, Offset: v.Offset, What: "file system", Got: "an unrecognized signature", Err: ErrUnsupported})
	default:
		if v.FileSystem == "BitLocker" {
			v.Kind = BitLocker
		}
		v.Err = damage.In(notRead(v.FileSystem, v.Offset), e.name, v.Name)
		e.note(damage.Unsupported, v.Err, v.Name)
	}
}
