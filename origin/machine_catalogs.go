package origin

import (
	"io/fs"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// findCatalogs returns the catalogs on the volume with Windows. It reads them once for all
// who ask.
func (v *volumes) findCatalogs() *catalogs {
	if v.catalogs != nil {
		return v.catalogs
	}
	v.catalogs = &catalogs{Catalogs: new(pe.Catalogs)}
	read := func(vol fs.FS, drive string, artifact func(string) string) bool {
		dir, ok := timeline.FindFile(vol, "Windows/System32/CatRoot")
		if !ok {
			return false
		}
		if list, err := pe.OpenCatalogs(vol, dir); err == nil {
			v.catalogs = &catalogs{list, drive, artifact}
		}
		return true
	}
	if read(v.vol, v.drive, func(name string) string { return name }) {
		return v.catalogs
	}
	for i := range v.others {
		if other := &v.others[i]; read(other.vol, other.drive, other.artifact) {
			break
		}
	}
	return v.catalogs
}
