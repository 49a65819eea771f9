package evidence

import (
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/mft"
)

// mountNTFS gives v the NTFS volume that fills img. If its boot sector is lost, the
// copy in the last sector is used.
func (e *Evidence) mountNTFS(v *Volume, img image) {
	if match(fileSystems[:1], readHead(img, 0, img.size)) == "" {
		if boot := bootSectorCopy(img); boot != nil {
			img.r = bootOverlay{img.r, boot}
			e.note(damage.Malformed, damage.New("NTFS boot sector", v.Offset, "none", "the contents of its copy at the end of the volume"), v.Name)
		}
	}
	volume, err := mft.NewVolume(img.r, img.size)
	if err != nil {
		p := e.of(v, damage.Note(damage.Malformed, err, artifactNTFS, ""))
		v.Err = p.Err
		e.problems = append(e.problems, p)
		return
	}
	v.FS, v.image = volume, img
	e.findSnapshots(v, img)
}

// bootSectorCopy returns the last sector of a volume if it is a boot sector of NTFS,
// else nil.
func bootSectorCopy(img image) []byte {
	for _, sector := range []int64{sector512, sector4Kn} {
		boot, err := bin.ReadAt(img.r, img.size, img.size-sector, sector512, "copy of the boot sector")
		if err == nil && match(fileSystems[:1], boot) != "" {
			return boot
		}
	}
	return nil
}

// bootOverlay reads from r, but begins with another boot sector.
type bootOverlay struct {
	r    io.ReaderAt
	boot []byte
}

// ReadAt implements io.ReaderAt.
func (o bootOverlay) ReadAt(b []byte, off int64) (int, error) {
	n, err := o.r.ReadAt(b, off)
	if off >= 0 && off < int64(len(o.boot)) {
		copy(b[:n], o.boot[off:])
	}
	return n, err
}
