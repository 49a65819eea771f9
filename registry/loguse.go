package registry

import "fmt"

// LogUse is what became of a transaction log of a hive.
type LogUse struct {
	Name     string // of the log's file
	Applied  bool
	Entries  int    // writes that were replayed
	Pages    int    // dirty pages in them
	Bytes    int64  // size of these pages
	Sequence uint32 // number of the last write that was replayed
	Unused   string // why the log was not applied
	Err      error  // why it could not be read, or what is damaged in it; may be nil also if Applied is false
}

// String returns what became of the log in words, such as
//
//	SYSTEM.LOG1: 47 pages of 4 writes replayed, up to sequence number 2110
func (u LogUse) String() string {
	if u.Applied {
		return fmt.Sprintf("%s: %s of %s replayed, up to sequence number %d", u.Name, counted(u.Pages, "page"), counted(u.Entries, "write"), u.Sequence)
	}
	return fmt.Sprintf("%s: not replayed: %s", u.Name, u.Unused)
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
