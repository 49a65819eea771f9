package jumplist

import (
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
)

// List is a jump list.
type List struct {
	Custom  bool   // written by the program, and not by the shell
	AppID   string // of the program, from the name of the file; "" if that is another one
	Version uint32 // of DestList, or of the custom destinations; 0 if the list has neither
	Entries []Entry
}

// Entry is a file or another thing in a jump list.
type Entry struct {
	Record string // the stream, or the number of the link in a list of a program
	Offset int64  // in the file: of the stream of the link or, without one, of DestList; or of the link
	Listed bool   // false if only its link is left

	// Of a list of the shell, from DestList.
	Number     uint32
	Path       string // as the shell has it: a path, or folders of the shell as ::{GUID} or knownfolder:{GUID}
	Host       string // NetBIOS name of the machine that the target was on
	Droid      lnk.Droid
	DroidBirth lnk.Droid
	LastAccess time.Time // when it was last opened, or the entry changed
	Pinned     bool
	Accesses   uint32               // how often; 0 before Windows 10, which has no such number
	Properties []shellitem.Property // of the target, which few entries have

	Category string // of a list of a program: its name; "tasks", "frequent" or "recent"

	Link *lnk.Link // nil if no link of the entry can be read
}

// Target returns the path of the entry: that of DestList, or else that of the link.
func (e *Entry) Target() string {
	if e.Path != "" && !strings.HasPrefix(e.Path, "::{") && !strings.HasPrefix(strings.ToLower(e.Path), "knownfolder:") {
		return e.Path
	}
	if e.Link == nil {
		return e.Path
	}
	if target := e.Link.Target(); target != "" {
		return target
	}
	if e.Path != "" {
		return e.Path
	}
	return shellitem.Display(e.Link.Items)
}

// The endings of jump lists.
const (
	automatic = ".automaticdestinations-ms"
	custom    = ".customdestinations-ms"
)

// Named reports whether a file has the name of a jump list, and returns the AppID in it.
func Named(name string) (appID string, ok bool) {
	base := strings.ToLower(path.Base(strings.ReplaceAll(name, `\`, "/")))
	for _, ending := range [...]string{automatic, custom} {
		if id, ok := strings.CutSuffix(base, ending); ok && id != "" && len(id) <= 16 && strings.Trim(id, "0123456789abcdef") == "" {
			return strings.TrimLeft(id, "0"), true
		}
	}
	return "", false
}
