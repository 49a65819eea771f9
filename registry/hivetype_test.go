package registry_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Anyone can add keys of other hives to a hive of their own, and some hives of users that
// Windows makes have a key Microsoft: the name decides which of the types it is.
func TestTypeOfHiveWithKeysOfOthers(t *testing.T) {
	user := []string{`Software\Microsoft\Windows\CurrentVersion\Run`, `Control Panel`, `Environment`}
	for _, tt := range []struct {
		file, base string // names of the file and in the base block
		keys       []string
		more       []string // of other hives
		want       registry.HiveType
	}{
		{"NTUSER.DAT", "", user, []string{`Microsoft\Windows\CurrentVersion`}, registry.User},
		{"NTUSER.DAT", "", user, []string{"Select"}, registry.User},
		{"ntuser.dat", "", user, []string{`SAM\Domains`, `Policy\Secrets`, `Root\File`, "DriverDatabase", "DerivedData"}, registry.User},
		{"1.bin", `\??\C:\Users\alice\ntuser.dat`, user, []string{"Select"}, registry.User},
		{"DEFAULT", "", user, []string{"Select"}, registry.User},
		{"UsrClass.dat", "", []string{"CLSID", "Local Settings"}, []string{"Select", `Software\Microsoft`}, registry.UserClasses},
		{"SOFTWARE", "", []string{`Microsoft\Windows NT\CurrentVersion\ProfileList`}, []string{"Select", `Software\Microsoft`}, registry.Software},
		{"SYSTEM", "", []string{"Select"}, []string{`Software\Microsoft`, "CLSID"}, registry.System},
		{"SOFTWARE", "", []string{`Microsoft\Windows\CurrentVersion\Explorer\RunMRU`}, nil, registry.UserSoftware},
		{"SYSTEM", "", user, nil, registry.User}, // a hive that was given another name
		{"1.bin", "", user, nil, registry.User},
		{"1.bin", "", []string{"Select"}, nil, registry.System},
		{"SAM", "", []string{"x"}, nil, registry.SAM},
		{"1.bin", "", []string{"x"}, nil, registry.UnknownHive},
	} {
		h := registrytest.Hive{Name: tt.base}
		for _, key := range append(tt.keys, tt.more...) {
			h.Set(key, when)
		}
		if got := read(t, write(t, h), registry.WithName(tt.file)).Type(); got != tt.want {
			t.Errorf("%s, %q, with %q and %q: %q, want %q", tt.file, tt.base, tt.keys, tt.more, got, tt.want)
		}
	}
}
