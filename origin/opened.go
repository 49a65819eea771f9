package origin

import (
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// isProgramOf reports whether a jump list is that of the subject.
func (q *inquiry) isProgramOf(o *timeline.Opening) bool {
	return o.AppID != "" && q.subject.hasAppID(o.AppID)
}

// mayBeHere reports whether a file that was opened may be one of the subject's volume: not
// one of another machine, nor of a volume with another serial number.
func (q *inquiry) mayBeHere(o *timeline.Opening) bool {
	if q.host.of(o.Machine()) == foreign {
		return false
	}
	serial, known := q.serial()
	return o.Link == nil || o.Link.DriveSerial == 0 || !known || o.Link.DriveSerial == serial
}

// serial returns the serial number of the subject's volume, as links have it.
func (q *inquiry) serial() (uint32, bool) {
	if q.tl == nil {
		return 0, false
	}
	vol, ok := q.tl.vol.(*mft.Volume)
	if !ok {
		return 0, false
	}
	return uint32(vol.Info().Serial), true
}

func citeOpening(o *entry[*timeline.Opening]) Citation {
	return cite(&o.Event, "path", o.data.Path, "AppID", o.data.AppID, "drive", o.Field("DriveType"), "serial", o.Field("VolumeSerial"), "label", o.Field("VolumeLabel"), "share", o.Field("Share"),
		"machine", o.data.Machine(), "entry", o.Field("Entry"), "size", o.Field("TargetSize"), "modified", o.Field("TargetModified"))
}
