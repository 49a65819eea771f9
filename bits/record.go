package bits

import (
	"bytes"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The marks are GUIDs: of the parts of a job, and of a file in qmgr.db.
const (
	filesMark = "\x36\xda\x56\x77\x6f\x51\x5a\x43\xac\xac\x44\xa2\x48\xff\xf3\x4d"
	fileMark  = "\xe4\xcf\x9e\x51\x46\xd9\x97\x43\xb7\x3e\x26\x85\x13\x05\x1a\xb2"
	markSize  = 16
)

// jobMarks are the GUIDs that jobs begin and end with. Each version of the layout has its
// own, and jobs that upload have one in front of it.
var jobMarks = [...]string{
	"\x93\x36\x20\x35\xa0\x0c\x10\x4a\x84\xf3\xb1\x7e\x7b\x49\x9c\xd7",
	"\x10\x13\x70\xc8\x36\x53\xb3\x41\x83\xe5\x81\x55\x7f\x36\x1b\x87",
	"\x8c\x93\xea\x64\x03\x0f\x68\x40\xb4\x6f\xf9\x7f\xe5\x1d\x4d\xcd",
	"\xb3\x46\xed\x3d\x3b\x10\xf9\x44\xbc\x2f\xe8\x37\x8b\xd3\x19\x86",
	"\x74\xe7\x0c\x81\xd2\xbb\xcc\x48\x9e\x47\x86\x2e\x8d\x58\xf3\xc6",
	"\xa1\x56\x09\xe1\x43\xaf\xc9\x42\x92\xe6\x6f\x98\x56\xeb\xa7\xf6", // Windows 10 and 11
	"\x9f\x95\xd4\x4c\x64\x70\xf2\x4b\x84\xd7\x47\x6a\x7e\x62\x69\x9f",
	"\xf1\x19\x26\xa9\x32\x03\xbf\x4c\x94\x27\x89\x88\x18\x95\x88\x31",
	"\xc1\x33\xbc\xdd\xfb\x5a\xaf\x4d\xb8\xa1\x22\x68\xb3\x9d\x01\xad",
	"\xd0\x57\x56\x8f\x2c\x01\x3e\x4e\xad\x2c\xf4\xa5\xd7\x65\x6f\xaf", // Windows 10 and 11, an upload
	"\x50\x67\x41\x94\x57\x03\x1d\x46\xa4\xcc\x5d\xd9\x99\x07\x06\xe4",
	"\x38\x5c\x71\x03\x1f\x28\xca\x40\x98\x13\x9d\xe9\x1a\x5a\x84\xd1",
	"\xd8\x1e\xd3\x68\xd5\x34\xe1\x4f\x89\x23\x94\xab\xcb\xf4\xc1\xcf", // an upload
}

// The numbers of a job, in bytes from the end of its marks.
//
//	 0   4  0
//	 4   4  priority
//	 8   4  state
//	12   4  type
//	16  16  GUID of the job
//	32   -  texts: name, description, command, arguments, SID of the owner
//	 -   4  flags of the notification
//	 -   -  access token, access control list
//	 -   -  filesMark, number of files, and the files; in qmgr.db their GUIDs
//	 -   -  filesMark, and the tail
const numbersSize = 16

// bodyOf returns the offset of the numbers of the job that b begins with, or false if b does
// not begin with a job: behind one mark, or behind two.
func bodyOf(b []byte) (int, bool) {
	for _, at := range [...]int{markSize, 2 * markSize} {
		if len(b) < at+numbersSize+markSize || at > markSize && string(b[:markSize]) == string(b[markSize:at]) {
			return 0, false // the end of a job, and the next one
		}
		n := b[at:]
		if le.Uint32(n) <= uint32(UploadReply) && le.Uint32(n[4:]) <= uint32(Low) && le.Uint32(n[8:]) <= uint32(Cancelled) && le.Uint32(n[12:]) <= uint32(UploadReply) {
			return at, true
		}
	}
	return 0, false
}

// text reads a text: the number of its characters with a NUL, and the characters.
func text(c *bin.Cursor, what string) string {
	n := uint64(c.U32("length of the "+what)) * 2
	if n > uint64(c.Len()) {
		c.Skip(what, c.Len()+1)
		return ""
	}
	return wtf8.String(wtf8.Trim(c.Bytes(what, int(n))))
}

// head reads a job up to its files. Body is the offset of its numbers.
func head(c *bin.Cursor, body int) *Job {
	c.Skip("mark of the job", body)
	j := &Job{}
	// Two of the tools that doc.go names have the type here. Uploads of Windows 10 have 0,
	// and their type behind the state; so either makes a job an upload.
	first := Type(c.U32("first number of the job"))
	j.Priority, j.State = Priority(c.U32("priority")), State(c.U32("state"))
	j.Type = max(first, Type(c.U32("type")))
	copy(j.ID[:], c.Bytes("GUID of the job", len(j.ID)))
	j.Name, j.Description = text(c, "name"), text(c, "description")
	j.Command, j.Arguments = text(c, "notify command"), text(c, "arguments of the notify command")
	j.Owner = text(c, "SID of the owner")
	j.Notify = Notify(c.U32("flags of the notification"))
	return j
}

// toMark moves behind the next filesMark, which must be within limit bytes.
func toMark(c *bin.Cursor, b []byte, limit int) error {
	i := bytes.Index(b[c.Pos():min(len(b), c.Pos()+limit)], []byte(filesMark))
	if i < 0 {
		return damage.New("mark of the files", c.Offset(), "none", fmt.Sprintf("% x", filesMark))
	}
	c.Skip("access token", i+markSize)
	return c.Err()
}

// The tail of a job, in bytes from the end of its second filesMark.
//
//	0   4  1 if there is an error, which follows
//	-   4  number of transient errors
//	-   4  delay before it is tried again, in seconds
//	-   4  timeout of a job without progress, in seconds
//	-   8  FILETIME of the creation
//	-   8  FILETIME of the last change
//	-   8  FILETIME of the last activity
//	-   8  FILETIME of the completion, or 0
//	-   6  unknown
//	-   8  FILETIME of an activity
//	-   8  FILETIME of the expiry
//	-   -  proxy, credentials, headers; since Windows 10 the path of the program, 16 unknown
//	       bytes, and the method of HTTP
//
// An error, in bytes:
//
//	 0   4  0
//	 4   4  HRESULT
//	 8   4  1
//	12   4  context, BG_ERROR_CONTEXT
//	16   4  unknown
//	20   1  1 if a text follows
//
// According to bits_parser, old layouts have 4 bytes more in front.
var errorSizes = [...]int{21, 25}

// tail reads the tail of a job into j.
func tail(c *bin.Cursor, j *Job, b []byte) error {
	failed := c.U32("whether there is an error") != 0
	if err := c.Err(); err != nil || !failed {
		return times(c, j, b)
	}
	var first error
	for _, size := range errorSizes {
		at := *c
		at.Skip("error", size-21+4)
		j.Error = winid.Win32Error(at.U32("code of the error"))
		at.Skip("error", 4)
		j.ErrorContext = at.U32("context of the error")
		at.Skip("error", 4)
		if at.U8("whether the error has a text") != 0 {
			text(&at, "text of the error")
		}
		err := times(&at, j, b)
		if err == nil {
			*c = at
			return nil
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// times reads a tail behind the error. Its times must be plausible.
func times(c *bin.Cursor, j *Job, b []byte) error {
	j.TransientErrors = c.U32("number of transient errors")
	j.RetryDelay = time.Duration(c.U32("retry delay")) * time.Second
	j.Timeout = time.Duration(c.U32("timeout")) * time.Second
	at := c.Offset()
	j.Created = filetime.Time(c.U64("time of the creation"))
	j.Modified = filetime.Time(c.U64("time of the last change"))
	c.Skip("time of the last activity", 8)
	j.Completed = filetime.Time(c.U64("time of the completion"))
	c.Skip("times", 6+8)
	j.Expires = filetime.Time(c.U64("time of the expiry"))
	err := c.Err()
	if err == nil && (!plausible(j.Created) || !plausible(j.Modified) || !plausible(j.Completed) && !j.Completed.IsZero()) {
		err = damage.New("times of the job", at, filetime.Text(j.Created)+", "+filetime.Text(j.Modified), "times of BITS")
	}
	if err != nil {
		j.Error, j.ErrorContext, j.TransientErrors, j.RetryDelay, j.Timeout = 0, 0, 0, 0, 0
		j.Created, j.Modified, j.Completed, j.Expires = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		return err
	}
	j.Program, j.Method = maker(b[c.Pos():])
	return nil
}

// plausible reports whether BITS can have written a time: it is older than neither Windows
// 2000, nor much younger than this program.
func plausible(t time.Time) bool { return t.Year() >= 2000 && t.Year() < 2100 }

// maxMaker is how much of a tail is searched for the program, in bytes. Encrypted headers
// may be in front of it.
const maxMaker = 64 << 10

// maker finds the path of the program that made the job, by its form and by the method of
// HTTP that follows.
func maker(b []byte) (program, method string) {
	b = b[:min(len(b), maxMaker)]
	for from := 0; ; {
		i := bytes.Index(b[from:], []byte(":\x00\\\x00"))
		if i < 0 {
			return "", ""
		}
		from += i + 1
		c := bin.NewCursor(b, 0)
		c.Seek("program", max(0, from-1-2-4))
		program = text(&c, "program")
		c.Skip("unknown", 16)
		method = text(&c, "method")
		if c.Err() == nil && len(program) > 3 && program[1] == ':' && isMethod(method) {
			return program, method
		}
	}
}

// isMethod reports whether a text is a method of HTTP.
func isMethod(s string) bool {
	for _, r := range s {
		if r < 'A' || r > 'Z' && r != '_' {
			return false
		}
	}
	return len(s) >= 2 && len(s) <= 16
}
