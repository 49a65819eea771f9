package registry

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// CachedTask is a scheduled task of the TaskCache of a SOFTWARE hive, from which the Task
// Scheduler of Windows 7 and later starts tasks. A task has a key below Tree, which gives
// it its path, and one below Tasks, which has what it does.
type CachedTask struct {
	Path      string    // such as \Microsoft\Windows\Defrag\ScheduledDefrag; without a key below Tree as the key below Tasks has it, else the ID
	ID        string    // GUID in braces: the name of the key below Tasks
	Hidden    string    // why the tools of Windows do not list it, or not for every account, or not all of it; "" if they do
	Location  string    // path of its key below Tree, or of that below Tasks if Tree lacks it
	LastWrite time.Time // of the key at Location
	Offset    int64     // of that key's cell in the hive file
	Key       string    // path of its key below Tasks; "" if Tasks lacks it
	KeyOffset int64     // of that key's cell in the hive file; -1 if there is none
	KeyWrite  time.Time // LastWrite of that key

	Index    uint32   // how it starts, by the key below Tree: 1 boot, 2 logon, 3 otherwise, 4 maintenance; 0 hides it
	HasSD    bool     // the key below Tree has a security descriptor: without one, it is hidden
	Lists    []string // of Boot, Logon, Plain and Maintenance: those that name it
	Recorded string   // its path, as the key below Tasks has it
	URI      string
	Author   string // whoever registers a task chooses it
	Date     string // of registration, as whoever registered it wrote it
	Source   string

	Description        string
	SecurityDescriptor string // in SDDL
	Schema             uint32 // version of the XML: 0x10002 is 1.2
	Hash               []byte // of the XML file: SHA-256, or CRC-32 before Windows 7

	TaskRuns
	Principal string // ID of the principal that the actions run as
	Actions   []TaskAction
	Triggers  TaskTriggers

	Damaged []string // the values below Tasks of which it has only what comes before the damage
}

// TaskRuns is the value DynamicInfo of a task. Times are zero if they are not set.
type TaskRuns struct {
	Registered time.Time // when it was created or last changed
	LastStart  time.Time
	LastStop   time.Time // when a run last ended; from Windows 8 on
	State      uint32    // up to Windows 8 the result of the last run as an HRESULT, then 0
	LastResult uint32    // from Windows 10 on: the exit code of the last run, or an HRESULT
}

// Succeeded reports whether the last run ended, and without an error.
func (r *TaskRuns) Succeeded() bool {
	return !r.LastStart.IsZero() && !r.LastStop.Before(r.LastStart) && r.State == 0 && r.LastResult == 0
}

// Enabled reports whether the task starts: it has a key below Tasks, its options enable
// it, and so does one of its triggers, unless it has none and starts on demand. What is
// not recorded does not disable it.
func (t *CachedTask) Enabled() bool { return t.Off() == "" }

// Off returns what keeps the task from being started, or "".
func (t *CachedTask) Off() string {
	enabled := func(tr TaskTrigger) bool { return tr.Enabled }
	switch {
	case t.Key == "":
		return hiddenKey
	case t.Triggers.Version == 0:
		return ""
	case t.Triggers.Options&TaskEnabled == 0:
		return "its options disable it"
	case len(t.Triggers.List) > 0 && !slices.ContainsFunc(t.Triggers.List, enabled) && !slices.Contains(t.Damaged, "Triggers"):
		return "all its triggers are disabled"
	}
	return ""
}

// Name returns the last part of the path.
func (t *CachedTask) Name() string { return winpath.Base(t.Path) }

const taskCache = windowsNT + `Schedule\TaskCache`

// taskLists are the keys that list tasks by what starts them.
var taskLists = []string{"Boot", "Logon", "Plain", "Maintenance"}

// Why a task is hidden.
const (
	hiddenSD    = "its key below Tree does not have a security descriptor"
	hiddenIndex = "its Index is 0"
	hiddenTree  = "no key below Tree names it"
	hiddenKey   = "it does not have a key below Tasks"
	hiddenTwice = "another key below Tree has the same Id"
	hiddenOther = "its key below Tasks has another path"
	hiddenPath  = "the key below Tree that names it has another path"
)

// CachedTasks iterates over the scheduled tasks of a SOFTWARE hive: those below Tree, in
// its order, then those that are only below Tasks, or that have another path there. Other
// hives yield nothing.
//
// A *FormatError means that a key or value is damaged, and iteration goes on with what
// comes after it. That of a value Actions, Triggers or DynamicInfo follows the task, which
// has what comes before the damage. It yields no other errors. Breaking early and ranging
// again are safe.
func CachedTasks(r *Reader) iter.Seq2[CachedTask, error] {
	return func(yield func(CachedTask, error) bool) {
		if r.Type() != Software {
			return
		}
		c := &taskCacheReader{r: r, yield: yield, named: map[string]string{}, placed: map[string]bool{}}
		c.lists = c.readLists()
		tasks := c.open(taskCache + `\Tasks`)
		c.readTasks(tasks)
		if tree := c.open(taskCache + `\Tree`); tree != nil {
			c.tree(tree, "", "")
		}
		c.ghosts(tasks)
	}
}

// taskCacheReader is the state of one iteration of CachedTasks.
type taskCacheReader struct {
	r       *Reader
	yield   func(CachedTask, error) bool
	lists   map[string][]string // by folded ID
	tasks   map[string]*Key     // keys below Tasks by folded ID
	named   map[string]string   // folded IDs that keys below Tree have, and the folded path that the key below Tasks has
	placed  map[string]bool     // folded IDs whose key below Tree has that path
	stopped bool
}

// damaged yields err if it is damage.
func (c *taskCacheReader) damaged(err error) {
	if damage.Is(err) && !c.stopped {
		c.stopped = !c.yield(CachedTask{}, err)
	}
}

// open returns the key at a path, or nil.
func (c *taskCacheReader) open(path string) *Key {
	k, err := c.r.OpenKey(path)
	if err != nil {
		c.damaged(err)
		return nil
	}
	return k
}

func (c *taskCacheReader) readLists() map[string][]string {
	lists := map[string][]string{}
	for _, name := range taskLists {
		k := c.open(taskCache + `\` + name)
		if k == nil {
			continue
		}
		for sub, err := range k.Subkeys() {
			if err != nil {
				c.damaged(err)
				continue
			}
			id := winpath.FoldName(sub.Name)
			lists[id] = append(lists[id], name)
		}
	}
	return lists
}

func (c *taskCacheReader) readTasks(tasks *Key) {
	c.tasks = map[string]*Key{}
	if tasks == nil {
		return
	}
	for k, err := range tasks.Subkeys() {
		if err != nil {
			c.damaged(err)
			continue
		}
		c.tasks[winpath.FoldName(k.Name)] = k
	}
}

// tree yields the tasks below a key of Tree. Path is that of the folder, and unread why
// some accounts cannot read it or a folder above it.
func (c *taskCacheReader) tree(folder *Key, path, unread string) {
	for k, err := range folder.Subkeys() {
		switch {
		case c.stopped:
			return
		case err != nil:
			c.damaged(err)
			continue
		}
		ofFolder := c.entry(k, path+`\`+k.Name, unread)
		if !c.stopped {
			c.tree(k, path+`\`+k.Name, cmp.Or(unread, ofFolder))
		}
	}
}

// entry yields the task of a key below Tree, unless the key is only a folder: that has
// neither an Id nor an Index. It returns why some accounts cannot read the key, as hidden
// by a folder.
func (c *taskCacheReader) entry(k *Key, path, unread string) (ofFolder string) {
	t := CachedTask{Path: path, Location: k.Path(), LastWrite: k.LastWrite, Offset: k.Offset, KeyOffset: -1}
	var why []string
	known, indexed, reads := false, false, ""
	for v, err := range k.Values() {
		if err != nil {
			c.damaged(err)
			continue
		}
		switch winpath.FoldName(v.Name) {
		case "ID":
			known, t.ID = true, c.text(v)
		case "INDEX":
			n, err := v.Uint64()
			c.damaged(err)
			indexed, t.Index = err == nil, uint32(n)
		case "SD":
			sd, err := v.Data()
			c.damaged(err)
			t.HasSD = len(sd) > 0
			reads, err = unreadable(sd)
			c.damaged(v.inside(err))
		}
	}
	if reads != "" {
		ofFolder = "the security descriptor of its folder " + path + " " + reads
	}
	if !known && !indexed {
		return ofFolder
	}
	if !t.HasSD {
		why = append(why, hiddenSD)
	}
	if reads != "" {
		why = append(why, "its security descriptor "+reads)
	}
	if unread != "" {
		why = append(why, unread)
	}
	if indexed && t.Index == 0 {
		why = append(why, hiddenIndex)
	}
	id := winpath.FoldName(t.ID)
	t.Lists = c.lists[id]
	var damaged []error
	key := c.tasks[id]
	recorded, twice := c.named[id]
	switch {
	case key == nil:
		why = append(why, hiddenKey)
	case twice: // its values are not read again: many keys may name one large task
		why = append(why, hiddenTwice)
	default:
		damaged = t.read(key)
		recorded = winpath.FoldName(t.Recorded)
		c.named[id] = recorded
	}
	if recorded == "" || recorded == winpath.FoldName(path) {
		c.placed[id] = true
	} else {
		why = append(why, hiddenOther)
	}
	t.Hidden = strings.Join(why, "; ")
	c.give(t, damaged)
	return ofFolder
}

// ghosts yields the tasks that are only below Tasks.
func (c *taskCacheReader) ghosts(tasks *Key) {
	if tasks == nil {
		return
	}
	for k, err := range tasks.Subkeys() {
		switch {
		case c.stopped:
			return
		case err != nil: // readTasks has yielded it
			continue
		}
		id := winpath.FoldName(k.Name)
		if c.placed[id] {
			continue
		}
		t := CachedTask{ID: k.Name, Location: k.Path(), LastWrite: k.LastWrite, Offset: k.Offset, Hidden: hiddenTree, Lists: c.lists[id]}
		if _, named := c.named[id]; named {
			t.Hidden = hiddenPath
		}
		damaged := t.read(k)
		t.Path = cmp.Or(t.Recorded, t.URI, t.ID)
		c.give(t, damaged)
	}
}

// give yields a task, and then its damage.
func (c *taskCacheReader) give(t CachedTask, damaged []error) {
	if c.stopped {
		return
	}
	c.stopped = !c.yield(t, nil)
	for _, err := range damaged {
		c.damaged(err)
	}
}

// text returns the text in a value, or "" if it is not text.
func (c *taskCacheReader) text(v *Value) string {
	s, err := v.Text()
	c.damaged(err)
	return s
}

// taskTexts are the values below Tasks that are text.
var taskTexts = map[string]func(*CachedTask) *string{
	"PATH":               func(t *CachedTask) *string { return &t.Recorded },
	"URI":                func(t *CachedTask) *string { return &t.URI },
	"AUTHOR":             func(t *CachedTask) *string { return &t.Author },
	"DATE":               func(t *CachedTask) *string { return &t.Date },
	"SOURCE":             func(t *CachedTask) *string { return &t.Source },
	"DESCRIPTION":        func(t *CachedTask) *string { return &t.Description },
	"SECURITYDESCRIPTOR": func(t *CachedTask) *string { return &t.SecurityDescriptor },
}

// taskData are the values below Tasks that have a structure.
var taskData = map[string]func(*CachedTask, []byte) error{
	"HASH":        func(t *CachedTask, b []byte) error { t.Hash = slices.Clone(b); return nil },
	"DYNAMICINFO": func(t *CachedTask, b []byte) (err error) { t.TaskRuns, err = readTaskRuns(b); return err },
	"ACTIONS":     func(t *CachedTask, b []byte) (err error) { t.Principal, t.Actions, err = TaskActions(b); return err },
	"TRIGGERS":    func(t *CachedTask, b []byte) (err error) { t.Triggers, err = ReadTaskTriggers(b); return err },
}

// read reads the key of a task below Tasks, and returns its damage.
func (t *CachedTask) read(k *Key) (damaged []error) {
	t.Key, t.KeyOffset, t.KeyWrite = k.Path(), k.Offset, k.LastWrite
	in := ""
	note := func(err error) {
		if damage.Is(err) {
			damaged = append(damaged, err)
			if in != "" && !slices.Contains(t.Damaged, in) {
				t.Damaged = append(t.Damaged, in)
			}
		}
	}
	for v, err := range k.Values() {
		in = ""
		if err != nil {
			note(err)
			continue
		}
		in = v.Name
		name := winpath.FoldName(v.Name)
		if field := taskTexts[name]; field != nil {
			s, err := v.Text()
			note(err)
			*field(t) = s
		} else if decode := taskData[name]; decode != nil {
			b, err := v.Data()
			note(err)
			note(v.inside(decode(t, b)))
		} else if name == "SCHEMA" {
			n, err := v.Uint64()
			note(err)
			t.Schema = uint32(n)
		}
	}
	return damaged
}

// inside adds v to an error whose offset is in the data of v, and gives it the offset of
// the value's cell.
func (v *Value) inside(err error) error {
	var e *FormatError
	if !errors.As(err, &e) {
		return err
	}
	located := *e
	located.What = fmt.Sprintf("%s, at byte %d of the data", e.What, e.Offset)
	located.Offset = v.Offset
	return v.in(&located)
}

// readTaskRuns reads a value DynamicInfo:
//
//	 0  4  3
//	 4  8  FILETIME of the registration or the last change
//	12  8  FILETIME of the last start
//	20  4  state; up to Windows 8 the result
//	24  4  result
//	28  8  FILETIME of the last end; from Windows 8 on
func readTaskRuns(b []byte) (TaskRuns, error) {
	const before8, from8 = 28, 36
	le := binary.LittleEndian
	switch {
	case len(b) < before8:
		return TaskRuns{}, damage.Truncated("DynamicInfo", 0, before8, int64(len(b)))
	case le.Uint32(b) != 3:
		return TaskRuns{}, taskVersion(damage.New("version of DynamicInfo", 0, le.Uint32(b), 3))
	}
	runs := TaskRuns{
		Registered: filetime.Time(le.Uint64(b[4:])), LastStart: filetime.Time(le.Uint64(b[12:])),
		State: le.Uint32(b[20:]), LastResult: le.Uint32(b[24:]),
	}
	if len(b) >= from8 {
		runs.LastStop = filetime.Time(le.Uint64(b[28:]))
	}
	return runs, nil
}
