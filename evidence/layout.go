package evidence

import (
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/velociraptor"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// layer is a directory of a folder that holds files of one drive.
type layer struct {
	dir     string // path in the folder
	encoded bool   // names are percent-encoded, as Velociraptor does
	joined  bool   // it is in another folder of the machine than the first
}

// drive is a volume that a triage folder holds, in one or more layers.
type drive struct {
	name    string // "C", or the name of a device
	letter  string // "" if the name is not a drive letter
	machine string // the name of its machine, if there are several; else ""
	home    string // the folder of that
	layers  []layer
}

// maxWrappers bounds how many directories around the drives are searched, such as the
// one that unpacking an archive creates, and those of a hunt of Velociraptor:
// clients/CLIENT/collections/FLOW/.
const maxWrappers = 8

// findDrives returns the drives of a folder with a known layout, or nil. The known
// layouts are
//
//	C/…                                KAPE, CyLR
//	C%3A/…  C:/…                       Velociraptor, dissect.acquire (below fs/)
//	uploads/ACCESSOR/C%3A/…            Velociraptor; ACCESSOR is auto, ntfs, file, …
//	uploads/ntfs/%5C%5C.%5CC%3A/…      Velociraptor, \\.\C: read as a raw volume
//	Windows/…  Users/…  $MFT           the drive itself
//	C/… VSS1/…                         KAPE, with the shadow copies of C
//	MACHINE/…                          a folder for each of several machines, with any of these
//	FOLDER/…                           one folder with any of these, among others
//	tout/… mout/…                      KAPE, its targets beside the output of its modules
//
// Left are the folders that are named as a drive and are of no machine.
func findDrives(fsys fs.FS) (drives []*drive, left []string) {
	drives, inner := drivesIn(fsys, ".")
	if drives == nil && inner != "" {
		return findMachines(fsys, inner, false)
	}
	return drives, nil
}

// drivesIn returns the drives of one machine in a directory, or in the directories that
// are wrapped in it. If there are no drives, inner is the innermost of those directories;
// it is "" if that cannot be read, or if too many are in each other.
func drivesIn(fsys fs.FS, dir string) (drives []*drive, inner string) {
	for range maxWrappers {
		list, err := fs.ReadDir(fsys, dir)
		if err != nil {
			return nil, ""
		}
		if isDrive(list) {
			return []*drive{{name: "C", layers: []layer{{dir: dir}}}}, dir
		}
		add := func(parent string) {
			list, err := fs.ReadDir(fsys, parent)
			if err != nil {
				return
			}
			small := hasSmallLetters(fsys, parent, list)
			for _, d := range list {
				if d.IsDir() && (small || !isSmallLetter(d.Name())) {
					drives = addDrive(drives, parent, d.Name())
				}
			}
		}
		add(dir)
		for _, d := range list {
			if sub := path.Join(dir, d.Name()); d.IsDir() && (strings.EqualFold(d.Name(), "uploads") || strings.EqualFold(d.Name(), "fs")) {
				add(sub)
				accessors, err := fs.ReadDir(fsys, sub)
				if err != nil {
					continue
				}
				for _, a := range accessors {
					if a.IsDir() {
						add(path.Join(sub, a.Name()))
					}
				}
			}
		}
		if len(drives) > 0 {
			return addShadows(drives, fsys, dir, list), dir
		}
		sub := wrapped(fsys, dir, list)
		if sub == "" {
			return nil, dir
		}
		dir = path.Join(dir, sub)
	}
	return nil, ""
}

// clientOf returns the name of the machine that a collection of Velociraptor is of, or "".
func clientOf(fsys fs.FS, drives []*drive) string {
	top := ""
	for _, d := range drives {
		at, ok := velociraptor.Top(d.layers[0].dir)
		if !ok {
			return ""
		}
		top = at
	}
	if top == "" {
		return ""
	}
	return velociraptor.ReadClient(fsys, top).Host
}

// hasArtifact reports whether a parser reads one of the files of a directory.
func hasArtifact(fsys fs.FS, dir string, list []fs.DirEntry) bool {
	for _, d := range list {
		if d.Type().IsRegular() && isArtifact(fsys, path.Join(dir, d.Name())) {
			return true
		}
	}
	return false
}

// wrapped returns the directory that a directory is only a wrapper of, or "": its only
// one, if the files beside it are not evidence themselves. Collectors leave their own
// logs there.
func wrapped(fsys fs.FS, dir string, list []fs.DirEntry) string {
	only := ""
	for _, d := range list {
		switch {
		case d.IsDir() && only != "":
			return ""
		case d.IsDir():
			only = d.Name()
		}
	}
	if only == "" || hasArtifact(fsys, dir, list) {
		return ""
	}
	return only
}

// isArtifact reports whether a parser reads a file.
func isArtifact(fsys fs.FS, name string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return artifact.Named(name) != ""
	}
	defer f.Close()
	var head [artifact.HeadSize]byte
	n, _ := io.ReadFull(f, head[:])
	return artifact.Of(name, head[:n]) != "" || weblog.FormatOf(head[:n]) != ""
}

// isDrive reports whether a directory is the root of a Windows drive.
func isDrive(list []fs.DirEntry) bool {
	for _, d := range list {
		switch strings.ToLower(d.Name()) {
		case "windows", "users", "documents and settings":
			if d.IsDir() {
				return true
			}
		case "$mft":
			// A folder of loose artifacts may hold an $MFT too, but a drive also
			// holds directories.
			for _, other := range list {
				if other.IsDir() {
					return true
				}
			}
		}
	}
	return false
}

// addDrive adds the directory name of parent as a layer, if name is that of a drive.
func addDrive(drives []*drive, parent, name string) []*drive {
	id, letter, encoded := driveName(name)
	if id == "" {
		return drives
	}
	l := layer{dir: path.Join(parent, name), encoded: encoded}
	for _, d := range drives {
		if winpath.Same(d.name, id) {
			d.layers = append(d.layers, l)
			return drives
		}
	}
	return append(drives, &drive{name: id, letter: letter, layers: []layer{l}})
}

// shadowFolder is how KAPE and Velociraptor name the folder of a shadow copy.
var shadowFolder = regexp.MustCompile(`(?i)^(vss|harddiskvolumeshadowcopy)\d+$`)

// isShadow reports whether a volume is a shadow copy, by the name that a collector gave it.
func isShadow(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), shadowFolder.MatchString)
}

func isSmallLetter(name string) bool { return len(name) == 1 && 'a' <= name[0] && name[0] <= 'z' }

// hasSmallLetters reports whether the directories of a folder that are named by a small letter
// are drives: at least one of them looks like a drive.
func hasSmallLetters(fsys fs.FS, parent string, list []fs.DirEntry) bool {
	for _, d := range list {
		if d.IsDir() && isSmallLetter(d.Name()) {
			if in, err := fs.ReadDir(fsys, path.Join(parent, d.Name())); err == nil && isDrive(in) {
				return true
			}
		}
	}
	return false
}

// driveName reads the name of a directory that holds a drive: "C", "c", "C:", `\\.\C:` or
// `\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy1`. All but the first may be
// percent-encoded.
func driveName(name string) (id, letter string, encoded bool) {
	if len(name) == 1 && isLetter(name[0]) {
		letter = strings.ToUpper(name)
		return letter, letter, false
	}
	plain := decodeName(name)
	if colon, ok := winpath.CutPrefix(name[min(1, len(name)):], "%3A"); ok && colon == "" {
		plain = name[:1] + ":" // by a tool that writes small digits
	}
	encoded = plain != name
	device := plain
	for _, prefix := range []string{`\\.\`, `\\?\`} {
		device = strings.TrimPrefix(device, prefix)
	}
	if len(device) == 2 && device[1] == ':' && isLetter(device[0]) {
		letter = strings.ToUpper(device[:1])
		return letter, letter, encoded
	}
	if device != plain && device != "" {
		return device[strings.LastIndexByte(device, '\\')+1:], "", encoded
	}
	return "", "", false
}

func isLetter(c byte) bool { return 'A' <= c&^0x20 && c&^0x20 <= 'Z' }

// decodeName reverses the percent-encoding of Velociraptor, which writes as %XX in
// upper case every byte except ASCII letters and digits and "-_.~ $". It also encodes
// a "." or "#" at the beginning of a name and a "." at its end. Other sequences are
// part of a Windows name, such as "Operational%4Admin.evtx", and are not decoded. A
// name that would not be valid in an fs.FS is not decoded either.
func decodeName(name string) string {
	if !strings.Contains(name, "%") {
		return name
	}
	b := make([]byte, 0, len(name))
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			hi, lo := strings.IndexByte(hexDigits, name[i+1]), strings.IndexByte(hexDigits, name[i+2])
			if c := byte(hi<<4 | lo); hi >= 0 && lo >= 0 && isEncoded(c, i == 0, i+3 == len(name)) {
				b = append(b, c)
				i += 2
				continue
			}
		}
		b = append(b, name[i])
	}
	if plain := string(b); plain != "." && plain != ".." && !strings.ContainsAny(plain, "/\x00") {
		return plain
	}
	return name
}

const hexDigits = "0123456789ABCDEF"

func isEncoded(c byte, first, last bool) bool {
	switch {
	case isLetter(c), '0' <= c && c <= '9':
		return false
	case c == '.':
		return first || last
	}
	return !strings.ContainsRune("-_~ $", rune(c))
}
