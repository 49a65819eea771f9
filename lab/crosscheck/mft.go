package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	rival "www.velocidex.com/golang/go-ntfs/parser"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Both sides give the files that have a $STANDARD_INFORMATION and a name, by their
// reference, and their named streams, by reference and name. go-ntfs does not have
// rows for other records, so they cannot be compared.

func ourMFT(path string, emit func(child.Record)) (int, error) {
	r, err := mft.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		damaged += len(rec.Problems)
		si := rec.StandardInformation
		if !si.Present || len(rec.FileNames) == 0 || rec.IsOrphanExtension() {
			continue
		}
		var l list
		l.add("in use", strconv.FormatBool(rec.InUse()))
		l.add("directory", strconv.FormatBool(rec.IsDir()))
		l.add("lsn", strconv.FormatUint(rec.LSN, 10))
		l.add("links", strconv.FormatUint(uint64(rec.HardLinks), 10))
		l.add("size", strconv.FormatUint(rec.Size(), 10))
		l.add("$SI attributes", strconv.FormatUint(uint64(si.Attributes), 10))
		l.add("$SI created", records.Time(si.Created))
		l.add("$SI modified", records.Time(si.Modified))
		l.add("$SI changed", records.Time(si.Changed))
		l.add("$SI accessed", records.Time(si.Accessed))
		// go-ntfs gives the times and the parent of only the first name.
		first := rec.FileNames[0]
		l.add("parent", first.Parent.String())
		l.add("$FN created", records.Time(first.Created))
		l.add("$FN modified", records.Time(first.Modified))
		l.add("$FN changed", records.Time(first.Changed))
		l.add("$FN accessed", records.Time(first.Accessed))
		for _, n := range rec.FileNames {
			l.add("name", n.Name)
			l.add("namespace", rivalNamespaces[n.Namespace])
		}
		var paths []string
		for _, p := range r.Paths(rec) {
			if p.Orphan {
				p.Name = orphan
			}
			paths = append(paths, p.Name)
		}
		l.paths(paths)
		emit(child.Record{Key: rec.Ref.String(), Offset: rec.Offset, Fields: l})
		for _, s := range rec.Streams {
			if s.Name != "" {
				emit(stream(rec.Ref.String(), s.Name, s.Offset, int64(s.Size)))
			}
		}
	}
	return damaged, nil
}

// rivalNamespaces are the namespaces as go-ntfs calls them.
var rivalNamespaces = map[mft.Namespace]string{
	mft.NamespacePOSIX: "POSIX", mft.NamespaceWin32: "Win32", mft.NamespaceDOS: "DOS", mft.NamespaceWin32DOS: "DOS+Win32",
}

// orphan is the path of a file whose directory is gone, since each parser shows a
// different part of it.
const orphan = "(orphan)"

// paths adds the paths of all links, in their order as text.
func (l *list) paths(paths []string) {
	slices.Sort(paths)
	for _, p := range paths {
		l.add("path", p)
	}
}

func stream(ref, name string, offset, size int64) child.Record {
	return child.Record{Key: ref + ":" + name, Offset: offset, Fields: list{{Name: "stream size", Value: strconv.FormatInt(size, 10)}}}
}

// go-ntfs reads in small pieces. Its own program makes it read through pages.
const pageSize, maxPages = 1024, 10000

// paged is a file that is read through pages.
type paged struct {
	io.ReaderAt
	io.Closer
	size int64 // in bytes
}

func openPaged(path string) (*paged, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		var pages io.ReaderAt
		if pages, err = rival.NewPagedReader(f, pageSize, maxPages); err == nil {
			return &paged{pages, f, info.Size()}, nil
		}
	}
	f.Close()
	return nil, err
}

func goNTFS(path string, emit func(child.Record)) (int, error) {
	f, err := openPaged(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	size, err := recordSize(f)
	if err != nil {
		return 0, err
	}
	for row := range rival.ParseMFTFile(context.Background(), f, f.size, 4096, size) {
		ref := fmt.Sprintf("%d-%d", row.EntryNumber, row.SequenceNumber)
		if _, name, ok := strings.Cut(row.Inode, ":"); ok { // one of the rows for named streams
			emit(stream(ref, name, -1, row.FileSize))
			continue
		}
		var l list
		l.add("in use", strconv.FormatBool(row.InUse))
		l.add("directory", strconv.FormatBool(row.IsDir))
		l.add("lsn", strconv.FormatUint(row.LogFileSeqNum, 10))
		l.add("links", strconv.FormatInt(row.ReferenceCount, 10))
		l.add("size", strconv.FormatInt(row.FileSize, 10))
		attributes, _, _ := strings.Cut(row.SIFlags, " ") // "38 (ARCHIVE,HIDDEN,SYSTEM)"
		l.add("$SI attributes", attributes)
		l.add("$SI created", records.Time(row.Created0x10))
		l.add("$SI modified", records.Time(row.LastModified0x10))
		l.add("$SI changed", records.Time(row.LastRecordChange0x10))
		l.add("$SI accessed", records.Time(row.LastAccess0x10))
		l.add("parent", fmt.Sprintf("%d-%d", row.ParentEntryNumber, row.ParentSequenceNumber))
		l.add("$FN created", records.Time(row.Created0x30))
		l.add("$FN modified", records.Time(row.LastModified0x30))
		l.add("$FN changed", records.Time(row.LastRecordChange0x30))
		l.add("$FN accessed", records.Time(row.LastAccess0x30))
		for i, t := range strings.Split(row.FileNameTypes(), ",") {
			l.add("name", row.FileNames[i])
			l.add("namespace", t)
		}
		var paths []string
		for _, p := range row.Links() {
			p = strings.ReplaceAll(p, `\`, "/")
			if strings.Contains(p, "<Err>") {
				p = orphan
			}
			paths = append(paths, p)
		}
		l.paths(paths)
		emit(child.Record{Key: ref, Offset: row.EntryNumber * size, Fields: l})
	}
	return 0, nil
}

// recordSize reads the size of a record in bytes from the first record: the allocated
// size, 4 bytes at offset 28. go-ntfs requires it as an argument.
func recordSize(r io.ReaderAt) (int64, error) {
	var b [4]byte
	if _, err := r.ReadAt(b[:], 28); err != nil {
		return 0, err
	}
	if binary.LittleEndian.Uint32(b[:]) == 4096 {
		return 4096, nil
	}
	return 1024, nil
}
