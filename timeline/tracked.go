package timeline

import (
	"io/fs"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/winid"
)

// tracked is the index of object identifiers of the volume, $Extend\$ObjId:$O, by which links
// find their targets after these were renamed.
type tracked struct {
	read   bool
	volume winid.GUID // without the flag of a file that was moved; zero if it has none
	files  map[winid.GUID]mft.Ref
}

// find returns the record of the file of a volume that has the identifiers of a link now, and its
// path, or "" if no file has them, or if they are those of another volume.
func (k *tracked) find(fsys fs.FS, d lnk.Droid) (ref mft.Ref, path string) {
	vol, ok := fsys.(*mft.Volume)
	if !ok || d.File.IsZero() {
		return mft.Ref{}, ""
	}
	k.load(vol)
	d.Volume[0] &^= 1
	ref, ok = k.files[d.File]
	if !ok || k.volume.IsZero() || d.Volume != k.volume {
		return mft.Ref{}, ""
	}
	rec, err := vol.MFT().Record(ref.Entry)
	if err != nil || rec.Ref != ref || !rec.InUse() {
		return mft.Ref{}, ""
	}
	return ref, vol.MFT().Path(rec).String()
}

// load reads the index once. A file whose entry is damaged is not found.
func (k *tracked) load(vol *mft.Volume) {
	if k.read {
		return
	}
	k.read, k.files = true, map[winid.GUID]mft.Ref{}
	if rec, err := vol.MFT().Record(mft.EntryVolume); err == nil {
		k.volume = rec.ObjectID
		k.volume[0] &^= 1
	}
	for id, err := range vol.ObjectIDs() {
		if err == nil {
			k.files[id.ID] = id.File
		}
	}
}
