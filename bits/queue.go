package bits

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// qmgr0.dat and qmgr1.dat, in bytes.
//
//	0  16  GUID of the version; in Windows 10, 8 bytes follow
//	-  16  queueMark
//	-  16  jobsMark
//	-   4  number of jobs
//	-   -  the jobs
//	-  16  jobsMark
//	-   -  other lists, queueMark, and what is left from before
//
// A job ends with the marks that it begins with.
const (
	queueMark = "\x13\xf7\x2b\xc8\x40\x99\x12\x4a\x9f\x1a\x3a\xae\xbd\x89\x4e\xea"
	jobsMark  = "\x47\x44\x5f\x00\xa9\xbd\xba\x44\x98\x51\xc4\x7b\xb6\xc0\x7a\xce"
	maxStart  = 64 // how far queueMark may be from the beginning
)

// inQueue is the form of the jobs of the list.
var inQueue = form{inline: true, limit: maxSize}

// queue reads the list of jobs. The error is that of a file that is something else.
func (d *decoder) queue() error {
	i := bytes.Index(d.raw[:min(len(d.raw), maxStart+markSize)], []byte(queueMark))
	if i < 0 {
		return &FormatError{Offset: 0, What: "header", Got: fmt.Sprintf("% x", d.raw[:min(len(d.raw), 32)]), Want: "that of a queue of BITS", Err: ErrNotQueue}
	}
	at := i + markSize
	if !bytes.HasPrefix(d.raw[at:], []byte(jobsMark)) || len(d.raw) < at+markSize+4 {
		d.note(damage.Malformed, damage.New("mark of the jobs", int64(at), fmt.Sprintf("% x", d.raw[at:min(len(d.raw), at+markSize)]), fmt.Sprintf("% x", jobsMark)), "")
		return nil
	}
	at += markSize
	count := le.Uint32(d.raw[at:])
	at += 4
	end := len(d.raw)
	if i := bytes.Index(d.raw[at:], []byte(jobsMark)); i >= 0 {
		end = at + i
	} else {
		d.note(damage.Truncation, damage.New("mark behind the jobs", int64(at), "none", fmt.Sprintf("% x", jobsMark)), "")
	}
	for n := uint32(1); n <= count; n++ {
		record := fmt.Sprintf("job %d", n)
		size := jobSize(d.raw[at:end])
		if size == 0 {
			d.lost(damage.New("job", int64(at), fmt.Sprintf("% x", d.raw[at:min(end, at+markSize)]), fmt.Sprintf("%d jobs", count)), record)
			if at = nextJob(d.raw[:end], at); at == end {
				return nil
			}
			continue
		}
		j, _, err, rest := d.job(d.raw[at:at+size], int64(at), inQueue)
		switch {
		case err != nil:
			d.lost(err, record)
		default:
			j.Record = record
			d.jobs = append(d.jobs, item{job: j})
			if rest != nil {
				d.note(damage.Malformed, rest, record)
			}
		}
		at += size
	}
	return nil
}

// jobSize returns the size of the job that b begins with, by the mark that it also ends
// with, or 0 if b does not begin with a job. Without such a mark, the job is all of b.
func jobSize(b []byte) int {
	body, ok := bodyOf(b)
	if !ok {
		return 0
	}
	i := bytes.Index(b[body:], b[:markSize])
	if i < 0 {
		return len(b)
	}
	return body + i + markSize
}

// nextJob returns the offset of the next job of a known layout in b, or the end of b.
func nextJob(b []byte, at int) int {
	for i := range marksIn(b[at:], jobMarks[:]) {
		if _, ok := bodyOf(b[at+i:]); ok {
			return at + i
		}
	}
	return len(b)
}
