package registry

import (
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// A Profile is a profile in the list of a SOFTWARE hive: the folder of an account that
// logged on to the machine, or that a service runs under.
type Profile struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	SID      winid.SID // in the name of the key
	Backup   bool      // the name ends with .bak: Windows could not load this profile, and made another
	Path     string    // of the folder, as the hive has it
	State    uint32    // flags
	Loaded   time.Time // when it was loaded last; since Windows 10
	Unloaded time.Time // when it was unloaded last; since Windows 10
	GUID     string    // of the account in its domain
}

// Profiles yields the profiles in a SOFTWARE hive. A *FormatError comes with what could be
// read of a profile, and the iteration goes on.
func Profiles(r *Reader) iter.Seq2[Profile, error] {
	return below(r, windowsNT+`ProfileList\*`, func(k *Key) (Profile, bool, error) {
		name, backup := strings.CutSuffix(k.Name, ".bak")
		sid, err := winid.ParseSID(name)
		if err != nil {
			return Profile{}, false, nil // not a profile
		}
		s := settingsOf(k)
		p := Profile{Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite, SID: sid, Backup: backup, Path: s.text("ProfileImagePath"), State: uint32(s.number("State")),
			Loaded:   s.halves("LocalProfileLoadTimeHigh", "LocalProfileLoadTimeLow"),
			Unloaded: s.halves("LocalProfileUnloadTimeHigh", "LocalProfileUnloadTimeLow"),
			GUID:     s.text("Guid")}
		return p, true, s.damaged
	})
}
