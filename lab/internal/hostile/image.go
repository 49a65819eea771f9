package hostile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Image does with evidence what an analyst does. It opens the evidence, lists and
// reads all files, searches for executables by name and for one file by its hash, and
// investigates the origin of one executable on each volume. This covers partition
// tables, the file system, logs, hives, signatures, the timeline and the report. Its
// records are the files of the volumes, without an offset.
func Image(path string, emit func(child.Record)) (int, error) {
	ev, err := evidence.Open(path)
	if err != nil {
		return 0, err
	}
	defer ev.Close()
	problems := 0
	for range ev.Problems() {
		problems++
	}
	for _, pattern := range []string{"*.exe", emptyMD5} {
		found, err := ev.Find(context.Background(), pattern)
		if err != nil {
			return problems, err
		}
		problems += found.Failed
	}
	for _, v := range ev.Volumes() {
		subject, failed := readVolume(v, emit)
		problems += failed
		if subject == "" {
			continue
		}
		_, err := birthmark.Investigate(context.Background(), ev, v.WindowsPath(subject))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			problems++
		}
	}
	return problems, nil
}

// emptyMD5 is the MD5 of a file without content.
const emptyMD5 = "d41d8cd98f00b204e9800998ecf8427e"

// maxRead bounds how much of one file is read, in bytes. A sparse or damaged file may
// claim any size.
const maxRead = 4 << 20

// readVolume reads all files of a volume. Subject is the last executable outside of
// the folder Windows.
func readVolume(v *evidence.Volume, emit func(child.Record)) (subject string, failed int) {
	fs.WalkDir(v.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			failed++
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if strings.HasSuffix(name, ".exe") && !strings.HasPrefix(name, "Windows/") {
			subject = name
		}
		f, err := v.FS.Open(name)
		if err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(f, maxRead))
			f.Close()
		}
		if err != nil {
			failed++
		}
		emit(child.Record{Key: v.Name + "/" + name, Offset: -1})
		return nil
	})
	return subject, failed
}
