package registry_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

func deletedAutostarts(r *registry.Reader, opts ...registry.AutostartOption) (list []string) {
	for a := range registry.DeletedAutostarts(r, opts...) {
		list = append(list, fmt.Sprintf("%s %s\\%s: %s, %s, dll %s, user %s, %s, %s", a.Category, a.Location, a.Name, a.Command, a.Path, a.ServiceDll, a.User, a.Place, a.Confidence))
	}
	return list
}

func TestDeletedAutostarts(t *testing.T) {
	late := when.Add(time.Hour)
	services := registrytest.Hive{}
	services.Set(`Select`, when, registrytest.DWord("Current", 1))
	services.Set(`ControlSet001\Services`, late)
	services.Set(`ControlSet001\Services\Good`, when, registrytest.ExpandSZ("ImagePath", `C:\good.exe`), registrytest.DWord("Start", 2), registrytest.DWord("Type", 16))
	services.Set(`ControlSet001\Services\Evil`, when, registrytest.ExpandSZ("ImagePath", `C:\svchost.exe -k x`), registrytest.DWord("Start", 2), registrytest.DWord("Type", 32))
	services.Set(`ControlSet001\Services\Evil\Parameters`, when, registrytest.ExpandSZ("ServiceDll", `C:\evil.dll`))
	services.Set(`ControlSet001\Services\Rootkit`, when, registrytest.DWord("Start", 1), registrytest.DWord("Type", 1))
	services.Set(`ControlSet001\Services\Settings`, when, registrytest.DWord("Start", 1))
	for _, name := range []string{"Evil", "Rootkit", "Settings"} {
		services.Key(`ControlSet001\Services\`+name, when).Deleted = true
	}
	// What is left of a key that was moved in the hive is not a deleted service.
	set := services.Key(`ControlSet001\Services`, late)
	moved := *services.Key(`ControlSet001\Services\Good`, when)
	moved.Deleted = true
	set.Keys = append(set.Keys, moved)

	run := registrytest.Hive{}
	run.Set(`Software\Microsoft\Windows\CurrentVersion\Run`, late, registrytest.SZ("Kept", `C:\kept.exe`), registrytest.SZ("Evil", `C:\evil.exe /q`))
	run.Key(`Software\Microsoft\Windows\CurrentVersion\Run`, late).Values[1].Deleted = true
	run.Set(`Software\Other`, late, registrytest.SZ("a", "b"), registrytest.SZ("Evil", `C:\other.exe`))
	run.Key(`Software\Other`, late).Values[1].Deleted = true

	hijack := registrytest.Hive{}
	hijack.Set(`Microsoft\Windows\CurrentVersion`, late)
	hijack.Set(`Microsoft\Windows NT\CurrentVersion\Image File Execution Options`, late)
	hijack.Set(`Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe`, when, registrytest.SZ("Debugger", `C:\evil.exe`))
	hijack.Key(`Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe`, when).Deleted = true

	// A task leaves its key below Tasks. That of another one was only moved in the hive.
	const taskKeys = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tasks`
	tasks := registrytest.Hive{}
	tasks.Set(`Microsoft\Windows\CurrentVersion`, when)
	for id, path := range map[string]string{"{11111111-0000-0000-0000-000000000001}": `\Evil`, "{11111111-0000-0000-0000-000000000002}": `\Kept`} {
		if err := tasks.SetTask(registry.CachedTask{ID: id, Path: path, Recorded: path, Key: taskKeys + `\` + id, LastWrite: when, KeyWrite: when, Actions: []registry.TaskAction{
			{Kind: "Exec", Command: `C:` + strings.ToLower(path) + `.exe`, Arguments: "/q"}, {Kind: "Exec", Command: "cmd", Arguments: `/c C:\more.bat`}}}); err != nil {
			t.Fatal(err)
		}
	}
	tasks.Key(taskKeys+`\{11111111-0000-0000-0000-000000000001}`, when).Deleted = true
	kept := *tasks.Key(taskKeys+`\{11111111-0000-0000-0000-000000000002}`, when)
	kept.Deleted = true
	of := tasks.Key(taskKeys, when)
	of.Keys = append(of.Keys, kept)

	for _, tt := range []struct {
		name string
		hive registrytest.Hive
		want []string
	}{
		{"tasks", tasks, []string{
			`task ` + taskKeys + `\{11111111-0000-0000-0000-000000000001}\\Evil: C:\evil.exe /q, C:\evil.exe, dll , user , free cell, high`,
			`task ` + taskKeys + `\{11111111-0000-0000-0000-000000000001}\\Evil: cmd /c C:\more.bat, cmd, dll , user , free cell, high`,
		}},
		{"services", services, []string{
			`service ControlSet001\Services\Evil\Evil: C:\svchost.exe -k x, C:\svchost.exe, dll C:\evil.dll, user , free cell, high`,
			`driver ControlSet001\Services\Rootkit\Rootkit: , %SystemRoot%\System32\drivers\Rootkit.sys, dll , user , free cell, high`,
		}},
		{"a Run value", run, []string{`run Software\Microsoft\Windows\CurrentVersion\Run\Evil: C:\evil.exe /q, C:\evil.exe, dll , user bob, free cell, high`}},
		{"a key of a location", hijack, []string{
			`image-hijack Microsoft\Windows NT\CurrentVersion\Image File Execution Options\sethc.exe\Debugger: C:\evil.exe, C:\evil.exe, dll , user bob, free cell, high`}},
		{"a hive without locations", registrytest.Hive{}, nil},
	} {
		r := read(t, write(t, tt.hive))
		if got := deletedAutostarts(r, registry.ForUser("bob")); !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
		for a, err := range registry.Autostarts(r) {
			if err != nil || strings.Contains(a.Command, "evil") {
				t.Errorf("%s: among the others: %+v, %v", tt.name, a, err)
			}
		}
	}
}
