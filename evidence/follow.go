package evidence

import (
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/mft"
)

// maxVolumes is how many times a path may lead from one volume to another.
const maxVolumes = 8

// follow resolves the junctions and symbolic links in a path of a volume, if that leads to
// a file that exists. The volume is nil if not.
func (e *Evidence) follow(v *Volume, name string, depth int) (real string, in *Volume) {
	volume, ok := v.FS.(*mft.Volume)
	if !ok || depth == maxVolumes {
		return "", nil
	}
	file, stream, hasStream := strings.Cut(name, ":")
	real, elsewhere, links, err := volume.Follow(file, v.Letter)
	switch {
	case err != nil || len(links) == 0:
		return "", nil
	case elsewhere != "":
		t := e.target(elsewhere)
		if t.anywhere {
			return "", nil
		}
		for _, other := range t.volumes {
			if other.Machine != v.Machine {
				continue
			}
			if real, in := e.follow(other, t.path, depth+1); in != nil {
				return real, in
			}
			if _, err := fs.Stat(other.FS, t.path); err == nil {
				return t.path, other
			}
		}
		return "", nil
	}
	if hasStream {
		real += ":" + stream
	}
	if _, err := fs.Stat(volume, real); err != nil {
		return "", nil
	}
	return real, v
}
