// Package prefetchtest writes prefetch files for tests, as Windows writes them: read by
// package prefetch, the content is the [prefetch.File] that was written.
package prefetchtest

import (
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/internal/xpress/xpresstest"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

// Program returns the prefetch file that Windows of a version writes for the program with
// a path, which begins with the device of v. It opened the program and the paths of opened.
func Program(version uint32, path string, v prefetch.Volume, runs []time.Time, opened ...string) prefetch.File {
	path = strings.ToUpper(path)
	name := path[strings.LastIndexByte(path, '\\')+1:]
	if units := wtf8.Encode(name); len(units) > 2*prefetch.MaxName {
		name = wtf8.String(units[:2*prefetch.MaxName])
	}
	f := prefetch.File{
		Version: version, Compressed: version >= 30, Executable: name, Hash: prefetch.Hash(version, path)[0],
		RunCount: uint32(len(runs)), LastRuns: runs, Volumes: []prefetch.Volume{v},
	}
	for _, p := range append([]string{path}, opened...) {
		f.Files = append(f.Files, prefetch.Opened{Path: strings.ToUpper(p)})
	}
	return f
}

// Name returns the name that Windows gives the file of f.
func Name(f prefetch.File) string { return fmt.Sprintf("%s-%08X.pf", f.Executable, f.Hash) }

var le = binary.LittleEndian

// sizes are what differs between the versions, in bytes.
type sizes struct{ header, lastRuns, runs, runCount, hashed, metric, chain, volume int }

var versions = map[uint32]sizes{
	17: {header: 0x98, lastRuns: 0x78, runs: 1, runCount: 0x90, metric: 20, chain: 12, volume: 40},
	23: {header: 0xf0, lastRuns: 0x80, runs: 1, runCount: 0x98, metric: 32, chain: 12, volume: 104},
	26: {header: 0x130, lastRuns: 0x80, runs: 8, runCount: 0xd0, metric: 32, chain: 12, volume: 104},
	30: {header: 0x128, lastRuns: 0x80, runs: 8, runCount: 0xc8, hashed: 0xd4, metric: 32, chain: 8, volume: 96},
	31: {header: 0x128, lastRuns: 0x80, runs: 8, runCount: 0xc8, hashed: 0xd4, metric: 32, chain: 8, volume: 96},
}

// Bytes returns the file. The error names what the version cannot hold.
func Bytes(f prefetch.File) ([]byte, error) {
	s, ok := versions[f.Version]
	name := wtf8.Encode(f.Executable)
	switch {
	case !ok:
		return nil, fmt.Errorf("prefetchtest: version %d", f.Version)
	case len(name) > 2*prefetch.MaxName:
		return nil, fmt.Errorf("prefetchtest: the name %s has more than %d characters", f.Executable, prefetch.MaxName)
	case len(f.LastRuns) > s.runs:
		return nil, fmt.Errorf("prefetchtest: version %d has %d times of runs, not %d", f.Version, s.runs, len(f.LastRuns))
	case f.HashString != "" && s.hashed == 0:
		return nil, fmt.Errorf("prefetchtest: version %d has no hashed text", f.Version)
	}
	b := make([]byte, s.header)
	put := func(at int, v int) { le.PutUint32(b[at:], uint32(v)) }
	put(0, int(f.Version))
	copy(b[4:], "SCCA")
	put(8, 0x11)
	copy(b[0x10:], name)
	put(0x4c, int(f.Hash))
	for i, t := range f.LastRuns {
		le.PutUint64(b[s.lastRuns+8*i:], filetime.Ticks(t))
	}
	put(s.runCount, int(f.RunCount))
	put(0x54, len(b))
	put(0x58, len(f.Files))
	b = append(b, make([]byte, s.metric*len(f.Files))...)
	put(0x5c, len(b)) // one trace chain, as libscca wants at least
	put(0x60, 1)
	b = append(b, 0xff, 0xff, 0xff, 0xff)
	b = append(b, make([]byte, s.chain-4)...)
	put(0x64, len(b))
	names := len(b)
	for i, o := range f.Files {
		m := s.header + i*s.metric
		text := wtf8.Encode(o.Path)
		if s.metric == 20 {
			put(m+8, len(b)-names)
			put(m+12, len(text)/2)
		} else {
			put(m+12, len(b)-names)
			put(m+16, len(text)/2)
			le.PutUint64(b[m+24:], uint64(o.Ref))
		}
		b = append(append(b, text...), 0, 0)
	}
	put(0x68, len(b)-names)
	if f.HashString != "" {
		text := append(wtf8.Encode(f.HashString), 0, 0)
		put(s.hashed, len(b))
		put(s.hashed+4, len(text))
		b = append(b, text...)
	}
	b = append(b, make([]byte, -len(b)&7)...)
	put(0x6c, len(b))
	put(0x70, len(f.Volumes))
	volumes := volumesOf(f, s)
	put(0x74, len(volumes))
	b = append(b, volumes...)
	put(0x0c, len(b))
	if f.Compressed {
		return compress(b), nil
	}
	return b, nil
}

// volumesOf returns all about volumes.
func volumesOf(f prefetch.File, s sizes) []byte {
	b := make([]byte, s.volume*len(f.Volumes))
	for i, v := range f.Volumes {
		at := i * s.volume
		put := func(off int, n int) { le.PutUint32(b[at+off:], uint32(n)) }
		device := wtf8.Encode(v.Device)
		put(0, len(b))
		put(4, len(device)/2)
		le.PutUint64(b[at+8:], filetime.Ticks(v.Created))
		put(16, int(v.Serial))
		b = append(append(b, device...), 0, 0)
		b = append(b, make([]byte, -len(b)&7)...)
		if len(v.Refs) > 0 {
			refs := le.AppendUint32(nil, 3)
			if f.Version == 17 {
				refs = le.AppendUint32(nil, 1)
			}
			refs = le.AppendUint32(refs, uint32(len(v.Refs)))
			if f.Version > 17 {
				refs = append(refs, make([]byte, 8)...)
			}
			for _, r := range v.Refs {
				refs = le.AppendUint64(refs, uint64(r))
			}
			put(20, len(b))
			put(24, len(refs))
			b = append(b, refs...)
		}
		if len(v.Folders) > 0 {
			put(28, len(b))
		}
		put(32, len(v.Folders))
		for _, folder := range v.Folders {
			text := wtf8.Encode(folder)
			b = append(append(le.AppendUint16(b, uint16(len(text)/2)), text...), 0, 0)
		}
	}
	return b
}

// compress returns a container.
func compress(plain []byte) []byte {
	b := le.AppendUint32([]byte("MAM\x04"), uint32(len(plain)))
	return append(b, xpresstest.Compress(plain)...)
}
