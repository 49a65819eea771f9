package hostile

import (
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// taskMarks are those of actions and triggers.
var taskMarks = []uint64{0x6666, 0x7777, 0x8888, 0x9999, 0xaaaa, 0xcccc, 0xdddd, 0xeeee, 0xffff}

// taskCacheFields finds the fields of a hive, and those of the values of its scheduled
// tasks: marks and the sizes behind them, and numbers that are filled up with the letter H.
func taskCacheFields(data []byte) []field {
	list := hiveFields(data)
	for at := hiveBins; at+16 <= len(data); at++ {
		switch mark := uint64(le.Uint16(data[at:])); {
		case string(data[at+1:at+8]) == "HHHHHHH":
			list = append(list, field{at, 1, "flag in a task", []uint64{0, 1, 2}})
		case string(data[at+4:at+8]) == "HHHH":
			list = append(list, field{at, 4, "number in a task", []uint64{0, 1, 7, 8, 0x2c, 0x38, 0x58}})
		case mark != 0xffff && slices.Contains(taskMarks, mark):
			list = append(list, field{at, 2, "mark in a task", taskMarks}, field{at + 2, 4, "size in an action", nil})
		case mark >= 0x15 && mark <= 0x17 && at%8 == 4 && le.Uint64(data[at:]) == mark:
			list = append(list, field{at, 1, "version of triggers", []uint64{0x14, 0x15, 0x16, 0x17, 0x18}})
		}
	}
	return list
}

// TaskCache emits a record for each scheduled task of a hive.
func TaskCache(path string, emit func(child.Record)) (int, error) {
	r, err := registry.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	problems := 0
	for range r.Problems() {
		problems++
	}
	for t, err := range registry.CachedTasks(r) {
		if err != nil {
			problems++
			continue
		}
		emit(child.Record{Key: t.Location + " " + t.ID, Offset: t.Offset, Fields: []child.Field{
			{Name: "path", Value: t.Path}, {Name: "hidden", Value: t.Hidden}, {Name: "actions", Value: fmt.Sprint(t.Actions)}, {Name: "triggers", Value: fmt.Sprint(t.Triggers)},
		}})
	}
	for range registry.Autostarts(r) {
	}
	return problems, nil
}

// sampleTaskCaches returns a hive with tasks of each version.
func sampleTaskCaches() (map[string][]byte, error) {
	sid, err := winid.ParseSID("S-1-5-21-1-2-3-1001")
	if err != nil {
		return nil, err
	}
	account := registry.TaskAccount{SID: sid, Type: 1, Name: `CORP\anna`}
	const cache = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\`
	h := registrytest.Hive{Name: "SOFTWARE"}
	folder, err := registrytest.Descriptor("S-1-5-18", []registrytest.ACE{{SID: "S-1-1-0", Access: registrytest.FullAccess, Deny: true}, {SID: "S-1-5-32-544", Access: registrytest.FullAccess}})
	if err != nil {
		return nil, err
	}
	h.Set(cache+`Tree\Folder`, sampleTime, registrytest.Binary("SD", folder))
	for version := uint8(0x15); version <= 0x17; version++ {
		id := fmt.Sprintf("{11111111-2222-3333-4444-0000000000%02X}", version)
		err := h.SetTask(registry.CachedTask{
			Path: fmt.Sprintf(`\Folder\Task %d`, version), ID: id, LastWrite: sampleTime, Key: cache + `Tasks\` + id, KeyWrite: sampleTime, Index: 2, HasSD: version != 0x16,
			Recorded: fmt.Sprintf(`\Folder\Task %d`, version), Lists: []string{"Logon"}, Hash: make([]byte, 32), Principal: "Author",
			TaskRuns: registry.TaskRuns{Registered: sampleTime, LastStart: sampleTime, LastStop: sampleTime},
			Actions: []registry.TaskAction{
				{Kind: "Exec", Command: `C:\Program Files\x.exe`, Arguments: "-q"}, {Kind: "ComHandler", Class: winid.GUID{1}, Data: "d"},
				{Kind: "SendEmail", Mail: &registry.TaskMail{From: "a", Attachments: []string{"b", "c"}, Headers: [][2]string{{"d", "e"}}}}, {Kind: "ShowMessage", Title: "t", Body: "b"},
			},
			Triggers: registry.TaskTriggers{Version: version, Options: registry.TaskEnabled, Account: account, Settings: &registry.TaskSettings{Size: 0x58},
				List: []registry.TaskTrigger{
					{Kind: "SessionStateChangeTrigger", Account: account}, {Kind: "LogonTrigger", Account: registry.TaskAccount{Any: true}}, {Kind: "BootTrigger", Limit: -time.Second},
					{Kind: "EventTrigger", Subscription: "<QueryList/>", Queries: [][2]string{{"a", "b"}, {"c", "d"}}}, {Kind: "TimeTrigger", Mode: registry.TaskDaily, Mask: [3]uint16{1}},
					{Kind: "IdleTrigger"}, {Kind: "RegistrationTrigger"}, {Kind: "WnfStateChangeTrigger", State: [8]byte{1}, Data: []byte("data")},
				}},
		})
		if err != nil {
			return nil, err
		}
	}
	data, err := h.Bytes()
	return map[string][]byte{"tasks.hive": data}, err
}
