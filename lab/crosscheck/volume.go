package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/evidence"
)

// volume visits an NTFS volume as a whole, for its streams. The parsers accept only a
// file that is nothing but a volume. If the evidence is anything else, the volume is
// copied out of it.
func (f *finder) volume(name string, v *evidence.Volume) error {
	label := name
	if v.Partition.Scheme != 0 {
		label += ": " + v.Name
	}
	file, err := os.Open(name)
	if err != nil {
		f.problem(err)
		return nil
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		f.problem(err)
		return nil
	}
	if v.Offset == 0 && isVolume(file) && info.Size() == v.Size {
		return f.visit(artifact{label, "ntfs", name})
	}
	if v.Size > f.maxCopy {
		f.problem(fmt.Errorf("%s: its streams are not compared: larger than -copy allows", label))
		return nil
	}
	content, err := from(file, v.Offset)
	if err != nil {
		f.problem(fmt.Errorf("%s: its streams are not compared: %w", label, err))
		return nil
	}
	copied := filepath.Join(f.dir, "volume")
	defer os.Remove(copied)
	if err := f.copy(copied, label, io.LimitReader(content, v.Size)); err != nil {
		return err
	}
	return f.visit(artifact{label, "ntfs", copied})
}

// from returns a reader from an offset of an image, which may be compressed by gzip. It
// fails unless a volume begins at the offset.
func from(image *os.File, offset int64) (io.Reader, error) {
	var r io.Reader = io.NewSectionReader(image, 0, 1<<62)
	if z, err := gzip.NewReader(r); err == nil {
		r = z
	} else if _, err := image.Seek(0, io.SeekStart); err != nil {
		return nil, err
	} else {
		r = image
	}
	if _, err := io.CopyN(io.Discard, r, offset); err != nil {
		return nil, err
	}
	head := make([]byte, 512)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if !isVolume(bytes.NewReader(head)) {
		return nil, fmt.Errorf("no NTFS boot sector at offset %#x of the file", offset)
	}
	return io.MultiReader(bytes.NewReader(head), r), nil
}

// isVolume reports whether r begins with an NTFS boot sector, which has a signature of
// 8 bytes at offset 3.
func isVolume(r io.ReaderAt) bool {
	var mark [8]byte
	_, err := r.ReadAt(mark[:], 3)
	return err == nil && string(mark[:]) == "NTFS    "
}
