package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/winid"
)

var arrivalTracked = &rule{
	name: "arrival.tracked", question: Arrival, best: Inferred,
	finds:   "another volume in the index of object identifiers, on which the file was when it got its first one",
	also:    []*source{objectIDs},
	against: "a program that set the identifier, as one that restores a backup does",
	apart:   "the record of the move in the logs of the machine, or a link on the other volume",
	find:    (*inquiry).findMovedVolume,
}

// findMovedVolume finds that the file was moved here from another volume. A move keeps the object
// identifier, or remembers the first one, and a copy has neither. If half of the other files with
// an identifier were born on that volume, the volume itself got another identifier: it was cloned.
func (q *inquiry) findMovedVolume() []candidate {
	own := q.volumeID()
	if q.rec == nil || q.rec.ObjectID.IsZero() || own.IsZero() {
		return nil
	}
	vol, ok := q.tl.vol.(*mft.Volume)
	if !ok {
		return nil
	}
	var entry mft.ObjectID
	births := map[winid.GUID]int{}
	others := 0
	for id, err := range vol.ObjectIDs() {
		switch {
		case err != nil:
		case id.File == q.rec.Ref && id.ID == q.rec.ObjectID:
			entry = id
		case !id.BirthVolume.IsZero():
			births[sansFlag(id.BirthVolume)]++
			others++
		}
	}
	if entry.BirthVolume.IsZero() || sameVolume(entry.BirthVolume, own) || others > 0 && births[sansFlag(entry.BirthVolume)]*2 >= others {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}}
	a.fact("kind", "moved")
	a.fact("volume", sansFlag(entry.BirthVolume).String())
	a.Answer.Answer = fmt.Sprintf("It was moved here from another volume: it got its object identifier on the volume %s", sansFlag(entry.BirthVolume))
	if mac := (lnk.Droid{File: entry.BirthObject}).MAC(); mac != "" {
		a.Answer.Answer += ", from a machine with the network card " + mac
	}
	a.Answer.Answer += "."
	a.other = "a move from another volume, which its object identifier is of"
	a.cite(Citation{Artifact: `$Extend\$ObjId:$O`, Record: entry.File.String(), Offset: entry.Offset,
		Text: values("object", entry.ID, "birth_volume", entry.BirthVolume, "birth_object", entry.BirthObject, "volume", own)})
	return []candidate{a}
}

// volumeID returns the identifier of the subject's volume, by which links name it, or zero.
func (q *inquiry) volumeID() winid.GUID {
	if q.tl == nil || q.tl.MFT() == nil {
		return winid.GUID{}
	}
	rec, err := q.tl.MFT().Record(mft.EntryVolume)
	if err != nil {
		return winid.GUID{}
	}
	return sansFlag(rec.ObjectID)
}

// sameVolume reports whether two identifiers are those of one volume.
func sameVolume(a, b winid.GUID) bool { return sansFlag(a) == sansFlag(b) }

// sansFlag returns the identifier of a volume without its lowest bit, which marks a file that was
// moved to another volume ([MS-DLTW]).
func sansFlag(id winid.GUID) winid.GUID {
	id[0] &^= 1
	return id
}
