package registrytest

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// SetAmcache adds a file to a hive Amcache.hve, at the key of f. Below Root\File it has
// the form of Windows 8.
func (h *Hive) SetAmcache(f registry.AmcacheFile) {
	sum := ""
	if f.SHA1 != "" {
		sum = "0000" + f.SHA1
	}
	flag := func(b bool) uint32 {
		if b {
			return 1
		}
		return 0
	}
	if strings.HasPrefix(f.Key, `Root\File\`) {
		linked := uint32(0)
		if !f.Linked.IsZero() {
			linked = uint32(f.Linked.Unix())
		}
		h.Set(f.Key, f.LastWrite, SZ("15", f.Path), SZ("101", sum), DWord("6", uint32(f.Size)), DWord("f", linked), QWord("12", filetime.Ticks(f.Created)),
			QWord("17", filetime.Ticks(f.Modified)), SZ("1", f.Publisher), SZ("0", f.Product), SZ("5", f.Version), SZ("100", f.ProgramID))
		return
	}
	linked := ""
	if !f.Linked.IsZero() {
		linked = f.Linked.UTC().Format("01/02/2006 15:04:05")
	}
	h.Set(f.Key, f.LastWrite, SZ("LowerCaseLongPath", f.Path), SZ("Name", f.Name()), SZ("FileId", sum), QWord("Size", f.Size), SZ("LinkDate", linked),
		SZ("Publisher", f.Publisher), SZ("ProductName", f.Product), SZ("Version", f.Version), SZ("ProgramId", f.ProgramID),
		DWord("IsPeFile", flag(f.Executable)), DWord("IsOsComponent", flag(f.System)))
}

// BAM returns the value in which the Background Activity Moderator keeps the last run of a
// program, for a key ControlSet001\Services\bam\State\UserSettings\SID.
func BAM(path string, last time.Time) Value {
	return Binary(path, append(le.AppendUint64(nil, filetime.Ticks(last)), make([]byte, 16)...))
}

// UserAssist returns the value in which the Explorer keeps how often a user started a
// program and when last, for a key Count of a hive NTUSER.DAT.
func UserAssist(path string, runs uint32, last time.Time) Value {
	data := make([]byte, 72)
	le.PutUint32(data[4:], runs)
	le.PutUint64(data[60:], filetime.Ticks(last))
	return Binary(winpath.ROT13(path), data)
}
