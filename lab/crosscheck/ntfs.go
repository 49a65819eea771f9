package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"

	rival "www.velocidex.com/golang/go-ntfs/parser"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Both sides give the data in the clusters of a volume: the $DATA streams of every
// file, by its reference and their name, and the names in the directories that exist.
// The rest is in the $MFT, which is compared separately.

// maxContent is how much of one stream is compared, in bytes. A sparse stream may have
// any size.
const maxContent = 64 << 20

func ourVolume(path string, emit func(child.Record)) (int, error) {
	v, err := mft.OpenVolume(path)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	damaged := 0
	for rec, err := range v.MFT().Records() {
		if err != nil {
			damaged++
			continue
		}
		damaged += len(rec.Problems)
		for _, s := range rec.Streams {
			r, err := v.OpenStream(rec, s.Name)
			if err != nil {
				damaged++
				continue
			}
			emit(contentOf(rec.Ref.String(), s.Name, r, r.Size()))
		}
		dir := v.MFT().Path(rec)
		if !rec.InUse() || !rec.IsDir() || dir.Orphan || dir.Deleted {
			continue
		}
		entries, err := v.ReadDir(dir.Name)
		if err != nil {
			damaged++
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		emit(directory(rec.Ref.String(), names))
	}
	return damaged, nil
}

func contentOf(ref, stream string, r io.ReaderAt, size int64) child.Record {
	sum := sha256.New()
	n, err := io.Copy(sum, io.NewSectionReader(r, 0, min(size, maxContent)))
	l := list{{Name: "stream size", Value: strconv.FormatInt(size, 10)}}
	if err != nil {
		l.add("read error", err.Error())
	} else {
		l.add("content", fmt.Sprintf("SHA-256 of %d bytes %s", n, hex.EncodeToString(sum.Sum(nil))))
	}
	return child.Record{Key: ref + ":" + stream, Offset: -1, Fields: l}
}

func directory(ref string, names []string) child.Record {
	slices.Sort(names)
	var l list
	for _, name := range slices.Compact(names) {
		l.add("entry", name)
	}
	return child.Record{Key: ref + " directory", Offset: -1, Fields: l}
}

func goNTFSVolume(path string, emit func(child.Record)) (int, error) {
	f, err := openPaged(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	ntfs, err := rival.GetNTFSContext(f, 0)
	if err != nil {
		return 0, err
	}
	defer ntfs.Close()
	table, err := ntfs.GetMFT(0)
	if err != nil {
		return 0, err
	}
	data, err := rival.OpenStream(ntfs, table, rival.ATTR_TYPE_DATA, rival.WILDCARD_STREAM_ID, "")
	if err != nil {
		return 0, err
	}
	// The $MFT may claim to be larger than the volume.
	size := min(rival.RangeSize(data), f.size)
	for id := range size / ntfs.GetRecordSize() {
		entry, err := ntfs.GetMFT(id)
		if err != nil {
			continue
		}
		ref := fmt.Sprintf("%d-%d", id, entry.Sequence_value())
		seen := map[string]bool{}
		for _, attr := range entry.EnumerateAttributes(ntfs) {
			name := attr.Name()
			if attr.Type().Value != rival.ATTR_TYPE_DATA || seen[name] {
				continue
			}
			seen[name] = true
			r, err := rival.OpenStream(ntfs, entry, rival.ATTR_TYPE_DATA, rival.WILDCARD_STREAM_ID, name)
			if err != nil {
				continue
			}
			emit(contentOf(ref, name, r, rival.RangeSize(r)))
		}
		if entry.Flags().IsSet("ALLOCATED") && entry.Flags().IsSet("DIRECTORY") {
			var names []string
			for _, e := range entry.Dir(ntfs) {
				// The root lists itself.
				if file := e.File(); file.NameType().Name != "DOS" && file.Name() != "." {
					names = append(names, file.Name())
				}
			}
			emit(directory(ref, names))
		}
	}
	return 0, nil
}
