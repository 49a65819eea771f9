package archive

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// The methods of compression; APPNOTE, section 4.4.5.
const (
	methodStored    = 0
	methodDeflate   = 8
	methodDeflate64 = 9 // of the Explorer for files of 2 GB and more
	methodAES       = 99
)

// formats are the methods that are read, apart from that of stored members, with the most that
// a byte can unpack to.
var formats = map[uint16]struct {
	inflate.Format
	maxRatio int64
}{
	methodDeflate:   {inflate.Deflate, 1032},     // 258 bytes for two bits
	methodDeflate64: {inflate.Deflate64, 29_128}, // 65,538 bytes for 18 bits
}

var methodNames = map[uint16]string{
	1: "shrink", 6: "implode", 12: "bzip2", 14: "LZMA", 93: "zstandard", 95: "xz", 96: "JPEG", 98: "PPMd",
}

// maxStoredCheck is the size up to which the checksum of a stored member is checked
// before it is read: a larger one is an image of a disk, whose reader has to wait
// too long.
const maxStoredCheck = 8 << 30

// storeSize is how many bytes of unpacked pages the members of an archive share.
const storeSize = 32 << 20

// zipFile is what the members of a zip file share.
type zipFile struct {
	r     io.ReaderAt
	size  int64 // of the part with the members: what is behind is the directory
	base  int64 // bytes before the zip file, as in a self-extracting one
	fs    *FS
	store *inflate.Store

	noMark bool // while it is opened: descriptors have no mark

	password func() (string, error)
	once     sync.Once // guards the next two
	secret   string
	noSecret error
}

// zipMember is a member of a zip file. It implements content.
type zipMember struct {
	*zipEntry
	z     *zipFile
	fault error // why it is not read, as far as the directory says

	once sync.Once // guards the next two
	r    io.ReaderAt
	err  error
}

func newZipMember(z *zipFile, e *zipEntry) *zipMember {
	m := &zipMember{zipEntry: e, z: z}
	m.header += z.base
	if m.aes != nil {
		m.method = m.aes.method
	} else if m.method == methodAES {
		m.fault = damage.New("AES field of a member", m.offset, "nothing", "its strength")
	}
	as, packed := formats[m.method]
	switch {
	case m.fault != nil:
	case m.flags&(flagStrong|flagMasked) != 0:
		m.fault = &damage.Error{Offset: m.offset, What: "encryption", Got: "PKWARE strong encryption", Err: ErrUnsupported}
	case m.flags&flagEncrypted == 0 && m.aes != nil:
		m.fault = damage.New("flags of a member", m.offset, "not encrypted", "encrypted, as its AES field says")
	case m.method != methodStored && !packed:
		m.fault = &damage.Error{Offset: m.offset, What: "method of compression", Got: methodName(m.method), Want: "stored, deflate or Deflate64", Err: ErrUnsupported}
	case m.unixMode&0xf000 == 0xa000:
		m.fault = &damage.Error{Offset: m.offset, What: "file type", Got: "symbolic link", Want: "a file", Err: ErrUnsupported}
	case m.header < 0 || m.packed < 0 || m.packed > z.size-m.header:
		// A reader may make room for as much as the size says.
		m.fault = damage.Truncated("data of a member", m.header, m.packed, z.size-m.header)
	case m.size < 0 || m.size/max(as.maxRatio, 1032) > m.packed:
		m.fault = &damage.Error{Offset: m.offset, What: "size of a member", Got: fmt.Sprint(m.size),
			Want: fmt.Sprintf("≤ %d, the most that %d bytes unpack to", m.packed*max(as.maxRatio, 1032), m.packed), Err: ErrLimit}
	}
	return m
}

// noteUnread says how many members cannot be read because of how they were packed: who looks
// for a file does not read them all.
func (z *zipFile) noteUnread(members []*zipMember) {
	type reason struct{ what, got string }
	count := map[reason]int{}
	var first []*damage.Error // of each reason
	for _, m := range members {
		var e *damage.Error
		if !errors.As(m.fault, &e) || !errors.Is(e, ErrUnsupported) {
			continue
		}
		r := reason{e.What, e.Got}
		if count[r]++; count[r] == 1 {
			first = append(first, e)
		}
	}
	for _, e := range first {
		n := count[reason{e.What, e.Got}]
		z.fs.note(damage.Unsupported, &damage.Error{Offset: -1, What: "members of a zip file", Got: fmt.Sprintf("%d that cannot be read: %s %s", n, e.What, e.Got),
			Want: "them unpacked by another program", Err: ErrUnsupported})
	}
}

func methodName(m uint16) string {
	if name := methodNames[m]; name != "" {
		return name
	}
	return fmt.Sprint(m)
}

// in names the member in an error.
func (m *zipMember) in(err error) error { return damage.In(err, "", m.name) }

// ready implements content.
func (m *zipMember) ready() error {
	switch {
	case m.fault != nil:
		return m.in(m.fault)
	case m.flags&flagEncrypted != 0 && m.z.password == nil:
		return m.in(&damage.Error{Offset: m.offset, What: "password", Got: "nothing", Err: ErrEncrypted})
	}
	return nil
}

// head implements content.
func (m *zipMember) head(n int) ([]byte, error) {
	if err := m.ready(); err != nil {
		return nil, err
	}
	if m.flags&flagEncrypted != 0 {
		return readHead(m, m.size, n)
	}
	off, err := m.dataOffset()
	if err != nil {
		return nil, m.in(err)
	}
	if as, packed := formats[m.method]; packed {
		return m.z.store.Head(m.z.r, off, off+m.packed, n, as.Format), nil
	}
	return readHead(io.NewSectionReader(m.z.r, off, m.packed), m.packed, n)
}

// readHead returns the first n bytes of r, or fewer.
func readHead(r io.ReaderAt, size int64, n int) ([]byte, error) {
	b := make([]byte, min(int64(n), size))
	n, err := r.ReadAt(b, 0)
	if n == len(b) || err == io.EOF {
		err = nil
	}
	return b[:n], err
}

// same implements content.
func (m *zipMember) same(other content) bool {
	o, ok := other.(*zipMember)
	return ok && m.size == o.size && m.crc == o.crc && m.aes == nil && o.aes == nil
}

// ReadAt implements io.ReaderAt.
func (m *zipMember) ReadAt(b []byte, off int64) (int, error) {
	r, err := m.open()
	if err != nil {
		return 0, err
	}
	return r.ReadAt(b, off)
}

// open checks the member once, and returns its content.
func (m *zipMember) open() (io.ReaderAt, error) {
	m.once.Do(func() {
		if m.r, m.err = m.check(); m.err != nil {
			m.err = m.in(m.err)
			var e *damage.Error
			if errors.As(m.err, &e) && !errors.Is(e, ErrEncrypted) && !errors.Is(e, ErrPassword) {
				kind := damage.Malformed
				if errors.Is(e, ErrChecksum) {
					kind = damage.Checksum
				}
				m.z.fs.note(kind, e)
			}
		}
	})
	return m.r, m.err
}

// check reads the whole member, and compares it with its checksums.
func (m *zipMember) check() (io.ReaderAt, error) {
	if err := m.ready(); err != nil {
		return nil, err
	}
	off, err := m.dataOffset()
	if err != nil {
		return nil, err
	}
	src, packed := m.z.r, m.packed
	noCRC := false
	switch {
	case m.flags&flagEncrypted == 0:
	case m.aes == nil:
		secret, err := m.z.thePassword()
		if err != nil {
			return nil, err
		}
		d, err := openCrypto(src, off, packed, secret, byte(m.crc>>24), byte(m.clock>>8))
		if err != nil {
			return nil, err
		}
		src, off, packed = d, 0, d.r.Size()
	default:
		secret, err := m.z.thePassword()
		if err != nil {
			return nil, err
		}
		d, err := m.aes.open(io.NewSectionReader(src, off, packed), packed, secret)
		if err != nil {
			return nil, err
		}
		src, off, packed, noCRC = d, 0, d.size, m.aes.version == 2
	}
	if as, ok := formats[m.method]; ok {
		f, err := inflate.Open(src, off, off+packed, inflate.Want{Format: as.Format, Size: m.size, CRC32: m.crc, NoCRC: noCRC}, m.z.store)
		if errors.Is(err, inflate.ErrChecksum) {
			err = &damage.Error{Offset: off, What: "content", Err: ErrChecksum, Got: gotOf(err), Want: wantOf(err)}
		}
		return f, err
	}
	if m.size != packed {
		return nil, damage.New("size of a stored member", m.offset, m.size, packed)
	}
	content := io.NewSectionReader(src, off, packed)
	switch {
	case noCRC:
	case packed > maxStoredCheck:
		m.z.fs.note(damage.Limit, &damage.Error{Path: m.name, Offset: off, What: "CRC-32 of a stored member", Want: "to be checked with another tool: the member is too large", Err: ErrLimit})
	default:
		h := crc32.NewIEEE()
		if n, err := io.Copy(h, content); err != nil {
			return nil, err
		} else if n < packed {
			return nil, damage.Truncated("data of a member", off, packed, n)
		}
		if got := h.Sum32(); got != m.crc {
			return nil, &damage.Error{Offset: off, What: "CRC-32", Got: fmt.Sprintf("%#08x", got), Want: fmt.Sprintf("%#08x", m.crc), Err: ErrChecksum}
		}
	}
	return content, nil
}

func gotOf(err error) string {
	var e *damage.Error
	if errors.As(err, &e) {
		return e.What + " " + e.Got
	}
	return ""
}

func wantOf(err error) string {
	var e *damage.Error
	if errors.As(err, &e) {
		return e.Want
	}
	return ""
}

// dataOffset reads the local header, which is repeated before the data.
//
//	0x00  4  PK 03 04
//	0x1a  2  length of the name
//	0x1c  2  length of the extra fields
//	0x1e     name, extra fields
func (m *zipMember) dataOffset() (int64, error) {
	h, err := bin.ReadAt(m.z.r, m.z.size, m.header, localSize, "local header")
	if err != nil {
		return 0, err
	}
	if string(h[:4]) != sigLocal {
		return 0, damage.New("local header", m.header, quote(h[:4]), "PK 03 04")
	}
	off := m.header + localSize + int64(binary.LittleEndian.Uint16(h[0x1a:])) + int64(binary.LittleEndian.Uint16(h[0x1c:]))
	if m.packed < 0 || off > m.z.size || m.packed > m.z.size-off {
		return 0, damage.Truncated("data of a member", off, m.packed, m.z.size-off)
	}
	return off, nil
}

// thePassword asks for the password once.
func (z *zipFile) thePassword() (string, error) {
	z.once.Do(func() {
		secret, err := z.password()
		switch {
		case err != nil:
			z.noSecret = &damage.Error{Offset: -1, What: "password", Err: fmt.Errorf("%w: %w", ErrEncrypted, err)}
		case secret == "":
			z.noSecret = &damage.Error{Offset: -1, What: "password", Got: "nothing", Err: ErrEncrypted}
		default:
			z.secret = secret
		}
	})
	return z.secret, z.noSecret
}
