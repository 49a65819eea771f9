package timeline

import (
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/winid"
)

// tracked is the index of object identifiers of the volume, $Extend\$ObjId:$O, by which links
// find their targets after these were renamed.
type tracked struct {
	volume winid.GUID // without the flag of a file that was moved; zero if it has none
	files  map[winid.GUID]mft.Ref
}

// trackedFile returns the record of the file that has the identifiers of a link now, and its path,
// or "" if no file has them, or if they are those of another volume.
func (t *Timeline) trackedFile(d lnk.Droid) (ref mft.Ref, path string) {
	vol, ok := t.vol.(*mft.Volume)
	if !ok || d.File.IsZero() {
		return mft.Ref{}, ""
	}
	if t.objects == nil {
		t.objects = trackedOn(vol)
	}
	d.Volume[0] &^= 1
	ref, ok = t.objects.files[d.File]
	if !ok || t.objects.volume.IsZero() || d.Volume != t.objects.volume {
		return mft.Ref{}, ""
	}
	rec, err := vol.MFT().Record(ref.Entry)
	if err != nil || rec.Ref != ref || !rec.InUse() {
		return mft.Ref{}, ""
	}
	return ref, winpath.Windows(t.opt.drive, vol.MFT().Path(rec).String())
}

// trackedOn reads the index. A file whose entry is damaged is not found.
func trackedOn(vol *mft.Volume) *tracked {
	all := &tracked{files: map[winid.GUID]mft.Ref{}}
	if rec, err := vol.MFT().Record(mft.EntryVolume); err == nil {
		all.volume = rec.ObjectID
		all.volume[0] &^= 1
	}
	for id, err := range vol.ObjectIDs() {
		if err == nil {
			all.files[id.ID] = id.File
		}
	}
	return all
}
