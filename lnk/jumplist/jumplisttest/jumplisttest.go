// Package jumplisttest writes jump lists for tests, as Windows writes them: read by package
// jumplist, the list is the one that was written.
package jumplisttest

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/internal/ole/oletest"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem/shellitemtest"
)

var le = binary.LittleEndian

// Name returns the name of the file of a list.
func Name(l jumplist.List) string {
	if l.Custom {
		return l.AppID + ".customDestinations-ms"
	}
	return l.AppID + ".automaticDestinations-ms"
}

// Bytes returns the file of a list. An entry that is not Listed is written as a link alone.
// The entries of a list of a program are in the order of their categories.
func Bytes(l jumplist.List) ([]byte, error) {
	if l.Custom {
		return custom(l)
	}
	list := le.AppendUint32(nil, l.Version)
	var entries []byte
	var count, pinned, last uint32
	streams := []ole.Stream{{Name: "DestList"}}
	for i := range l.Entries {
		e := &l.Entries[i]
		if e.Link != nil {
			link, err := lnktest.File{Link: *e.Link}.Bytes()
			if err != nil {
				return nil, err
			}
			streams = append(streams, ole.Stream{Name: strconv.FormatUint(uint64(e.Number), 16), Data: link})
		}
		if !e.Listed {
			continue
		}
		count++
		last = max(last, e.Number)
		if e.Pinned {
			pinned++
		}
		b, err := entry(l.Version, e, pinned-1)
		if err != nil {
			return nil, err
		}
		entries = append(entries, b...)
	}
	for _, v := range [...]uint32{count, pinned, 0, last, 0, count, 0} {
		list = le.AppendUint32(list, v)
	}
	if count > 0 || l.Version != 0 {
		streams[0].Data = append(list, entries...)
	}
	return oletest.Bytes(streams...)
}

// entry returns an entry of DestList.
func entry(version uint32, e *jumplist.Entry, pin uint32) ([]byte, error) {
	b := make([]byte, 8)
	for _, id := range [...][16]byte{e.Droid.Volume, e.Droid.File, e.DroidBirth.Volume, e.DroidBirth.File} {
		b = append(b, id[:]...)
	}
	if len(e.Host) > 15 {
		return nil, fmt.Errorf("jumplisttest: a host of %d bytes", len(e.Host))
	}
	b = append(append(b, e.Host...), make([]byte, 16-len(e.Host))...)
	b = le.AppendUint32(b, e.Number)
	b = append(b, make([]byte, 8)...)
	b = le.AppendUint64(b, filetime.Ticks(e.LastAccess))
	if !e.Pinned {
		pin = 0xffffffff
	}
	b = le.AppendUint32(b, pin)
	if version >= 2 {
		b = le.AppendUint32(b, 0xffffffff)
		b = le.AppendUint32(b, e.Accesses)
		b = append(b, make([]byte, 8)...)
	}
	path := wtf8.Encode(e.Path)
	if len(path) > 2*0xffff {
		return nil, fmt.Errorf("jumplisttest: a path of %d bytes", len(path))
	}
	b = append(le.AppendUint16(b, uint16(len(path)/2)), path...)
	if version >= 2 {
		var store []byte
		if len(e.Properties) > 0 {
			var err error
			if store, err = shellitemtest.Store(e.Properties...); err != nil {
				return nil, err
			}
		}
		b = append(le.AppendUint32(b, uint32(len(store))), store...)
	}
	return b, nil
}

// custom returns a list of a program.
func custom(l jumplist.List) ([]byte, error) {
	var body []byte
	count := uint32(0)
	for i := 0; i < len(l.Entries); {
		category := l.Entries[i].Category
		first := i
		var links []byte
		for ; i < len(l.Entries) && l.Entries[i].Category == category; i++ {
			link := lnk.Link{}
			if l.Entries[i].Link != nil {
				link = *l.Entries[i].Link
			}
			b, err := lnktest.File{Link: link}.Bytes()
			if err != nil {
				return nil, err
			}
			links = append(append(links, b[4:20]...), b...) // the class identifier, which the link also has
		}
		count++
		if category == "tasks" {
			body = le.AppendUint32(body, 2)
		} else {
			name := wtf8.Encode(category)
			body = le.AppendUint16(le.AppendUint32(body, 0), uint16(len(name)/2))
			body = append(body, name...)
		}
		body = le.AppendUint32(body, uint32(i-first))
		body = append(append(body, links...), 0xab, 0xfb, 0xbf, 0xba)
	}
	head := le.AppendUint32(le.AppendUint32(le.AppendUint32(nil, 2), count), 0)
	return append(head, body...), nil
}
