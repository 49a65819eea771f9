package registry

import (
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// An add-in of Office is loaded if its LoadBehavior has 1 (connected) and 2 (at start), or
// 8 (on demand) or 16 (at the next start).
const leastLoadBehavior = 3

// offLoadBehavior asks the LoadBehavior of the add-in. If an account has one for an add-in
// of the machine, that counts.
func offLoadBehavior(s *switched, account *autostarts) string {
	const name = "LoadBehavior"
	k := s.k
	if account != nil && s.hives&machine != 0 {
		if own := account.setting(withoutView(s.k.Path()), false); own != nil && account.has(own, name) {
			n := account.numberIn(own, name, leastLoadBehavior)
			return reason(n < leastLoadBehavior && s.listedAddin(account) != addinAlways, name+" "+decimal(n))
		}
	}
	n := s.numberIn(k, name, leastLoadBehavior)
	return reason(n < leastLoadBehavior && s.listedAddin(account) != addinAlways, name+" "+decimal(n))
}

// withoutView returns a path below Software without the view of 32-bit programs.
func withoutView(path string) string {
	rest, _ := winpath.CutPrefix(path, `Wow6432Node\`)
	return rest
}

// officeProgram returns the name of the program that loads an add-in, or "".
func (s *switched) officeProgram() string {
	if s.k.parent == nil || s.k.parent.parent == nil || !winpath.SameName(s.k.parent.Name, "Addins") {
		return ""
	}
	return s.k.parent.parent.Name
}

// officeVersion returns the newest version of Office in which an account used a program,
// such as 16.0, or "".
func (a *autostarts) officeVersion(program string) string {
	k := a.setting(`Microsoft\Office`, false)
	if k == nil || program == "" {
		return ""
	}
	program = winpath.FoldName(program)
	if version, known := a.versions[program]; known {
		return version
	}
	newest, version := 0.0, ""
	for sub, err := range k.Subkeys() {
		if err != nil {
			continue // the locations of add-ins report it
		}
		n, err := strconv.ParseFloat(sub.Name, 64)
		if err == nil && n > newest && a.sub(sub, program) != nil {
			newest, version = n, sub.Name
		}
	}
	if a.versions == nil {
		a.versions = map[string]string{}
	}
	a.versions[program] = version
	return version
}

// resiliency returns the path of the settings about add-ins of a program of Office, or "".
func (s *switched) resiliency(account *autostarts) string {
	program := s.officeProgram()
	version := account.officeVersion(program)
	if version == "" {
		return ""
	}
	return `Microsoft\Office\` + version + `\` + program + `\Resiliency\`
}

// offDisabledItem asks for the add-in among the disabled items of the account, each of which
// is a value with the path of a file.
func offDisabledItem(s *switched, account *autostarts) string {
	base := s.resiliency(account)
	if base == "" {
		return ""
	}
	if s.listedAddin(account) == addinAlways {
		return ""
	}
	list := account.listOf(base, func(add func(string)) {
		if k := account.setting(base+"DisabledItems", false); k != nil {
			for v, err := range k.Values() {
				if err != nil {
					account.damaged(err)
					continue
				}
				if data, err := v.Data(); err == nil {
					add(strings.ReplaceAll(disabledItem(data), "/", `\`))
				}
			}
		}
	})
	file := strings.ReplaceAll(s.f.path, "/", `\`)
	return reason(file != "" && list[winpath.FoldName(file)] || list[winpath.FoldName(s.k.Name)], "a disabled item of "+s.officeProgram())
}

// disabledItem returns the path in a value of DisabledItems, or "" if it is not that of an
// add-in:
//
//	 0  4  type: 1 an add-in, 2 a document
//	 4  4  size of the path in bytes, with a NUL
//	 8  4  size of the name in bytes, with a NUL
//	12  …  path and name in UTF-16LE
func disabledItem(b []byte) string {
	const header, addIn = 12, 1
	if len(b) < header || binary.LittleEndian.Uint32(b) != addIn {
		return ""
	}
	n := min(uint64(binary.LittleEndian.Uint32(b[4:])), uint64(len(b)-header)) &^ 1
	return strings.TrimRight(wtf8.String(b[header:header+int(n)]), "\x00")
}

// The numbers of an add-in in the policy AddinList.
const (
	addinDenied   = 0
	addinAlways   = 1
	addinOfUser   = 2
	addinUnlisted = 3
)

// listedAddin returns what the policy of an account says of an add-in.
func (s *switched) listedAddin(account *autostarts) uint32 {
	base := s.resiliency(account)
	if base == "" {
		return addinUnlisted
	}
	return account.numberIn(account.setting(`Policies\`+base+"AddinList", false), s.k.Name, addinUnlisted)
}

func offAddinList(s *switched, account *autostarts) string {
	switch s.listedAddin(account) {
	case addinDenied:
		return "the policy AddinList"
	case addinAlways, addinOfUser:
		return ""
	}
	base := s.resiliency(account)
	if base == "" {
		return ""
	}
	k := account.setting(`Policies\`+strings.TrimSuffix(base, `\`), false)
	return reason(account.numberIn(k, "RestrictToList", 0) == 1, "the policy RestrictToList of "+s.officeProgram())
}
