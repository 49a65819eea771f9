package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// profileList is the key of the SOFTWARE hive that names the profile folder of each
// SID that has one.
const profileList = `Microsoft\Windows NT\CurrentVersion\ProfileList`

// maxProfiles limits how many profiles are read.
const maxProfiles = 1 << 16

// takeProfiles adds the accounts that have a profile, unless a log names them.
// Windows names the folder after the account, without its domain.
func (list accounts) takeProfiles(hives []*timeline.Hive) {
	for _, h := range hives {
		if h.Reader.Type() != registry.Software {
			continue
		}
		profiles, err := h.Reader.OpenKey(profileList)
		if err != nil {
			continue
		}
		n := 0
		for key, err := range profiles.Subkeys() {
			if n++; n > maxProfiles {
				break
			}
			if err == nil {
				list.takeProfile(h.Artifact, key)
			}
		}
	}
}

func (list accounts) takeProfile(artifact string, key *registry.Key) {
	sid := key.Name
	if _, known := list[sid]; known || !strings.HasPrefix(sid, "S-1-5-21-") {
		return
	}
	value, err := key.Value("ProfileImagePath")
	if err != nil {
		return
	}
	path, err := value.Text()
	if name := winpath.Base(strings.TrimRight(path, `\`)); err == nil && name != "" {
		list[sid] = knownAccount{name, Citation{Artifact: artifact, Record: key.Path(), Offset: key.Offset, Time: key.LastWrite,
			Text: values("SID", sid, "ProfileImagePath", path)}}
	}
}
