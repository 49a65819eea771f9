package registrytest

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

const taskCache = `Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\`

// TaskActionsVersion is the version of the value Actions that [Hive.SetTask] writes.
const TaskActionsVersion = 3

// SetTask adds a scheduled task to the TaskCache of a SOFTWARE hive. Without an ID, it has
// a key below Tree only; with a Location below Tasks, it has no key below Tree. Its fields
// Hidden, Offset and KeyOffset follow from that, and from HasSD and Index. The triggers
// are not written if their Version is 0.
func (h *Hive) SetTask(t registry.CachedTask) error {
	if t.Location != taskCache+`Tasks\`+t.ID {
		h.setTree(t)
	}
	for _, list := range t.Lists {
		h.Key(taskCache+list+`\`+t.ID, t.LastWrite)
	}
	if t.Key == "" {
		return nil
	}
	var values []Value
	for _, v := range []struct{ name, text string }{
		{"Path", t.Recorded}, {"URI", t.URI}, {"Author", t.Author}, {"Date", t.Date}, {"Source", t.Source}, {"Description", t.Description}, {"SecurityDescriptor", t.SecurityDescriptor},
	} {
		if v.text != "" {
			values = append(values, SZ(v.name, v.text))
		}
	}
	if t.Hash != nil {
		values = append(values, Binary("Hash", t.Hash))
	}
	if t.Schema != 0 {
		values = append(values, DWord("Schema", t.Schema))
	}
	if t.TaskRuns != (registry.TaskRuns{}) {
		values = append(values, Binary("DynamicInfo", taskRuns(t.TaskRuns)))
	}
	if t.Actions != nil {
		b, err := TaskActions(TaskActionsVersion, t.Principal, t.Actions...)
		if err != nil {
			return err
		}
		values = append(values, Binary("Actions", b))
	}
	if t.Triggers.Version != 0 {
		b, err := TaskTriggers(t.Triggers)
		if err != nil {
			return err
		}
		values = append(values, Binary("Triggers", b))
	}
	h.Set(t.Key, t.KeyWrite, values...)
	return nil
}

func (h *Hive) setTree(t registry.CachedTask) {
	values := []Value{DWord("Index", t.Index)}
	if t.ID != "" {
		values = append(values, SZ("Id", t.ID))
	}
	if t.HasSD {
		sd, err := descriptor("S-1-5-18")
		if err != nil {
			panic(err) // the SID is written here
		}
		values = append(values, Binary("SD", sd))
	}
	h.Set(taskCache+`Tree`+t.Path, t.LastWrite, values...)
}

func taskRuns(r registry.TaskRuns) []byte {
	b := le.AppendUint32(nil, 3)
	b = le.AppendUint64(b, filetime.Ticks(r.Registered))
	b = le.AppendUint64(b, filetime.Ticks(r.LastStart))
	b = le.AppendUint32(b, r.State)
	b = le.AppendUint32(b, r.LastResult)
	return le.AppendUint64(b, filetime.Ticks(r.LastStop))
}

// TaskActions returns the data of a value Actions of a version, 1 to 3.
func TaskActions(version uint16, principal string, actions ...registry.TaskAction) ([]byte, error) {
	if version < 1 || version > 3 {
		return nil, fmt.Errorf("registrytest: no actions of version %d", version)
	}
	b := le.AppendUint16(nil, version)
	if version > 1 {
		b = appendTaskText(b, principal)
	}
	marks := map[string]uint16{"Exec": 0x6666, "ComHandler": 0x7777, "SendEmail": 0x8888, "ShowMessage": 0x9999}
	for i := range actions {
		a := &actions[i]
		mark, ok := marks[a.Kind]
		if !ok {
			return nil, fmt.Errorf("registrytest: no action of the kind %q", a.Kind)
		}
		b = appendTaskText(le.AppendUint16(b, mark), a.ID)
		switch a.Kind {
		case "Exec":
			b = appendTaskText(b, a.Command, a.Arguments, a.WorkingDirectory)
			if version == 3 {
				b = le.AppendUint16(b, a.Flags)
			}
		case "ComHandler":
			b = appendTaskText(append(b, a.Class[:]...), a.Data)
		case "SendEmail":
			b = appendTaskMail(b, a.Mail)
		case "ShowMessage":
			b = appendTaskText(b, a.Title, a.Body)
		}
	}
	return b, nil
}

func appendTaskMail(b []byte, m *registry.TaskMail) []byte {
	if m == nil {
		m = &registry.TaskMail{}
	}
	b = appendTaskText(b, m.From, m.To, m.Cc, m.Bcc, m.ReplyTo, m.Server, m.Subject, m.Body)
	b = appendTaskText(le.AppendUint32(b, uint32(len(m.Attachments))), m.Attachments...)
	b = le.AppendUint32(b, uint32(len(m.Headers)))
	for _, header := range m.Headers {
		b = appendTaskText(b, header[0], header[1])
	}
	return b
}

func appendTaskText(b []byte, texts ...string) []byte {
	for _, s := range texts {
		text := wtf8.Encode(s)
		b = append(le.AppendUint32(b, uint32(len(text))), text...)
	}
	return b
}
