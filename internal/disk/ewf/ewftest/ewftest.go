// Package ewftest writes images of EnCase's format for tests.
package ewftest

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/adler32"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Chunk is the size of a chunk.
const Chunk = 64 * 512

const (
	logicalMagic  = "LVF\x09\x0d\x0a\xff\x00"
	descriptorLen = 76
	tableLen      = 24
	treeHeaderLen = 48
	packedBit     = 1 << 31
	flagSparse    = 0x0400_0000
)

// Item is a file or folder of an image that the tests write.
type Item struct {
	Name    string
	Folder  bool
	Content []byte
	Sparse  int64 // size of a file of one repeated byte
	Flags   int
	Size    string // instead of that of the content
	Extents string // instead of those of the content
	Hash    string // instead of that of the content
	Created int64
	Inside  []Item
}

// The types of values as EnCase 6 and 7 list them.
const (
	Types6 = "p\tn\tid\topr\tsrc\tsub\tcid\tjq\tcr\tac\twr\tmo\tdl\taq\tha\tls\tdu\tlo\tpo\tmid\tcfi\tbe\tpm\tlpt"
	Types7 = "mid\tls\tbe\tid\tcr\tac\twr\tmo\tdl\tsig\tha\tsha\tent\tsnh\tp\tn\tdu\tlo\tpo\tpm\toes\topr\tsrc\tsub\tcid\tjq\talt\tep\taq\tcfi\tsg\tea\tlpt"
)

// Text returns the text of an ltree section, and the data of the files.
func Text(types, root string, items []Item) (text string, data []byte) {
	var b strings.Builder
	id := 0
	first := 0 // of EnCase 6
	if types == Types7 {
		first = 26
	}
	var put func(it Item)
	put = func(it Item) {
		id++
		v := map[string]string{"n": it.Name, "id": fmt.Sprint(id), "du": "-1", "lo": "-1", "po": "-1", "pm": "0", "src": "0", "sub": "0", "cid": "1", "opr": fmt.Sprint(it.Flags)}
		if it.Created != 0 {
			v["cr"], v["wr"], v["ac"], v["mo"] = fmt.Sprint(it.Created), fmt.Sprint(it.Created+1), fmt.Sprint(it.Created+2), fmt.Sprint(it.Created+3)
		}
		switch {
		case it.Folder:
			v["p"] = "1"
		default:
			stored := it.Content
			if len(stored) == 0 {
				stored = []byte{0}
			}
			v["be"] = fmt.Sprintf("1 %x %x", len(data), len(stored))
			data = append(data, stored...)
			v["ls"] = fmt.Sprint(len(it.Content))
			if it.Sparse > 0 {
				v["ls"], v["opr"] = fmt.Sprint(it.Sparse), fmt.Sprint(it.Flags|flagSparse)
			}
			sum := md5.Sum(it.Content)
			v["ha"] = hex.EncodeToString(sum[:])
		}
		for name, value := range map[string]string{"ls": it.Size, "be": it.Extents, "ha": it.Hash} {
			if value != "" {
				v[name] = value
			}
		}
		fmt.Fprintf(&b, "%d\t%d\n", first, len(it.Inside))
		for i, name := range strings.Split(types, "\t") {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(v[name])
		}
		b.WriteByte('\n')
		for _, in := range it.Inside {
			put(in)
		}
	}
	put(Item{Name: root, Folder: true, Inside: items})
	total := id
	return fmt.Sprintf("5\nrec\ntb\tcl\n%d\t1\n\nperm\n0\t1\np\tn\ts\tpr\tnta\tnti\n0\t0\n1\t\t\t10\t\t\n\n"+
		"srce\n0\t1\np\tn\tid\tev\ttb\tlo\tpo\tah\tgu\taq\n0\t0\n\t\t\t\t\t-1\t-1\t\t\t\n\nsub\n0\t1\np\tn\tid\tnu\tco\tgu\n0\t0\n\t\t\t\t1\t\n\n"+
		"entry\n%d\t1\n%s\n%s\n", len(data), total, types, b.String()), data
}

// Bytes returns an image of files in segments of so many chunks, by their names.
func Bytes(text string, data []byte, perSegment int) map[string][]byte {
	all := map[string][]byte{}
	chunks := (len(data) + Chunk - 1) / Chunk
	segments := max(1, (chunks+perSegment-1)/perSegment)
	for n := 1; n <= segments; n++ {
		b := append([]byte(logicalMagic), 1, byte(n), 0, 0, 0)
		add := func(kind string, content []byte) {
			d := make([]byte, descriptorLen)
			copy(d, kind)
			next := len(b) + descriptorLen + len(content)
			if kind == "done" || kind == "next" {
				next = len(b)
			}
			binary.LittleEndian.PutUint64(d[0x10:], uint64(next))
			binary.LittleEndian.PutUint64(d[0x18:], uint64(descriptorLen+len(content)))
			binary.LittleEndian.PutUint32(d[0x48:], adler32.Checksum(d[:0x48]))
			b = append(append(b, d...), content...)
		}
		volume := make([]byte, 1052)
		volume[0] = 0x0e
		binary.LittleEndian.PutUint32(volume[8:], Chunk/512)
		binary.LittleEndian.PutUint32(volume[0xc:], 512)
		binary.LittleEndian.PutUint64(volume[0x10:], uint64((len(data)+511)/512))
		volume[0x24] = 1
		binary.LittleEndian.PutUint32(volume[1048:], adler32.Checksum(volume[:1048]))
		if n == 1 {
			header := new(bytes.Buffer)
			w := zlib.NewWriter(header)
			io.WriteString(w, "1\nmain\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\n1\t1\tfiles\tlee\t\t7.0\tWindows\t2026 3 2 12 0 0\t2026 3 2 12 0 0\t0\n\n")
			w.Close()
			add("header", header.Bytes())
			add("volume", volume)
		} else {
			add("data", volume)
		}
		base := len(b)
		var sectors, entries []byte
		for i := (n - 1) * perSegment; i < min(n*perSegment, chunks); i++ {
			part := data[i*Chunk : min((i+1)*Chunk, len(data))]
			at := uint32(descriptorLen + len(sectors))
			var out bytes.Buffer
			w := zlib.NewWriter(&out)
			w.Write(part)
			w.Close()
			if i%3 == 0 || out.Len() >= len(part) {
				sectors = binary.LittleEndian.AppendUint32(append(sectors, part...), adler32.Checksum(part))
			} else {
				sectors = append(sectors, out.Bytes()...)
				at |= packedBit
			}
			entries = binary.LittleEndian.AppendUint32(entries, at)
		}
		add("sectors", sectors)
		h := make([]byte, tableLen)
		binary.LittleEndian.PutUint32(h, uint32(len(entries)/4))
		binary.LittleEndian.PutUint64(h[8:], uint64(base))
		binary.LittleEndian.PutUint32(h[0x14:], adler32.Checksum(h[:0x14]))
		table := binary.LittleEndian.AppendUint32(append(h, entries...), adler32.Checksum(entries))
		add("table", table)
		add("table2", table)
		if n < segments {
			add("next", nil)
		} else {
			tree := wtf8.Encode(text)
			head := make([]byte, treeHeaderLen)
			sum := md5.Sum(tree)
			copy(head, sum[:])
			binary.LittleEndian.PutUint64(head[0x10:], uint64(len(tree)))
			binary.LittleEndian.PutUint32(head[0x18:], adler32.Checksum(head))
			add("ltree", append(head, tree...))
			if segments == 1 {
				add("data", volume)
			}
			add("done", nil)
		}
		all[fmt.Sprintf("files.L%02d", n)] = b
	}
	return all
}
