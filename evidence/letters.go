package evidence

import (
	"encoding/binary"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// AssignLetters gives the volumes of an image the drive letters that Windows
// used. Devices holds the values of the key MountedDevices of the SYSTEM hive, by
// value name (`\DosDevices\C:`, `\??\Volume{…}`). Entries of other disks are
// ignored. Volumes that get none keep what the default rules gave: the volume
// that holds Windows, else the only one, is C.
//
// A value names a partition of an MBR by 12 bytes, the disk signature and the
// offset of the partition in bytes, and one of a GPT by "DMIO:ID:" and the GUID of
// the partition. Values that name removable devices are of neither form.
func (e *Evidence) AssignLetters(devices map[string][]byte) {
	for _, v := range e.volumes {
		if v.Partition != nil {
			v.Letter = ""
		}
	}
	for _, name := range slices.Sorted(maps.Keys(devices)) {
		v := e.mounted(devices[name])
		if v == nil {
			continue
		}
		upper := strings.ToUpper(name)
		if letter, ok := strings.CutPrefix(upper, `\DOSDEVICES\`); ok && len(letter) == 2 && letter[1] == ':' && isLetter(letter[0]) {
			v.Letter = letter[:1]
		}
		if guid, ok := strings.CutPrefix(upper, `\??\VOLUME`); ok {
			if g, err := winid.ParseGUID(guid); err == nil {
				if e.guids == nil {
					e.guids = map[GUID]*Volume{}
				}
				e.guids[g] = v
			}
		}
	}
	e.assignDefaultLetters()
}

// mounted returns the volume that a value of MountedDevices names, nil where it
// is on another disk.
func (e *Evidence) mounted(device []byte) *Volume {
	id, isGPT := strings.CutPrefix(string(device), "DMIO:ID:")
	for _, v := range e.volumes {
		switch p := v.Partition; {
		case p == nil:
		case p.Scheme == GPT && isGPT && id == string(p.GUID[:]):
			return v
		case p.Scheme == MBR && len(device) == 12 &&
			binary.LittleEndian.Uint32(device) == p.DiskSignature &&
			binary.LittleEndian.Uint64(device[4:]) == uint64(p.Start):
			return v
		}
	}
	return nil
}

// assignDefaultLetters makes the volume that holds Windows, else the only one
// that can be read, C, unless a volume already is.
func (e *Evidence) assignDefaultLetters() {
	var readable, windows []*Volume
	for _, v := range e.volumes {
		if v.Letter == "C" {
			return
		}
		if v.Err != nil || v.Kind == Artifact || v.Letter != "" {
			continue
		}
		readable = append(readable, v)
		if st, err := fs.Stat(v.FS, "Windows"); err == nil && st.IsDir() {
			windows = append(windows, v)
		}
	}
	switch {
	case len(windows) > 0:
		windows[0].Letter = "C"
	case len(readable) == 1:
		readable[0].Letter = "C"
	}
}

// volume returns the volume of a drive letter in upper case; nil where there is
// none.
func (e *Evidence) volume(letter string) *Volume {
	for _, v := range e.volumes {
		if v.Letter == letter {
			return v
		}
	}
	return nil
}
