package main

import (
	"cmp"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// nameAccounts finds out whose the hives are that are not in a profile: by the SID in the
// descriptor of their root, and the profiles in the SOFTWARE hive.
func nameAccounts(hives []hive) {
	profiles := map[winid.SID]string{}
	for _, h := range machineOf(hives) {
		if h.Reader.Type() != registry.Software {
			continue
		}
		for p, err := range registry.Profiles(h.Reader) {
			if err == nil && !p.Backup {
				profiles[p.SID] = p.Path
			}
		}
	}
	names := map[winid.SID]string{} // of accounts without a profile
	for _, classes := range [...]bool{false, true} {
		for i := range hives {
			h := &hives[i]
			if h.reader == nil || h.user != "" || (h.reader.Type() == registry.UserClasses) != classes {
				continue
			}
			sids := registry.RootAccounts(h.reader)
			if len(sids) != 1 {
				continue
			}
			sid, folder := sids[0], profiles[sids[0]]
			if _, below, ok := strings.Cut(folder, `:\`); ok {
				h.profile = strings.ReplaceAll(below, `\`, "/")
			}
			if !classes {
				names[sid] = h.owner()
			}
			h.user = cmp.Or(winpath.Base(folder), names[sid], sid.String())
		}
	}
}
