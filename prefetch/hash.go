package prefetch

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// hashXP is the hash of Windows XP and Server 2003, of text in UTF-16.
func hashXP(b []byte) uint32 {
	h := uint32(0)
	for _, c := range b {
		h = h*37 + uint32(c)
	}
	h *= 314159269
	if h > 1<<31 {
		h = -h
	}
	return h % 1000000007
}

// hashVista is the hash of Windows Vista and Server 2008.
func hashVista(b []byte) uint32 {
	h := uint32(314159)
	for _, c := range b {
		h = h*37 + uint32(c)
	}
	return h
}

// hash7 is the hash since Windows 7 and Server 2008 R2.
func hash7(b []byte) uint32 {
	h := uint32(314159)
	for ; len(b) >= 8; b = b[8:] {
		v := uint32(b[1])
		for _, c := range b[2:7] {
			v = v*37 + uint32(c)
		}
		v = v*37 + uint32(b[0])*442596621 + uint32(b[7])
		h = v - h*803794207
	}
	for _, c := range b {
		h = h*37 + uint32(c)
	}
	return h
}

// Hash returns the hash that Windows of a version writes for a text, in upper case: one
// for each form that the version has had.
func Hash(version uint32, text string) []uint32 {
	b := wtf8.Encode(text)
	switch version {
	case 17:
		return []uint32{hashXP(b)}
	case 23:
		return []uint32{hash7(b), hashVista(b)}
	}
	return []uint32{hash7(b)}
}

// devices is how many numbers of volumes are tried. Since Windows 10 the paths of files
// name the volume in another way than the path that was hashed.
const devices = 64

// maxSwitch is the highest number of the switch /prefetch:N, by which the
// prefetcher distinguishes the processes of a browser. Since Windows 8 it is added to the hash of the path.
const maxSwitch = 8

// hashes reports whether the hash is that of a path.
func (f *File) hashes(path string) bool {
	most := uint32(0)
	if f.Version >= 26 {
		most = maxSwitch
	}
	is := func(p string) bool {
		for _, h := range Hash(f.Version, p) {
			if f.Hash-h <= most {
				return true
			}
		}
		return false
	}
	if is(path) {
		return true
	}
	volume, rest, ok := strings.Cut(strings.TrimPrefix(path, `\`), `\`)
	if !ok || !strings.HasPrefix(volume, "VOLUME{") {
		return false
	}
	for n := 1; n <= devices; n++ {
		if is(`\DEVICE\HARDDISKVOLUME` + strconv.Itoa(n) + `\` + rest) {
			return true
		}
	}
	return false
}

// le is the byte order of all fields.
var le = binary.LittleEndian
