package origin_test

import (
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// Machines on which the registry has what users did with the shell: commands that they typed,
// names of programs, and shares.
func desks() []story {
	const explorer = `Software\Microsoft\Windows\CurrentVersion\Explorer\`
	file := born(tool, "12:00:00.2134567", lee)
	of := func(executed string) truth {
		return truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Executed: executed}
	}
	user := func(fill func(h *registrytest.Hive)) hiveAt {
		h := &registrytest.Hive{Name: "NTUSER.DAT"}
		fill(h)
		return hiveAt{"Users/lee/NTUSER.DAT", h}
	}
	typed := func(when string, last string, before ...string) hiveAt {
		return user(func(h *registrytest.Hive) {
			order := "a"
			values := []registrytest.Value{registrytest.SZ("a", last+`\1`)}
			for i, line := range before {
				name := string(rune('b' + i))
				values = append(values, registrytest.SZ(name, line+`\1`))
				order += name
			}
			h.Set(explorer+"RunMRU", clock(when), append(values, registrytest.SZ("MRUList", order))...)
		})
	}
	mounted := func(when string) hiveAt {
		return user(func(h *registrytest.Hive) { h.Set(explorer+`MountPoints2\##fs01#kit`, clock(when)) })
	}
	named := func(path string) hiveAt {
		h := &registrytest.Hive{Name: "SOFTWARE"}
		h.Set(`Microsoft\Windows\CurrentVersion\App Paths\notepad.exe`, clock("13:00:00"), registrytest.SZ("", path))
		return hiveAt{hiveFolder + "SOFTWARE", h}
	}
	allowed := func(when, rule string) hiveAt {
		h := &registrytest.Hive{Name: "SYSTEM"}
		h.Set("Select", clock("09:00:00"), registrytest.DWord("Current", 1))
		h.Set(`ControlSet001\Control\ComputerName\ComputerName`, clock("09:00:00"), registrytest.SZ("ComputerName", "SRV02"))
		h.Set(`ControlSet001\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules`, clock(when), registrytest.SZ("{1}", rule), registrytest.SZ("{2}", `v2.31|Action=Allow|Active=TRUE|Dir=In|App=C:\Data\other.exe|Name=Other|`))
		return hiveAt{hiveFolder + "SYSTEM", h}
	}
	reached := func(reach string) truth {
		t := of("unknown")
		t[origin.Reach] = reach
		return t
	}
	on := func(parts ...any) world { return box("SRV02", day(), file, parts) }
	by := func(when string) string { return "inferred by=2026-03-02T" + when + "Z" }

	return []story{
		{"a user typed it into Run", on(typed("12:05:00", tool+" -x")), tool, of(by("12:05:00"))},

		{"a user typed it into Run, by way of a shell", on(typed("12:05:00", `cmd /c "`+tool+`"`)), tool, of(by("12:05:00"))},

		{"a user typed it into Run some time before", on(typed("12:05:00", "calc", tool)), tool, of(by("12:05:00"))},

		{"a user typed its path before it was there", on(typed("11:05:00", tool)), tool, of("unknown")},

		{"a user opened it with Notepad", on(typed("12:05:00", "notepad "+tool)), tool, of("unknown not=Run of the start menu")},

		{"a user typed another program of its name", on(typed("12:05:00", `D:\other\tool.exe`)), tool, of("unknown not=Run of the start menu")},

		{"it has a name in App Paths", on(named(tool)), tool, of("unknown")},

		{"another program has a name in App Paths", on(named(`C:\Data\other.exe`)), tool, of("unknown not=App Paths")},

		{"a rule of the firewall lets others connect to it", on(allowed("12:10:00", `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=4444|App=`+tool+`|Name=Tool|`)), tool, reached("unknown")},

		{"a rule of the firewall lets it connect, of before it was there", on(allowed("11:10:00", `v2.31|Action=Allow|Active=TRUE|Dir=Out|App=`+tool+`|`)), tool, reached("unknown not=reached")},

		{"a rule of the firewall is about another program of its name", on(allowed("12:10:00", `v2.31|Action=Allow|Active=TRUE|Dir=In|App=D:\other\tool.exe|Name=`+tool+`|`)), tool, reached("unknown not=Windows Firewall")},

		{"a rule of the firewall is about every program", on(allowed("12:10:00", `v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=4444|Name=`+tool+`|`)), tool, reached("unknown not=Windows Firewall")},

		{"a user connected to a share shortly before", on(mounted("11:50:00")), tool, of("unknown")},

		{"a user connected to a share the day before", on(mounted("2026-03-01 11:50:00")), tool, of("unknown not=fs01")},

		{"a user connected to a share later", on(mounted("12:50:00")), tool, of("unknown not=fs01")},
	}
}
