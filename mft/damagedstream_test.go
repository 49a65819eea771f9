package mft_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A stream that claims to be larger than its runs gives the content of the runs
// and an error, not zeros without end.
func TestStreamLargerThanItsRuns(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 1000)
	holes := append(make([]byte, 1<<17), content...)
	_, image := open(t, mfttest.Volume{Files: []mfttest.File{
		{Path: "plain", Data: content},
		{Path: "sparse", Data: holes, Sparse: true},
		{Path: "compressed", Data: bytes.Repeat([]byte("compress me, "), 20000), Compressed: true},
	}})
	le := binary.LittleEndian
	for _, name := range []string{"plain", "sparse", "compressed"} {
		for _, size := range []uint64{1 << 40, 1<<63 - 1} {
			image := bytes.Clone(image)
			v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
			if err != nil {
				t.Fatal(err)
			}
			rec, err := v.Lookup(name)
			if err != nil {
				t.Fatal(err)
			}
			b := image[rec.VolumeOffset:][:1024]
			at := int(le.Uint16(b[20:]))
			for le.Uint32(b[at:]) != 0x80 {
				at += int(le.Uint32(b[at+4:]))
			}
			le.PutUint64(b[at+0x30:], size)
			f, err := v.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			n, err := io.Copy(io.Discard, f)
			var damaged *mft.FormatError
			if !errors.As(err, &damaged) || n > int64(len(image)) || n < int64(len(content)) {
				t.Errorf("%s of %d bytes: read %d, %v", name, size, n, err)
			}
			f.Close()
		}
	}
}
