package bits

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Limits of what is searched for in the bytes of a file.
const (
	maxCarved   = 64 << 20 // how much of the file, in bytes
	maxFound    = 1 << 16  // how many jobs, and how many files
	maxSecurity = 8 << 10  // how far the mark of its files may be from the texts of a job, in bytes
	maxWhole    = 64 << 10 // how far the end of a job may be from its beginning, in bytes
)

// rowHead says whose file a blob is only if the blob is in the record itself. Most are long
// values, which the record names by a number. The engine gives such numbers again: in a
// database of Windows 10, one had been given nine times. So the record that a long value
// belonged to, and with it the job, is not known.
//
// rowHead is what a record of the table Files has between its Id and a blob that is in the
// record itself: the bitmap of the fixed columns, the identifier of the column Blob, its
// offset, and the flag of a long value.
const rowHead = "\xfe\x00\x01\x04\x00\x01"

// carve finds the jobs and files that are left from before, in all bytes of the file.
// What the queue has is found again, and dropped.
func (d *decoder) carve() {
	b := d.raw
	if len(b) > maxCarved {
		b = b[:maxCarved]
		d.note(damage.Limit, damage.New("deleted jobs", maxCarved, "", fmt.Sprintf("the first %d bytes are searched", maxCarved)), "")
	}
	d.carveJobs(b)
	d.carveFiles(b)
}

// carveJobs adds the jobs that are left from before.
func (d *decoder) carveJobs(b []byte) {
	known := map[jobKey]bool{}
	for _, i := range d.jobs {
		if i.job != nil {
			known[keyOf(i.job)] = true
		}
	}
	last := map[jobKey]*Job{} // the last version of each
	f := form{inline: !isDatabase(b), limit: maxSecurity}
	past := 0
	for at := range marksIn(b, jobMarks[:]) {
		if at < past {
			continue // in a job that was found, or the mark at its end
		}
		j, n, err, rest := d.job(b[at:min(len(b), at+maxWhole)], int64(at), f)
		if err != nil {
			continue
		}
		past = at + n
		j.Recovery = Carved
		if rest != nil {
			j.Recovery = CarvedInPart
		}
		for _, file := range j.Files {
			file.Recovery = j.Recovery
		}
		key := keyOf(j)
		if known[key] {
			continue
		}
		if had := last[key]; had == nil && len(last) < maxFound || had != nil && newer(j, had) {
			last[key] = j
		}
	}
	if len(last) == maxFound {
		d.note(damage.Limit, damage.New("deleted jobs", -1, "more", fmt.Sprintf("%d are kept", maxFound)), "")
	}
	for _, j := range slices.SortedFunc(maps.Values(last), func(a, b *Job) int { return cmp.Compare(a.Offset, b.Offset) }) {
		j.Record = "carved job {" + j.ID.String() + "}"
		d.jobs = append(d.jobs, item{job: j})
	}
}

// jobKey is what makes two versions of a job the same for a reader.
type jobKey struct {
	id                             winid.GUID
	kind                           Type
	name, command, argument, owner string
}

func keyOf(j *Job) jobKey { return jobKey{j.ID, j.Type, j.Name, j.Command, j.Arguments, j.Owner} }

// newer reports whether a version of a job is later than another one, of which as much was
// read.
func newer(a, b *Job) bool {
	return cmp.Or(-cmp.Compare(a.Recovery, b.Recovery), a.Modified.Compare(b.Modified)) > 0
}

// carveFiles finds the files of qmgr.db that are left from before.
func (d *decoder) carveFiles(b []byte) {
	if !isDatabase(b) {
		return // they are in their jobs
	}
	known := map[fileKey]bool{}
	for _, f := range d.rows {
		known[nameOf(f)] = true
	}
	last := map[fileKey]*File{}
	for at := range marksIn(b, []string{fileMark}) {
		f, rest, ok := fileOf(b[at:min(len(b), at+maxWhole)], int64(at))
		if !ok || known[nameOf(f)] {
			continue
		}
		f.Recovery, f.Record = Carved, fmt.Sprintf("carved file at %#x", at)
		if rest != nil {
			f.Recovery = CarvedInPart
		}
		if front := at - len(rowHead); front >= len(f.ID) && string(b[front:at]) == rowHead {
			copy(f.ID[:], b[front-len(f.ID):])
		}
		key := nameOf(f)
		switch had := last[key]; {
		case had == nil && len(last) < maxFound:
			last[key] = f
		case had != nil:
			id := had.ID
			if cmp.Or(-cmp.Compare(f.Recovery, had.Recovery), cmp.Compare(f.Transferred, had.Transferred)) > 0 {
				last[key] = f
			}
			if last[key].ID.IsZero() {
				last[key].ID = id
			}
			if last[key].ID.IsZero() {
				last[key].ID = f.ID
			}
		}
	}
	if len(last) == maxFound {
		d.note(damage.Limit, damage.New("deleted files", -1, "more", fmt.Sprintf("%d are kept", maxFound)), "")
	}
	d.carved = slices.SortedFunc(maps.Values(last), func(a, b *File) int { return cmp.Compare(a.Offset, b.Offset) })
}

// fileKey is what makes two versions of a file the same: the temporary name is drawn anew
// for each job.
type fileKey struct{ url, path, temp string }

func nameOf(f *File) fileKey { return fileKey{f.URL, f.Path, f.Temp} }

// join gives the jobs their files, and returns those that no job has.
func (d *decoder) join() []*File {
	byID := map[winid.GUID]*File{}
	for _, f := range d.carved {
		if !f.ID.IsZero() {
			byID[f.ID] = f
		}
	}
	maps.Copy(byID, d.rows)
	used := map[*File]bool{}
	for _, i := range d.jobs {
		if i.job == nil {
			continue
		}
		for _, id := range i.job.FileIDs {
			if f := byID[id]; f != nil {
				i.job.Files = append(i.job.Files, f)
				used[f] = true
			}
		}
	}
	var loose []*File
	for _, f := range d.rows {
		if !used[f] {
			loose = append(loose, f)
		}
	}
	for _, f := range d.carved {
		if !used[f] {
			loose = append(loose, f)
		}
	}
	slices.SortFunc(loose, func(a, b *File) int { return cmp.Or(cmp.Compare(a.Offset, b.Offset), bytes.Compare(a.ID[:], b.ID[:])) })
	return loose
}

// marksIn yields the offsets of marks in b, in order.
func marksIn(b []byte, marks []string) func(func(int) bool) {
	return func(yield func(int) bool) {
		next := make([]int, len(marks))
		find := func(i, from int) {
			next[i] = len(b)
			if at := bytes.Index(b[from:], []byte(marks[i])); at >= 0 {
				next[i] = from + at
			}
		}
		for i := range marks {
			find(i, 0)
		}
		for {
			i, at := 0, len(b)
			for k, n := range next {
				if n < at {
					i, at = k, n
				}
			}
			if at == len(b) || !yield(at) {
				return
			}
			find(i, at+1)
		}
	}
}
