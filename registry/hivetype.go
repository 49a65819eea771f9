package registry

import "github.com/birthmark-dfir/birthmark/internal/winpath"

// HiveType identifies which of Windows' hives a hive is.
type HiveType string

// The types of hives.
const (
	UnknownHive  HiveType = ""
	System       HiveType = "SYSTEM"          // HKLM\SYSTEM
	Software     HiveType = "SOFTWARE"        // HKLM\SOFTWARE
	SAM          HiveType = "SAM"             // HKLM\SAM: local accounts
	Security     HiveType = "SECURITY"        // HKLM\SECURITY: policies, LSA secrets
	User         HiveType = "NTUSER"          // HKEY_USERS\<SID>; also DEFAULT, the hive of the system's own account
	UserClasses  HiveType = "USRCLASS"        // HKEY_USERS\<SID>_Classes
	UserSoftware HiveType = "NTUSER-SOFTWARE" // the key Software of an NTUSER hive, as reg save exports it
	Amcache      HiveType = "AMCACHE"         // application compatibility cache
	BCD          HiveType = "BCD"             // boot configuration
	Components   HiveType = "COMPONENTS"      // HKLM\COMPONENTS: component store
	Drivers      HiveType = "DRIVERS"         // HKLM\DRIVERS
)

// contentOfType lists keys below the root of each type of hive. All the keys of a row must
// exist. Of the rows that match, one of the type that the name has wins, else the first.
var contentOfType = []struct {
	hive HiveType
	keys []string
}{
	{System, []string{`Select`}},
	{System, []string{`ControlSet001\Services`}},
	{SAM, []string{`SAM\Domains`}},
	{Security, []string{`Policy\PolAdtEv`}},
	{Security, []string{`Policy\Secrets`}},
	{Amcache, []string{`Root\InventoryApplicationFile`}},
	{Amcache, []string{`Root\File`}},
	{BCD, []string{`Objects`, `Description`}},
	{Components, []string{`DerivedData`}},
	{Components, []string{`CanonicalData`}},
	{Drivers, []string{`DriverDatabase`}},
	{Software, []string{`Microsoft\Windows NT\CurrentVersion\ProfileList`}},
	{UserSoftware, []string{`Microsoft\Windows\CurrentVersion\Explorer\UserAssist`}},
	{UserSoftware, []string{`Microsoft\Windows\CurrentVersion\Explorer\RunMRU`}},
	{UserSoftware, []string{`Microsoft\Windows\CurrentVersion\Explorer\MountPoints2`}},
	{UserSoftware, []string{`Microsoft\Windows\CurrentVersion\Explorer\RecentDocs`}},
	{Software, []string{`Microsoft\Windows\CurrentVersion`}},
	{Software, []string{`Microsoft\Windows NT\CurrentVersion`}},
	{User, []string{`Software\Microsoft`}},
	{User, []string{`Control Panel`, `Environment`}},
	{UserClasses, []string{`Local Settings`}},
	{UserClasses, []string{`CLSID`}},
}

// typeOfName is by file name, for hives that their content does not identify.
var typeOfName = map[string]HiveType{
	"SYSTEM": System, "SOFTWARE": Software, "SAM": SAM, "SECURITY": Security, "DEFAULT": User,
	"NTUSER.DAT": User, "NTUSER.MAN": User, "USER.DAT": User, "USRCLASS.DAT": UserClasses, "USERCLASSES.DAT": UserClasses, "AMCACHE.HVE": Amcache,
	"BCD": BCD, "COMPONENTS": Components, "DRIVERS": Drivers,
}

// Type returns which of Windows' hives this is, by its content or else by its
// name, or UnknownHive if neither identifies it. If the content is that of several types, as
// that of a hive of a user to which the user added the keys of another, the name decides: that
// of the file, else that in the base block.
func (r *Reader) Type() HiveType {
	named := typeOfName[fileName(r.name)]
	if named == UnknownHive {
		named = typeOfName[fileName(r.base.fileName)]
	}
	content := UnknownHive
	for _, row := range contentOfType {
		switch {
		case content == UserSoftware && named == Software:
			return content // reg save gives it any name
		case content != UnknownHive && row.hive != named, !r.hasAll(row.keys):
			continue
		case row.hive == named:
			return named
		}
		content = row.hive
	}
	if content == UnknownHive {
		return named
	}
	return content
}

// fileName returns the last part of a path, in upper case.
func fileName(path string) string {
	return winpath.FoldName(winpath.Base(path))
}

func (r *Reader) hasAll(paths []string) bool {
	for _, path := range paths {
		if _, err := r.OpenKey(path); err != nil {
			return false
		}
	}
	return true
}
