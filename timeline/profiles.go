package timeline

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// profileFolders hold a folder for each account; the last is for the accounts that
// services run under.
var profileFolders = [...]string{"Users", "Documents and Settings", "Windows/ServiceProfiles"}

// systemProfiles are the profiles of the system, which are in none of them: the second is
// that of 32-bit programs.
var systemProfiles = [...]string{"Windows/System32/config/systemprofile", "Windows/SysWOW64/config/systemprofile"}

// maxElsewhere limits how many profiles of the registry are looked up.
const maxElsewhere = 1000

// ProfilesElsewhere returns the folders of those profiles that are in none of the usual
// places, as the SOFTWARE hive of a volume with Windows lists them: slash-separated, as they
// are in the volume. An administrator may have moved them, and domains may keep them anywhere.
func ProfilesElsewhere(vol fs.FS) []string {
	name, ok := resolve(vol, "Windows/System32/config/SOFTWARE")
	if !ok {
		return nil
	}
	r, err := registry.OpenFS(vol, name, registry.WithLogsBeside())
	if err != nil {
		return nil // it is damaged, as the coverage says
	}
	defer r.Close()
	var list []string
	for p := range registry.Profiles(r) {
		folder := winpath.Normalize("C", p.Path) // whatever the letter of the volume is
		if !winpath.HasDrive(folder) || profileOf(slashPath(folder)+"/x", nil) != "" || len(list) == maxElsewhere {
			continue
		}
		if folder, ok := FindFile(vol, folder); ok && folder != "." && !slices.Contains(list, folder) {
			list = append(list, folder)
		}
	}
	return list
}

// profileOf returns the name of the profile folder that holds a file, one of the usual ones
// or one of those elsewhere.
func profileOf(artifact string, elsewhere []string) string {
	for _, folder := range slices.Concat(systemProfiles[:], elsewhere) {
		if _, ok := winpath.CutPrefix(artifact, folder+"/"); ok {
			return path.Base(folder)
		}
	}
	for _, folder := range profileFolders {
		if rest, ok := winpath.CutPrefix(artifact, folder+"/"); ok {
			name, _, _ := strings.Cut(rest, "/")
			return name
		}
	}
	return ""
}

// userOf returns the name of the profile that an artifact is in; that of all users is "".
func (t *Timeline) userOf(artifact string) string {
	if user := profileOf(artifact, t.elsewhere); !winpath.SameName(user, "Public") {
		return user
	}
	return ""
}
