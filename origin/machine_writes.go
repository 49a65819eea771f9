package origin

import (
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// replaced reports whether a record of Sysmon 11 is about new content for a file that
// existed before.
func replaced(e *entry[*evtx.Sysmon11]) bool {
	d := e.data
	return !d.CreationUtcTime.IsZero() && !near(d.CreationUtcTime, d.UtcTime)
}

// replacements returns the records of other processes that wrote to the path
// after the one that created the file.
func replacements(writes []entry[*evtx.Sysmon11], by *entry[*evtx.Sysmon11]) []*entry[*evtx.Sysmon11] {
	var list []*entry[*evtx.Sysmon11]
	for i := range writes {
		w := &writes[i]
		same := w.data.ProcessGuid == by.data.ProcessGuid && w.data.ProcessId == by.data.ProcessId && winpath.Same(w.data.Image, by.data.Image)
		if w.Time.After(by.Time) && !same && len(list) < maxListed {
			list = append(list, w)
		}
	}
	return list
}

func citeWrite(e *entry[*evtx.Sysmon11]) Citation {
	d := e.data
	return cite(&e.Event, "ProcessGuid", d.ProcessGuid, "ProcessId", d.ProcessId, "Image", d.Image,
		"TargetFilename", d.TargetFilename, "CreationUtcTime", d.CreationUtcTime, "User", d.User)
}
