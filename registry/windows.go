package registry

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Windows is a version of Windows and its installation, as a hive records it.
type Windows struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	Product     Setting // such as "Windows Server 2022 Datacenter"; of Windows 11 still "Windows 10 …": see Name
	Edition     Setting // such as "ServerDatacenter"
	Release     Setting // such as "21H2"
	Build       Setting // such as "20348"
	Revision    Setting // of the build
	ServicePack Setting
	Owner       Setting
	Company     Setting // of the owner
	ProductID   Setting
	Root        Setting // folder of Windows

	Installed   time.Time // when this version was installed; an upgrade sets it anew
	InstalledBy Setting   // the value that has it: InstallTime, else InstallDate
}

// WindowsOf reads the version of Windows of a SOFTWARE hive. The error is about what is
// damaged; the rest is read.
func WindowsOf(r *Reader) (Windows, error) {
	for k, err := range r.keysLike(strings.TrimSuffix(windowsNT, `\`)) {
		if err != nil {
			return Windows{}, err
		}
		s := settingsOf(k)
		return s.windows(), s.damaged
	}
	return Windows{}, nil
}

// windows reads the values of a key CurrentVersion, or of one that is a copy of it.
func (s *settings) windows() Windows {
	w := Windows{
		Key: s.key.Path(), Offset: s.key.Offset, LastWrite: s.key.LastWrite,
		Product: s.setting("ProductName"), Edition: s.setting("EditionID"), Release: s.setting("DisplayVersion", "ReleaseId"),
		Build: s.setting("CurrentBuild", "CurrentBuildNumber"), Revision: s.setting("UBR"), ServicePack: s.setting("CSDVersion"),
		Owner: s.setting("RegisteredOwner"), Company: s.setting("RegisteredOrganization"), ProductID: s.setting("ProductId"), Root: s.setting("SystemRoot"),
	}
	if ticks := s.number("InstallTime"); ticks != 0 {
		w.Installed, w.InstalledBy = filetime.Time(ticks), s.setting("InstallTime")
	} else if at := s.seconds("InstallDate"); !at.IsZero() {
		w.Installed, w.InstalledBy = at, s.setting("InstallDate")
	}
	return w
}

// firstBuildOf11 is the first build of Windows 11, whose ProductName is still Windows 10.
const firstBuildOf11 = 22000

// Name returns the product with its release or service pack, its build and revision, as in
// "Windows Server 2022 Datacenter 21H2, build 20348.2322".
func (w *Windows) Name() string {
	product, build := w.Product.Text, w.Build.Text
	if n, err := strconv.Atoi(build); err == nil && n >= firstBuildOf11 {
		if rest, ok := strings.CutPrefix(product, "Windows 10"); ok {
			product = "Windows 11" + rest
		}
	}
	for _, more := range [...]string{w.Release.Text, w.ServicePack.Text} {
		if more != "" && product != "" {
			product += " " + more
		}
	}
	if w.Revision.Text != "" && build != "" {
		build += "." + w.Revision.Text
	}
	switch {
	case build == "":
		return product
	case product == "":
		return "build " + build
	}
	return product + ", build " + build
}

// A FormerWindows is a version of Windows that was on the machine before an upgrade.
type FormerWindows struct {
	Windows
	Upgraded time.Time // when the upgrade replaced it, by the clock of the machine: see [TimeZone.UTC]; zero if the key does not say it
}

// FormerVersions yields the versions of Windows that a SYSTEM hive records as replaced by an
// upgrade, in the order of their keys, which is not that of time.
func FormerVersions(r *Reader) iter.Seq2[FormerWindows, error] {
	return below(r, `Setup\*`, func(k *Key) (FormerWindows, bool, error) {
		name, ok := cutPrefixFold(k.Name, "Source OS")
		if !ok {
			return FormerWindows{}, false, nil
		}
		s := settingsOf(k)
		f := FormerWindows{Windows: s.windows()}
		if at, err := time.ParseInLocation(" (Updated on 1/2/2006 15:04:05)", name, time.UTC); err == nil {
			f.Upgraded = at
		}
		return f, true, s.damaged
	})
}
