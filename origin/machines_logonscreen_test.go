package origin_test

import (
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// Machines on which a program is in the place of one that the logon screen starts.
func logonScreens() []story {
	const keys, microsoft = system32 + "sethc.exe", "Microsoft Corporation"
	program := func(at, company, original string) mfttest.File {
		f := born(at, "12:00:00.2134567", lee)
		data, err := petest.Image{Version: pe.VersionInfo{CompanyName: company, OriginalFilename: original}}.Bytes()
		if err != nil {
			panic(err)
		}
		f.Data = data
		return f
	}
	of := func(autostart string) truth {
		return truth{origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z", origin.Account: "inferred sid=" + lee.sid, origin.Autostart: autostart}
	}
	const started = "inferred category=logon-screen | role=starts | state=held"
	on := func(f mfttest.File) world { return box("SRV02", day(), f) }
	return []story{
		{"a shell is in the place of sethc", on(program(keys, microsoft, "Cmd.Exe")), keys, of(started)},
		{"a program of another maker is in the place of sethc", on(program(keys, "Contoso", "tool.exe")), keys, of(started)},
		{"sethc is in its place", on(program(keys, microsoft, "sethc.exe")), keys, of("unknown not=logon screen")},
		{"the shell is in its place", on(program(system32+"cmd.exe", microsoft, "Cmd.Exe")), system32 + "cmd.exe", of("unknown not=logon screen")},
		{"a shell has the name of sethc elsewhere", on(program(`C:\Data\sethc.exe`, microsoft, "Cmd.Exe")), `C:\Data\sethc.exe`, of("unknown not=logon screen")},
	}
}
