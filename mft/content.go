package mft

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/internal/wof"
)

// OpenStream opens a stream of a file by its name, ignoring case; "" is the content
// of the file. If the file has no such stream, the error satisfies errors.Is(err,
// fs.ErrNotExist); if the stream is encrypted, the error is ErrEncrypted. A
// StreamReader that comes with an error is empty.
//
// The content of a file is what Windows shows: a file that CompactOS compressed is
// decompressed. If the content is in another place, as that of a deduplicated file or of
// one in the cloud, the error is ErrElsewhere. What is compressed is in the stream
// WofCompressedData.
//
// For a deleted file it reads the clusters that belonged to the file. They may
// belong to another file by now.
func (v *Volume) OpenStream(rec *Record, stream string) (StreamReader, error) {
	rec = orNoPlace(rec)
	s := rec.streamNamed(stream)
	if s == nil {
		return noStream(), fmt.Errorf("%s: entry %d has no stream %q: %w", v.MFT().name, rec.Entry, stream, fs.ErrNotExist)
	}
	r, err := v.open(rec, s)
	if err != nil {
		return noStream(), err
	}
	return r, nil
}

// noStream returns an empty stream.
func noStream() StreamReader { return io.NewSectionReader(sliceReader(nil), 0, 0) }

// open opens a stream of rec.
func (v *Volume) open(rec *Record, s *Stream) (StreamReader, error) {
	r, err := v.overlaid(rec, s)
	if r == nil && err == nil {
		r, err = v.reader(s)
	}
	if err != nil {
		return nil, v.mft.in(err, entryPath(rec.Entry, AttrData.String()))
	}
	return r, nil
}

// ErrElsewhere is returned when the content of a file is read that Windows keeps in
// another place, and that the volume has zeros for: a file that was deduplicated, or one
// in the cloud. The error says where the content is.
var ErrElsewhere = errors.New("mft: the content is in another place")

// A placeholder is a row of the table of reparse points whose files may have their content
// in another place ([MS-FSCC] 2.1.2.1).
type placeholder struct {
	tag, mask uint32
	where     string
	always    bool // nothing of the content is in the file; else it may have been recalled
}

var placeholders = [...]placeholder{
	{0x80000013, 0xffffffff, `deduplicated: it is in the chunk store below System Volume Information\Dedup`, true},
	{0x80000007, 0xffffffff, "single-instance storage: it is in the SIS Common Store of the volume", true},
	{0xc0000004, 0xffffffff, "hierarchical storage management: it is on another medium", false},
	{0x80000006, 0xffffffff, "hierarchical storage management: it is on another medium", false},
	{0x9000001a, 0xffff0fff, "cloud files: it is with the provider, such as OneDrive", false},
	{0x80000015, 0xffffffff, "OneDrive of Windows 8.1: it is in the cloud", false},
	{0x80000021, 0xffffffff, "OneDrive: it is in the cloud", false},
	{0x8000001e, 0xffffffff, "Azure File Sync: it is in the share in the cloud", false},
	{0x80000005, 0xffffffff, "Drive Extender of Windows Home Server: it is on another disk", false},
	{0x80000008, 0xffffffff, "mounted image: it is in a Windows imaging file", false},
	{0xc0000014, 0xffffffff, "streamed app: it is in a package that is not here yet", false},
	{0xa0000028, 0xffffffff, "Windows container: it is in a CimFS image", false},
	{0x80000018, 0xffffffff, "Windows container: it is in a lower layer", false},
	{0x90001018, 0xffffffff, "Windows container: it is in a lower layer", false},
	{0x9000001c, 0xffff0fff, "projected file system: it is with the program that projects it", false},
}

// recalled are the attributes of files whose content must be fetched first.
const recalled = FileOffline | FileRecallOnOpen | FileRecallOnDataAccess

// reparseWOF is the tag of files that the Windows Overlay Filter compresses.
const reparseWOF = 0x80000017

// overlaid returns the content of a file whose unnamed stream is not what Windows shows.
// The reader is nil if it is.
func (v *Volume) overlaid(rec *Record, s *Stream) (StreamReader, error) {
	if rec.ReparseTag == 0 || s.Name != "" || s.Size == 0 {
		return nil, nil
	}
	if rec.ReparseTag == reparseWOF {
		return v.openWOF(rec, s)
	}
	for i := range placeholders {
		p := &placeholders[i]
		if rec.ReparseTag&p.mask != p.tag {
			continue
		}
		if p.always || rec.StandardInformation.Attributes&recalled != 0 || hasHole(s) {
			return nil, fmt.Errorf("%w: %s (reparse tag %#x)", ErrElsewhere, p.where, rec.ReparseTag)
		}
		return nil, nil
	}
	// Programs of other makers, such as those that archive files, have tags of their own. A file
	// of which nothing is on the volume is theirs.
	if rec.StandardInformation.Attributes&recalled != 0 || isHole(s) {
		return nil, fmt.Errorf("%w: it is with the program that made the reparse point (unknown reparse tag %#x)", ErrElsewhere, rec.ReparseTag)
	}
	return nil, nil
}

// isHole reports whether no part of a stream has clusters.
func isHole(s *Stream) bool {
	for _, run := range s.Runs {
		if run.LCN != LCNSparse {
			return false
		}
	}
	return !s.Resident
}

func hasHole(s *Stream) bool {
	for _, run := range s.Runs {
		if run.LCN == LCNSparse {
			return true
		}
	}
	return false
}

// openWOF opens a file that CompactOS or compact /exe compressed.
func (v *Volume) openWOF(rec *Record, s *Stream) (StreamReader, error) {
	point, ok := rec.stream(AttrReparsePoint, "")
	if !ok {
		return nil, fmt.Errorf("%w: compressed by the Windows Overlay Filter, and the reparse point is missing", ErrElsewhere)
	}
	b, err := v.mft.content(&point, maxReparse)
	if err != nil {
		return nil, err
	}
	n, err := wof.Algorithm(b[min(len(b), reparseHeader):])
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrElsewhere, err)
	}
	packed := rec.streamNamed(wof.Stream)
	if packed == nil {
		return nil, fmt.Errorf("%w: compressed by the Windows Overlay Filter, and the stream %s is missing", ErrElsewhere, wof.Stream)
	}
	r, err := v.reader(packed)
	if err != nil {
		return nil, err
	}
	content, err := wof.Open(r, r.Size(), int64(s.Size), n)
	if err != nil {
		return nil, err
	}
	return sized{content, int64(s.Size)}, nil
}

const (
	reparseHeader = 8
	maxReparse    = 16 << 10 // bytes of a reparse point, by the specification
)

// sized is a reader with the size of its content.
type sized struct {
	io.ReaderAt
	size int64
}

func (s sized) Size() int64 { return s.size }
