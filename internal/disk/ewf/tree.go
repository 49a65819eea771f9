package ewf

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// File is a file or folder of an image of files. A time that is not recorded is zero; the
// others are to the second.
type File struct {
	Name    string
	Parent  int // the folder that it is in, by its place in the list; -1 for the root, which is not in it
	Folder  bool
	Deleted bool // it was deleted when the image was made
	Stream  bool // an alternate data stream: its name is "file:stream"
	Size    int64

	Created, Modified, Changed, Accessed time.Time

	MD5  []byte // of the content, as it was acquired; nil if none is recorded
	SHA1 []byte // likewise

	R   io.ReaderAt // the content; nil if it is empty or if Err is not nil
	Err error       // why the content cannot be read
}

// An ltree section has a header, in bytes from its beginning:
//
//	0x00 16  MD5 of the text
//	0x10  8  size of the text
//	0x18  4  Adler-32 of the 48 bytes of the header, with zero here
//	0x30  -  text, UTF-16, little-endian
//
// The text has categories, each with a name, a line of types and lines of values, which are
// separated by tabs; an empty line ends it. Two of them are read:
//
//	rec     values: tb is the size of the data of all files
//	entry   a line, the types, and two lines for each file, the root first: a number and how
//	        many files follow that are in it, then the values. p is 1 for a folder, n the name,
//	        opr flags, ls the size, be the extents in hexadecimal (how many, then an offset and a
//	        size each), du another offset, ha and sha hashes, cr ac wr mo the times since 1970
const treeHeaderLen = 0x30

// The flags of a file.
const (
	flagDeleted = 0x80
	flagStream  = 0x2000
	flagFolder  = 0x0200_0000
	flagSparse  = 0x0400_0000
)

// What bounds a tree.
const (
	maxTreeDepth    = 256
	maxTreeProblems = 100
	maxFileSize     = 1 << 60
)

// tree is what an ltree section says.
type tree struct {
	total    int64 // size of the data
	files    []treeFile
	problems []damage.Problem
}

// treeFile is a file whose content was not looked for yet.
type treeFile struct {
	File
	extents   []extent
	duplicate int64 // offset of the content, or -1
	sparse    bool
	fault     error
}

// extent is a part of the data of the image.
type extent struct{ off, size int64 }

// readTree reads the ltree section. In the second version it has no header, and the descriptor
// of the section has the MD5.
func (e *image) readTree() (*tree, error) {
	at, size := e.tree.at, e.tree.size
	if e.treeIn.second {
		text, err := bin.ReadAt(e.treeIn.R, e.treeIn.Size, at, size, "tree of files")
		if err != nil {
			return nil, err
		}
		t := &tree{}
		return t, t.parse(wtf8.String(text[:len(text)&^1]), at)
	}
	h, err := bin.ReadAt(e.treeIn.R, e.treeIn.Size, at, treeHeaderLen, "header of the ltree section")
	if err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint64(h[0x10:])
	if size < treeHeaderLen || length > uint64(size-treeHeaderLen) {
		return nil, damage.New("size of the text of the ltree section", at+0x10, length, fmt.Sprintf("≤ %d", max(size-treeHeaderLen, 0)))
	}
	text, err := bin.ReadAt(e.treeIn.R, e.treeIn.Size, at+treeHeaderLen, int64(length), "text of the ltree section")
	if err != nil {
		return nil, err
	}
	t := &tree{}
	stored := binary.LittleEndian.Uint32(h[0x18:])
	clear(h[0x18:0x1c])
	if got := adler32.Checksum(h); got != stored {
		t.problem(damage.Checksum, damage.New("checksum of the header of the ltree section", at+0x18, fmt.Sprintf("%#x", stored), fmt.Sprintf("%#x", got)))
	}
	if sum := md5.Sum(text); !bytes.Equal(sum[:], h[:0x10]) {
		t.problem(damage.Checksum, damage.New("MD5 of the text of the ltree section", at, hex.EncodeToString(h[:0x10]), hex.EncodeToString(sum[:])))
	}
	return t, t.parse(wtf8.String(text), at)
}

func (t *tree) problem(kind damage.Kind, err *damage.Error) {
	if len(t.problems) < maxTreeProblems {
		t.problems = append(t.problems, damage.Problem{Kind: kind, Err: err})
	}
}

// lines are the lines of the text that follow.
type lines struct{ rest string }

// next returns the next line; ok is false at the end.
func (l *lines) next() (line string, ok bool) {
	if l.rest == "" {
		return "", false
	}
	line, l.rest, _ = strings.Cut(l.rest, "\n")
	return strings.TrimSuffix(line, "\r"), true
}

// parse reads the categories.
func (t *tree) parse(text string, at int64) error {
	l := lines{strings.TrimPrefix(text, "\ufeff")}
	l.next() // how many categories follow
	for {
		name, ok := l.next()
		switch {
		case !ok:
			return damage.New("ltree section", at, "no category entry", "one, with the files")
		case name == "entry":
			l.next() // how many there are
			return t.entries(&l, at)
		case name == "rec":
			types, _ := l.next()
			values, _ := l.next()
			t.total = newRow(typesOf(types), values).number("tb")
			fallthrough
		default:
			for line, ok := l.next(); ok && line != ""; line, ok = l.next() {
			}
		}
	}
}

// typesOf returns the place of each type in the lines of values.
func typesOf(line string) map[string]int {
	types := map[string]int{}
	for i, name := range strings.Split(line, "\t") {
		if _, ok := types[name]; !ok {
			types[name] = i
		}
	}
	return types
}

// row is a line of values.
type row struct {
	types  map[string]int
	values []string
}

func newRow(types map[string]int, line string) row { return row{types, strings.Split(line, "\t")} }

// text returns the value of a type, or "".
func (r row) text(name string) string {
	if i, ok := r.types[name]; ok && i < len(r.values) {
		return r.values[i]
	}
	return ""
}

// number returns the value of a type, or -1 if it is not a number up to maxFileSize.
func (r row) number(name string) int64 {
	n, err := strconv.ParseInt(r.text(name), 10, 64)
	if err != nil || n > maxFileSize || n < 0 {
		return -1
	}
	return n
}

func (r row) time(name string) time.Time {
	n, err := strconv.ParseInt(r.text(name), 10, 64)
	if err != nil || n == 0 || n > 1<<40 || n < -1<<40 {
		return time.Time{}
	}
	return time.Unix(n, 0).UTC()
}

// hash returns a hash of n bytes, or nil. One that is zero is not set.
func (r row) hash(name string, n int) []byte {
	b, err := hex.DecodeString(r.text(name))
	if err != nil || len(b) != n || bin.AllZero(b) {
		return nil
	}
	return b
}

// entries reads the files: each is followed by those that are in it.
func (t *tree) entries(l *lines, at int64) error {
	line, _ := l.next()
	types := typesOf(line)
	for _, need := range [...]string{"p", "n", "ls", "be"} {
		if _, ok := types[need]; !ok {
			return damage.New("types of the entries of the ltree section", at, fmt.Sprintf("%q", line), "p, n, ls and be among them")
		}
	}
	type folder struct {
		place int
		left  int64 // files in it that follow
	}
	var path []folder // from the root
	for root := true; root || len(path) > 0; root = false {
		counts, _ := l.next()
		values, ok := l.next()
		if !ok {
			t.problem(damage.Truncation, damage.New("entries of the ltree section", at, fmt.Sprintf("%d files and folders", len(t.files)), "more"))
			return nil
		}
		_, inside, _ := strings.Cut(counts, "\t")
		n, err := strconv.ParseInt(inside, 10, 64)
		if err != nil || n < 0 {
			t.problem(damage.Malformed, damage.New("number of files in an entry of the ltree section", at, fmt.Sprintf("%q", counts), "two numbers; the rest is left out"))
			return nil
		}
		in := folder{-1, n}
		if !root {
			parent := &path[len(path)-1]
			parent.left--
			t.add(newRow(types, values), parent.place, n > 0)
			in.place = len(t.files) - 1
		}
		path = append(path, in)
		for len(path) > 0 && path[len(path)-1].left == 0 {
			path = path[:len(path)-1]
		}
		if len(path) > maxTreeDepth {
			t.problem(damage.Limit, damage.New("folders in folders in the ltree section", at, len(path), fmt.Sprintf("≤ %d; the rest is left out", maxTreeDepth)))
			return nil
		}
	}
	return nil
}

// add adds a file. It has others in it or not.
func (t *tree) add(r row, parent int, has bool) {
	flags := r.number("opr")
	if flags < 0 {
		flags = 0
	}
	f := treeFile{duplicate: r.number("du"), sparse: flags&flagSparse != 0}
	f.Folder = flags&flagStream == 0 && (r.text("p") == "1" || flags&flagFolder != 0 || has && r.text("be") == "")
	f.Deleted, f.Stream = flags&flagDeleted != 0, flags&flagStream != 0
	name := r.text("n")
	if name == "" {
		name = "NoName"
	}
	if f.Stream { // a middle dot is in the place of the colon
		if i := strings.LastIndex(name, "·"); i > 0 {
			name = name[:i] + ":" + name[i+len("·"):]
		}
	}
	f.Name, f.Parent = name, parent
	f.Created, f.Accessed, f.Modified, f.Changed = r.time("cr"), r.time("ac"), r.time("wr"), r.time("mo")
	f.MD5, f.SHA1 = r.hash("ha", 16), r.hash("sha", 20)
	if !f.Folder {
		if f.Size = r.number("ls"); f.Size < 0 {
			f.Size = 0
			f.fault = damage.New("size of the file", -1, fmt.Sprintf("%q", r.text("ls")), "a number")
		}
		f.extents, f.fault = extentsOf(r.text("be"), f.fault)
	}
	t.files = append(t.files, f)
}

// extentsOf reads extents: how many, then an offset and a size each.
func extentsOf(text string, fault error) ([]extent, error) {
	if fault != nil {
		return nil, fault
	}
	fields := strings.Fields(text)
	var numbers []int64
	for _, f := range fields {
		n, err := strconv.ParseInt(f, 16, 64)
		if err != nil || n < 0 {
			return nil, damage.New("extents", -1, fmt.Sprintf("%q", text), "hexadecimal numbers")
		}
		numbers = append(numbers, n)
	}
	if len(numbers) == 0 {
		return nil, nil
	}
	rest := numbers[1:]
	if int64(len(rest)) != 2*numbers[0] {
		return nil, damage.New("extents", -1, fmt.Sprintf("%d numbers", len(rest)), fmt.Sprintf("two for each of %d", numbers[0]))
	}
	var list []extent
	for ; len(rest) > 0; rest = rest[2:] {
		list = append(list, extent{rest[0], rest[1]})
	}
	return list, nil
}

// behind is a reader of what begins at an offset of another.
type behind struct {
	r   io.ReaderAt
	off int64
}

func (b behind) ReadAt(p []byte, off int64) (int, error) { return b.r.ReadAt(p, b.off+off) }

// repeated repeats the one byte of another reader without end.
type repeated struct{ r io.ReaderAt }

func (c repeated) ReadAt(p []byte, _ int64) (int, error) {
	var one [1]byte
	if n, err := c.r.ReadAt(one[:], 0); n < 1 {
		return 0, err
	}
	for i := range p {
		p[i] = one[0]
	}
	return len(p), nil
}
