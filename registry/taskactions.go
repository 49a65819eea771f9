package registry

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// TaskAction is what a scheduled task does. Kind has the names of the XML of a task.
type TaskAction struct {
	Kind             string // Exec, ComHandler, SendEmail or ShowMessage; the last two no longer work since Windows 8
	ID               string
	Command          string     // of Exec: a program or a document; environment variables are as written
	Arguments        string     // of Exec
	WorkingDirectory string     // of Exec
	Flags            uint16     // of Exec, from version 3 on
	Class            winid.GUID // of ComHandler: the class whose server is loaded
	Data             string     // of ComHandler: what the handler gets
	Mail             *TaskMail  // of SendEmail
	Title, Body      string     // of ShowMessage
	Offset           int64      // in the value, in bytes
}

// TaskMail is a message that a task sends.
type TaskMail struct {
	From, To, Cc, Bcc, ReplyTo, Server, Subject, Body string

	Attachments []string
	Headers     [][2]string // name and value
}

// CommandLine returns the command and its arguments as they would be typed, or "" for
// an action of another kind than Exec. The command is put into quotes if it needs them:
// the Task Scheduler does not search for its end, as CreateProcess does.
func (a *TaskAction) CommandLine() string {
	line := a.Command
	if strings.ContainsAny(line, " \t") && !strings.HasPrefix(line, `"`) {
		line = `"` + line + `"`
	}
	if a.Arguments != "" {
		line += " " + a.Arguments
	}
	return line
}

// maxTaskItems is how many actions and triggers of a task are read of each. Windows
// accepts 32 actions and 48 triggers.
const maxTaskItems = 256

// kindsOfAction are the kinds of actions by their marks.
var kindsOfAction = map[uint16]string{0x6666: "Exec", 0x7777: "ComHandler", 0x8888: "SendEmail", 0x9999: "ShowMessage"}

// TaskActions returns the principal that the actions run as, by its ID, and the actions
// of a value Actions, up to the first that is damaged, with the error about that one. The
// principal is "" in version 1, which Windows wrote before version 10. Offsets of errors
// are in bytes from the beginning of the value, which is:
//
//	0  2  version, 1 to 3
//	2  …  from version 2 on: ID of the principal, a text
//	   …  actions up to the end: a mark of 2 bytes, the ID, and what the kind needs
//
// A text is its size in bytes, in 4 bytes, and UTF-16LE without a final NUL.
func TaskActions(data []byte) (principal string, actions []TaskAction, err error) {
	c := bin.NewCursor(data, 0)
	version := c.U16("version of the actions")
	if c.Err() == nil && (version < 1 || version > 3) {
		return "", nil, taskVersion(damage.New("version of the actions", 0, version, "1 to 3"))
	}
	if version > 1 {
		principal = taskText(&c, "principal of the actions")
	}
	for c.Err() == nil && c.Len() > 0 {
		if len(actions) == maxTaskItems {
			return principal, actions, damage.New("number of actions", c.Offset(), nil, fmt.Sprintf("≤ %d", maxTaskItems))
		}
		a := TaskAction{Offset: c.Offset()}
		mark := c.U16("mark of an action")
		if a.Kind = kindsOfAction[mark]; a.Kind == "" && c.Err() == nil {
			return principal, actions, damage.New("mark of an action", a.Offset, fmt.Sprintf("%#x", mark), "0x6666, 0x7777, 0x8888 or 0x9999")
		}
		a.read(&c, version)
		if c.Err() == nil {
			actions = append(actions, a)
		}
	}
	return principal, actions, c.Err()
}

// read reads what follows the mark.
func (a *TaskAction) read(c *bin.Cursor, version uint16) {
	a.ID = taskText(c, "ID of an action")
	switch a.Kind {
	case "Exec":
		a.Command = taskText(c, "command")
		a.Arguments = taskText(c, "arguments")
		a.WorkingDirectory = taskText(c, "working directory")
		if version == 3 {
			a.Flags = c.U16("flags of an action")
		}
	case "ComHandler":
		copy(a.Class[:], c.Bytes("class of a handler", len(a.Class)))
		a.Data = taskText(c, "data of a handler")
	case "SendEmail":
		a.Mail = readTaskMail(c)
	case "ShowMessage":
		a.Title = taskText(c, "title of a message")
		a.Body = taskText(c, "text of a message")
	}
}

func readTaskMail(c *bin.Cursor) *TaskMail {
	m := &TaskMail{}
	for _, field := range m.fields() {
		*field = taskText(c, "text of a mail")
	}
	n := c.U32("number of attachments")
	for ; n > 0 && c.Err() == nil; n-- {
		m.Attachments = append(m.Attachments, taskText(c, "attachment"))
	}
	n = c.U32("number of headers")
	for ; n > 0 && c.Err() == nil; n-- {
		m.Headers = append(m.Headers, [2]string{taskText(c, "name of a header"), taskText(c, "value of a header")})
	}
	return m
}

// fields returns the texts of a mail in the order in which they are stored.
func (m *TaskMail) fields() []*string {
	return []*string{&m.From, &m.To, &m.Cc, &m.Bcc, &m.ReplyTo, &m.Server, &m.Subject, &m.Body}
}

// taskText reads a text with its size before it.
func taskText(c *bin.Cursor, what string) string {
	return wtf8.String(c.Bytes(what, taskSize(c, what)))
}

// taskSize reads a size of 4 bytes. One that no int holds fits into no value either.
func taskSize(c *bin.Cursor, what string) int {
	const most = 1<<31 - 1
	return int(min(c.U32("size of the "+what), most))
}
