// Package bitstest writes queues of BITS for tests: read by package bits, the jobs are those
// that were written.
package bitstest

import (
	"cmp"
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/esetest"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Queue is what a file holds. Files without an ID get one that follows from their place.
type Queue struct {
	Jobs    []bits.Job
	Deleted []bits.Job // jobs that are left from before: nothing refers to them

	// Lost are files of qmgr.db that are left from before, without their jobs.
	Lost []bits.File

	// Dirty is that qmgr.db was in use when it was copied.
	Dirty bool

	// PageSize is that of qmgr.db, in bytes: if it is 0, that of Windows.
	PageSize int
}

// The marks, as package bits has them.
const (
	filesMark  = "\x36\xda\x56\x77\x6f\x51\x5a\x43\xac\xac\x44\xa2\x48\xff\xf3\x4d"
	fileMark   = "\xe4\xcf\x9e\x51\x46\xd9\x97\x43\xb7\x3e\x26\x85\x13\x05\x1a\xb2"
	jobMark10  = "\xa1\x56\x09\xe1\x43\xaf\xc9\x42\x92\xe6\x6f\x98\x56\xeb\xa7\xf6"
	uploadMark = "\xd0\x57\x56\x8f\x2c\x01\x3e\x4e\xad\x2c\xf4\xa5\xd7\x65\x6f\xaf"
	jobMark7   = "\x93\x36\x20\x35\xa0\x0c\x10\x4a\x84\xf3\xb1\x7e\x7b\x49\x9c\xd7"
	queueMark  = "\x13\xf7\x2b\xc8\x40\x99\x12\x4a\x9f\x1a\x3a\xae\xbd\x89\x4e\xea"
	jobsMark   = "\x47\x44\x5f\x00\xa9\xbd\xba\x44\x98\x51\xc4\x7b\xb6\xc0\x7a\xce"
	version7   = "\xf5\x6a\x19\x2b\x7c\x00\x8f\x43\x8d\x12\x1c\xfc\xa4\xcc\x9b\x76"

	rowHead   = "\xfe\x00\x01\x04\x00\x01" // of a record of Files, in front of its blob
	unused    = 64                         // of an access token
	pageStart = 0x100                      // of what is left in a page
)

// PageSize is that of qmgr.db, as Windows writes it.
const PageSize = 16384

var le = binary.LittleEndian

// Database returns qmgr.db.
func Database(q Queue) ([]byte, error) {
	columns := []esetest.Column{{Name: "Id", Type: ese.GUID}, {Name: "Blob", Type: ese.LongBinary}}
	jobs, files := esetest.Table{Name: "Jobs", Columns: columns}, esetest.Table{Name: "Files", Columns: columns}
	for i := range q.Jobs {
		j := withIDs(&q.Jobs[i], byte(i))
		jobs.Rows = append(jobs.Rows, []any{j.ID, Job(j, false)})
		for _, f := range j.Files {
			files.Rows = append(files.Rows, []any{f.ID, File(f, j.Type != bits.Download)})
		}
	}
	size := cmp.Or(q.PageSize, PageSize)
	db := esetest.Database{PageSize: size, Tables: []esetest.Table{jobs, files}}
	if q.Dirty {
		db.State = ese.DirtyShutdown
	}
	raw, err := esetest.Bytes(db)
	if err != nil {
		return nil, err
	}
	var left []byte
	for i := range q.Deleted {
		j := withIDs(&q.Deleted[i], 0x80|byte(i))
		left = append(left, Job(j, false)...)
		for _, f := range j.Files {
			left = append(left, lost(f, j.Type != bits.Download)...)
		}
	}
	for i := range q.Lost {
		left = append(left, lost(&q.Lost[i], false)...)
	}
	if len(left) > 0 {
		raw = append(raw, make([]byte, pageStart)...)
		raw = append(raw, left...)
		raw = append(raw, make([]byte, size-len(raw)%size)...)
	}
	return raw, nil
}

// lost returns a record of the table Files.
func lost(f *bits.File, upload bool) []byte {
	b := append(f.ID[:], rowHead...)
	return append(append(b, File(f, upload)...), 0x04, 0x20, 0, 0)
}

// withIDs returns a job whose files have IDs.
func withIDs(j *bits.Job, place byte) *bits.Job {
	made := *j
	made.Files, made.FileIDs = nil, nil
	for i, f := range j.Files {
		c := *f
		if c.ID.IsZero() {
			c.ID = j.ID
			c.ID[0], c.ID[1] = c.ID[0]^byte(i+1), c.ID[1]^0x55^place
		}
		made.Files, made.FileIDs = append(made.Files, &c), append(made.FileIDs, c.ID)
	}
	return &made
}

// File returns the blob of a file in qmgr.db.
func File(f *bits.File, upload bool) []byte {
	return append(append([]byte(fileMark), file(f, upload)...), fileMark...)
}

// file returns a file without marks.
func file(f *bits.File, upload bool) []byte {
	var b []byte
	if upload {
		b = when(b, f.Modified)
	}
	b = text(text(text(b, f.Path), f.URL), f.Temp)
	b = le.AppendUint64(le.AppendUint64(b, f.Transferred), f.Total)
	b = text(text(append(b, 0), f.Drive), f.Volume)
	b = le.AppendUint32(le.AppendUint32(b, f.DriveType), f.Serial)
	b = le.AppendUint32(le.AppendUint64(b, f.Total), 0x80)
	b = append(le.AppendUint32(b, 0), 0)
	b = le.AppendUint32(b, uint32(len(f.Ranges)))
	for _, r := range f.Ranges {
		b = le.AppendUint64(le.AppendUint64(b, r.Offset), r.Length)
	}
	if upload {
		b = le.AppendUint64(b, 0)
	} else {
		b = when(b, f.Modified)
	}
	return append(b, make([]byte, 36)...)
}

// Job returns a job: the blob of qmgr.db, or with its files.
func Job(j *bits.Job, inline bool) []byte {
	mark := jobMark10
	if inline {
		mark = jobMark7
	}
	b := []byte(mark)
	if j.Type != bits.Download {
		b = append([]byte(uploadMark), b...)
	}
	for _, n := range [...]uint32{0, uint32(j.Priority), uint32(j.State), uint32(j.Type)} {
		b = le.AppendUint32(b, n)
	}
	b = append(b, j.ID[:]...)
	for _, s := range [...]string{j.Name, j.Description, j.Command, j.Arguments, j.Owner} {
		b = text(b, s)
	}
	b = le.AppendUint32(b, uint32(j.Notify))
	b = append(append(b, make([]byte, unused)...), filesMark...)
	if inline {
		b = le.AppendUint32(b, uint32(len(j.Files)))
		for _, f := range j.Files {
			b = append(b, file(f, j.Type != bits.Download)...)
		}
	} else {
		b = le.AppendUint32(b, uint32(len(j.FileIDs)))
		for _, id := range j.FileIDs {
			b = append(b, id[:]...)
		}
	}
	b = tail(append(b, filesMark...), j, inline)
	b = append(b, mark...)
	if j.Type != bits.Download {
		b = append(b, uploadMark...)
	}
	return b
}

// tail appends what follows the files of a job.
func tail(b []byte, j *bits.Job, inline bool) []byte {
	if j.Error == 0 {
		b = le.AppendUint32(b, 0)
	} else {
		for _, n := range [...]uint32{1, 0, uint32(j.Error), 1, j.ErrorContext, 3} {
			b = le.AppendUint32(b, n)
		}
		b = append(b, 0)
	}
	b = le.AppendUint32(b, j.TransientErrors)
	b = le.AppendUint32(le.AppendUint32(b, uint32(j.RetryDelay/time.Second)), uint32(j.Timeout/time.Second))
	b = when(when(when(when(b, j.Created), j.Modified), j.Modified), j.Completed)
	b = when(when(append(b, 0, 1, 0, 0, 0, 1), j.Modified), j.Expires)
	if inline {
		return append(b, make([]byte, 59)...)
	}
	b = append(b, make([]byte, 163)...)
	b = text(b, j.Program)
	for _, n := range [...]uint32{3, 0x12, 3, 0x13} {
		b = le.AppendUint32(b, n)
	}
	return append(text(b, j.Method), 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
}

// List returns qmgr0.dat or qmgr1.dat, as Windows 7 writes it. Its files have no IDs.
func List(q Queue) []byte {
	b := []byte(version7 + queueMark + jobsMark)
	b = le.AppendUint32(b, uint32(len(q.Jobs)))
	for i := range q.Jobs {
		b = append(b, Job(&q.Jobs[i], true)...)
	}
	b = append(b, jobsMark...)
	for range 2 {
		b = append(le.AppendUint32(append(b, jobsMark...), 0), jobsMark...)
	}
	b = append(b, queueMark+version7...)
	for i := range q.Deleted {
		b = append(b, Job(&q.Deleted[i], true)...)
	}
	return append(b, make([]byte, 4096-len(b)%4096)...)
}

// text appends a text: the number of its characters with a NUL, and the characters.
func text(b []byte, s string) []byte {
	t := append(wtf8.Encode(s), 0, 0)
	return append(le.AppendUint32(b, uint32(len(t)/2)), t...)
}

func when(b []byte, t time.Time) []byte { return le.AppendUint64(b, filetime.Ticks(t)) }

// ID returns a GUID for tests.
func ID(n byte) winid.GUID { return winid.GUID{n, 0x11, 0x22, 0x33, 0x44, 0x55, 0x46, 0x77, 0x88, n} }
