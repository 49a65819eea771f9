package hostile

import (
	"bytes"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/bits/bitstest"
)

// The marks of a queue of BITS.
var (
	bitsJobs  = []string{"\xa1\x56\x09\xe1\x43\xaf\xc9\x42\x92\xe6\x6f\x98\x56\xeb\xa7\xf6", "\x93\x36\x20\x35\xa0\x0c\x10\x4a\x84\xf3\xb1\x7e\x7b\x49\x9c\xd7"}
	bitsFiles = "\x36\xda\x56\x77\x6f\x51\x5a\x43\xac\xac\x44\xa2\x48\xff\xf3\x4d"
	bitsFile  = "\xe4\xcf\x9e\x51\x46\xd9\x97\x43\xb7\x3e\x26\x85\x13\x05\x1a\xb2"
	bitsList  = "\x47\x44\x5f\x00\xa9\xbd\xba\x44\x98\x51\xc4\x7b\xb6\xc0\x7a\xce"
)

// queueFields finds the fields of the jobs and files of a queue, and those of its database.
func queueFields(data []byte) []field {
	list := databaseFields(data)
	each := func(mark string, use func(at int)) {
		for at, n := 0, 0; n < 50; n++ {
			i := bytes.Index(data[at:], []byte(mark))
			if i < 0 || at+i+64 > len(data) {
				return
			}
			list = append(list, field{at + i, 4, "mark", nil})
			use(at + i + 16)
			at += i + 16
		}
	}
	for _, mark := range bitsJobs {
		each(mark, func(at int) {
			list = append(list, field{at, 4, "first number of a job", []uint64{0, 1, 2}}, field{at + 4, 4, "priority", []uint64{0, 3, 4}},
				field{at + 8, 4, "state", []uint64{0, 6, 9}}, field{at + 12, 4, "type", []uint64{0, 1, 2, 3}}, field{at + 32, 4, "length of a name", nil})
		})
	}
	each(bitsFiles, func(at int) {
		list = append(list, field{at, 4, "number of files", []uint64{0, 1, 2, 3}}, field{at + 4, 4, "length of a path", nil}, field{at + 8, 4, "length of an error", nil},
			field{at + 24, 8, "time of a job", nil})
	})
	each(bitsFile, func(at int) { list = append(list, field{at, 4, "length of a path", nil}) })
	each(bitsList, func(at int) { list = append(list, field{at, 4, "number of jobs", []uint64{0, 1, 2, 3}}) })
	return list
}

// sampleQueues returns a queue in both formats, with what is left from before.
func sampleQueues() (map[string][]byte, error) {
	job := bits.Job{
		ID: bitstest.ID(1), State: bits.Transferred, Name: "日本", Command: `C:\a.exe`, Arguments: "a.exe /x", Notify: 3, Owner: "S-1-5-21-1-2-3-1001", Created: sampleTime, Modified: sampleTime,
		Completed: sampleTime, Expires: sampleTime, Error: 0x80072ee7, ErrorContext: 5, RetryDelay: time.Minute, Program: `C:\b.exe`, Method: "GET",
		Files: []*bits.File{
			{URL: "http://203.0.113.9/a.exe", Path: `C:\Data\a.exe`, Temp: `C:\Data\BIT1.tmp`, Transferred: 7, Total: 7, Drive: `C:\`, Volume: `\\?\Volume{1}\`, DriveType: 3, Modified: sampleTime},
			{URL: "http://203.0.113.9/b.exe", Path: `C:\Data\b.exe`, Temp: `C:\Data\BIT2.tmp`, Total: bits.Unknown, Drive: `C:\`, Volume: `\\?\Volume{1}\`, Ranges: []bits.Range{{Offset: 1, Length: 2}}},
		},
	}
	up, old := job, job
	up.ID, up.Type, up.Files = bitstest.ID(2), bits.Upload, job.Files[:1]
	old.ID, old.Command = bitstest.ID(3), ""
	q := bitstest.Queue{Jobs: []bits.Job{job, up}, Deleted: []bits.Job{old}, Lost: []bits.File{{URL: "http://203.0.113.9/c.exe", Path: `C:\c.exe`, Total: 1}}, PageSize: 2048}
	db, err := bitstest.Database(q)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"database": db, "list": bitstest.List(q)}, nil
}
