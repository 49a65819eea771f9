package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A Group is a local group in a SAM hive, which Windows calls an alias.
type Group struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	RID     uint32      // in the name of the key
	SID     winid.SID   // S-1-5-32 and the RID for a group that Windows brings; zero for another, if the hive has no SID of the machine
	Name    string      //
	Comment string      //
	Members []winid.SID // accounts, and groups of domains
}

// builtinSID is the domain of the groups that Windows brings, S-1-5-32.
var builtinSID = winid.WellKnownSID(`BUILTIN\Administrators`).Domain()

// Groups yields the local groups of a SAM hive: those that Windows brings, such as
// Administrators, and then those that somebody made. A *FormatError comes with what could
// be read of a group, and the iteration goes on.
func Groups(r *Reader) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		machine, err := MachineSID(r)
		if damage.Is(err) && !yield(Group{}, err) {
			return
		}
		for _, domain := range [...]struct {
			key string
			sid winid.SID
		}{{samBuiltin, builtinSID}, {samAccounts, machine}} {
			k, err := r.OpenKey(domain.key + `\Aliases`)
			if err != nil {
				if (!errors.Is(err, fs.ErrNotExist) || damage.Is(err)) && !yield(Group{}, err) {
					return
				}
				continue
			}
			for sub, err := range k.Subkeys() {
				if err != nil {
					if !yield(Group{}, err) {
						return
					}
					continue
				}
				rid, err := strconv.ParseUint(sub.Name, 16, 32)
				if err != nil || len(sub.Name) != 8 {
					continue // Members, Names
				}
				g := Group{Key: sub.Path(), Offset: sub.Offset, LastWrite: sub.LastWrite, RID: uint32(rid), SID: domain.sid.WithRID(uint32(rid))}
				s := settingsOf(sub)
				if v := s.value("C"); v != nil {
					s.damaged = errors.Join(s.damaged, inValue(v, g.read(s.data("C"))))
				}
				if !yield(g, s.damaged) {
					return
				}
			}
		}
	}
}

// The value C of a group. Offsets and sizes in bytes; those of the parts are an offset from
// the end of the header and a size, 4 bytes each:
//
//	 0  4  RID
//	16  8  name
//	28  8  comment
//	40  8  members: SIDs, one behind the other
//	48  4  number of members
const (
	groupHeader  = 52
	groupName    = 16
	groupComment = 28
	groupMembers = 40
	groupCount   = 48
)

func (g *Group) read(b []byte) error {
	if len(b) < groupHeader {
		return damage.New("value C of a group", -1, len(b), fmt.Sprintf("≥ %d bytes", groupHeader))
	}
	name, nameErr := partOf(b, groupHeader, groupName, "name of a group")
	comment, commentErr := partOf(b, groupHeader, groupComment, "comment of a group")
	g.Name, g.Comment = wtf8.String(name), wtf8.String(comment)
	members, err := partOf(b, groupHeader, groupMembers, "members of a group")
	for _, e := range [...]error{nameErr, commentErr, err} {
		if e != nil {
			return e
		}
	}
	count := int(binary.LittleEndian.Uint32(b[groupCount:]))
	for i := 0; i < count; i++ {
		sid, err := winid.DecodeSID(members)
		if err != nil {
			return damage.New("members of a group", -1, i, fmt.Sprintf("%d SIDs", count))
		}
		g.Members = append(g.Members, sid)
		members = members[sid.Size():]
	}
	return nil
}
