package evidence

import (
	"cmp"
	"encoding/binary"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// assignLetters assigns the drive letters that the registry on one of the volumes
// records, then the default letters.
func (e *Evidence) assignLetters() {
	if slices.ContainsFunc(e.volumes, func(v *Volume) bool { return v.Partition.Scheme != 0 }) {
		for _, v := range e.volumes {
			if v.Err == nil && e.assignDevices(e.mountedDevices(v)) {
				break
			}
		}
	}
	e.assignDefaultLetters()
	e.findOwnLetters()
}

// OwnLetter returns the drive letter that the Windows installed on a volume gives to the volume
// itself, "" if none is installed there. It is not Letter if a disk has several installations:
// each is on C while it runs, and the records of each name its files so. What its SYSTEM hive
// does not say is its Letter, or else C.
func (v *Volume) OwnLetter() string {
	if v == nil || v.ownLetter == nil {
		return ""
	}
	return v.ownLetter()
}

// findOwnLetters lets each volume find its own letter, if it is asked for.
func (e *Evidence) findOwnLetters() {
	for _, v := range e.volumes {
		if v.Err != nil || v.Kind == Artifact || v.Kind == Beside {
			continue
		}
		v.ownLetter = sync.OnceValue(func() string {
			if st, err := fs.Stat(v.FS, "Windows/System32"); err != nil || !st.IsDir() {
				return ""
			}
			if v.Partition.Scheme != 0 {
				only := &Evidence{name: e.name, volumes: []*Volume{v}}
				devices := only.mountedDevices(v)
				for _, name := range slices.Sorted(maps.Keys(devices)) {
					if letter, ok := letterOf(name); ok && only.mounted(devices[name]) == v {
						return letter
					}
				}
			}
			return cmp.Or(v.Letter, "C")
		})
	}
}

// letterOf returns the letter in the name of a value of MountedDevices.
func letterOf(name string) (letter string, ok bool) {
	letter, ok = winpath.CutPrefix(name, `\DosDevices\`)
	if !ok || len(letter) != 2 || letter[1] != ':' || !isLetter(letter[0]) {
		return "", false
	}
	return strings.ToUpper(letter[:1]), true
}

// assignDevices assigns to the volumes of a disk the drive letters and GUIDs in the
// values of the key MountedDevices (`\DosDevices\C:`, `\??\Volume{…}`), in order of
// their names. It reports whether they name any volume: values of other disks are
// ignored. A letter is assigned once, and a volume keeps the first letter it gets.
//
// A value names an MBR partition by 12 bytes, the disk signature and the offset of
// the partition in bytes. It names a GPT partition by "DMIO:ID:" and the GUID of the
// partition. Values for removable devices have neither form.
func (e *Evidence) assignDevices(devices map[string][]byte) bool {
	found := false
	for _, name := range slices.Sorted(maps.Keys(devices)) {
		v := e.mounted(devices[name])
		if v == nil {
			continue
		}
		found = true
		if letter, ok := letterOf(name); ok && v.Letter == "" && e.volume(letter) == nil {
			v.Letter = letter
		}
		if guid, ok := winpath.CutPrefix(name, `\??\Volume`); ok {
			if g, err := winid.ParseGUID(guid); err == nil {
				if e.guids == nil {
					e.guids = map[GUID]*Volume{}
				}
				e.guids[g] = v
			}
		}
	}
	return found
}

// mounted returns the volume that a value of MountedDevices names, or nil if it is on
// another disk.
func (e *Evidence) mounted(device []byte) *Volume {
	id, isGPT := strings.CutPrefix(string(device), "DMIO:ID:")
	for _, v := range e.volumes {
		switch p := &v.Partition; {
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

// assignDefaultLetters makes the volume that holds Windows C, else the only readable
// volume, unless a volume is C already.
func (e *Evidence) assignDefaultLetters() {
	var readable, windows []*Volume
	for _, v := range e.volumes {
		if v.Letter == "C" {
			return
		}
		if v.Err != nil || v.Kind == Artifact || v.Kind == Beside || v.Letter != "" {
			continue
		}
		if v.Shadow && slices.ContainsFunc(e.volumes, func(o *Volume) bool { return !o.Shadow && o.Kind == Folder }) {
			continue // what the volume once was, beside a volume
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

// volume returns the volume of a drive letter in upper case, or nil.
func (e *Evidence) volume(letter string) *Volume {
	for _, v := range e.volumes {
		if v.Letter == letter {
			return v
		}
	}
	return nil
}
