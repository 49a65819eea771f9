package main

import (
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/mft"
)

// around returns the spans from d before to d after each creation time of a file: the
// one in $STANDARD_INFORMATION, which programs can set, and those in $FILE_NAME, which
// they cannot. Spans that overlap are joined.
func (list sources) around(file evidence.Match, d time.Duration) ([][2]time.Time, error) {
	created, err := list.created(file)
	if err != nil {
		return nil, err
	}
	created = slices.DeleteFunc(created, time.Time.IsZero)
	if len(created) == 0 {
		return nil, fmt.Errorf("%s: the evidence records no creation time", file.Path())
	}
	slices.SortFunc(created, time.Time.Compare)
	var windows [][2]time.Time
	for _, t := range created {
		from, to := t.Add(-d), t.Add(d)
		if n := len(windows); n > 0 && !from.After(windows[n-1][1]) {
			windows[n-1][1] = to
			continue
		}
		windows = append(windows, [2]time.Time{from, to})
	}
	return windows, nil
}

// created returns the creation times of a file. If the file was deleted, or a collection
// did not copy it, they come from the $MFT.
func (list sources) created(file evidence.Match) ([]time.Time, error) {
	if file.Absent {
		for _, s := range list {
			if s.vol == file.Volume {
				rec, err := s.MFT().Record(file.Ref.Entry)
				return createdBy(rec), err
			}
		}
	}
	info, err := fs.Stat(file.Volume.FS, file.Name)
	if err != nil {
		return nil, err
	}
	if rec, ok := info.Sys().(*mft.Record); ok {
		return createdBy(rec), nil
	}
	if b, ok := info.(interface{ BirthTime() time.Time }); ok {
		return []time.Time{b.BirthTime()}, nil
	}
	return nil, nil
}

// createdBy returns the creation times in a record.
func createdBy(rec *mft.Record) []time.Time {
	var created []time.Time
	if rec.StandardInformation.Present {
		created = append(created, rec.StandardInformation.Created)
	}
	for _, fn := range rec.FileNames {
		created = append(created, fn.Created)
	}
	return created
}
