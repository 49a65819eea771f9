// Package artifact recognizes the files that the parsers of this module read, by
// their content and by the names that Windows gives them.
//
// A program that looks through a folder opens what either of them promises, and
// reports what it then cannot read. A gate that knew less than the parser behind it
// would pass over a file whose beginning is lost, without a word.
package artifact

import (
	"bytes"
	"io"
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// The kinds of files, by the package that reads them.
const (
	MFT      = "mft"
	EVTX     = "evtx"
	Registry = "registry"
	PE       = "pe"
	WebLog   = "weblog"
	ESE      = "ese" // a database, such as that of SRUM
	USN      = "usn" // the change journal, which only its name identifies if it begins with zeros
	LogFile  = "logfile"

	Prefetch         = "prefetch"
	Link             = "lnk"
	JumpList         = "jumplist" // a compound file or of its own form, which only its name identifies
	RecycleBin       = "recyclebin"
	PCA              = "pca"
	DetectionHistory = "detectionhistory"
	ProtectionLog    = "mplog"
	Task             = "task"
	BITS             = "bits" // qmgr0.dat and qmgr1.dat; qmgr.db is a database
)

// signature is what files of a kind have at an offset.
type signature struct {
	kind  string
	off   int
	magic string
}

// beginnings identify a file of which at least the beginning is intact.
var beginnings = []signature{
	{MFT, 0, "FILE0\x00"}, // the offset of the fixups follows: 0x30, before Windows XP 0x2a
	{MFT, 0, "FILE*\x00"},
	{MFT, 0, "BAAD0\x00"},
	{MFT, 0, "BAAD*\x00"},
	{EVTX, 0, "ElfFile\x00"},
	{EVTX, 4096, "ElfChnk\x00"}, // the file header is lost
	{EVTX, 0, "ElfChnk\x00"},    // and its page
	{EVTX, 4, "LfLe"},           // of Windows XP and older, which the parser names
	{Registry, 0, "regf"},
	{LogFile, 0, "RSTR\x1e\x00"}, // the offset of the fixups follows
	{LogFile, 0, "CHKD\x1e\x00"}, // chkdsk has written it
	{PE, 0, "MZ"},
	{ESE, 4, "\xef\xcd\xab\x89"},
	{Prefetch, 0, "\x11\x00\x00\x00SCCA"}, // of Windows XP; the next ones of Vista, 8, 10 and 11
	{Prefetch, 0, "\x17\x00\x00\x00SCCA"},
	{Prefetch, 0, "\x1a\x00\x00\x00SCCA"},
	{Prefetch, 0, "\x1e\x00\x00\x00SCCA"},
	{Prefetch, 0, "\x1f\x00\x00\x00SCCA"},
	{Prefetch, 0, "MAM\x04"}, // compressed
	{Link, 0, "\x4c\x00\x00\x00\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46"},
	{DetectionHistory, 0x30, "M\x00a\x00g\x00i\x00c\x00.\x00V\x00e\x00r\x00s\x00i\x00o\x00n\x00:\x00"},
	{BITS, 16, "\x13\xf7\x2b\xc8\x40\x99\x12\x4a\x9f\x1a\x3a\xae\xbd\x89\x4e\xea"},
	{BITS, 24, "\x13\xf7\x2b\xc8\x40\x99\x12\x4a\x9f\x1a\x3a\xae\xbd\x89\x4e\xea"}, // of Windows 10
	// The directives of a web log may come in any order.
	{WebLog, 0, "#Software: Microsoft Internet Information Services"},
	{WebLog, 0, "#Version: 1.0\r\n"},
	{WebLog, 0, "#Date: "},
	{WebLog, 0, "#Fields: "},
}

// remains identify a file whose beginning is lost.
var remains = []signature{
	{MFT, 1024, "FILE0\x00"},
	{MFT, 2048, "FILE0\x00"},
	{MFT, 4096, "FILE0\x00"},
	{Registry, 4096, "hbin"},
	{LogFile, 4096, "RSTR\x1e\x00"},
	{LogFile, 4096, "CHKD\x1e\x00"},
}

// HeadSize is how far signatures reach from the beginning of a file, in bytes.
const HeadSize = 4096 + 8

// Begins returns the kind of the file that begins with head, or "".
func Begins(head []byte) string {
	kind := match(beginnings, head)
	switch {
	case kind != "":
	case isTask(head):
		kind = Task
	case isJournal(head):
		kind = USN
	}
	return kind
}

// isTask reports whether a file begins as the XML of a task, in UTF-8 or UTF-16.
func isTask(head []byte) bool {
	const schema = "schemas.microsoft.com/windows/2004/02/mit/task"
	start := bytes.TrimLeft(head, "\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
	if !bytes.HasPrefix(start, []byte("<")) {
		return false
	}
	text := head
	if len(start) > 1 && start[1] == 0 || len(head) > 1 && head[0] == 0 {
		text = bytes.ReplaceAll(head, []byte{0}, nil)
	}
	return bytes.Contains(text, []byte(schema))
}

// Remains returns the kind of a file whose beginning is lost, by what else is in its
// first bytes, or "". Bytes of a disk may look like that too.
func Remains(head []byte) string {
	switch kind := match(remains, head); {
	case kind != "":
		return kind
	case bytes.Contains(head, []byte("ElfChnk\x00")): // in no place that a log has
		return EVTX
	case hasFields(head):
		return WebLog
	}
	return ""
}

func match(signatures []signature, head []byte) string {
	for _, s := range signatures {
		if s.off <= len(head) && bytes.HasPrefix(head[s.off:], []byte(s.magic)) {
			return s.kind
		}
	}
	return ""
}

// hasFields reports whether a line names the fields of a web log.
func hasFields(head []byte) bool {
	directive, field := []byte("#Fields:"), []byte(" cs-uri-stem")
	if !bytes.Contains(head, field) { // most files
		return false
	}
	for line := range bytes.Lines(head) {
		line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		if bytes.HasPrefix(line, directive) && bytes.Contains(line, field) {
			return true
		}
	}
	return false
}

// unmarked are the kinds of files that have no mark: only their names identify them.
var unmarked = map[string]bool{USN: true, LogFile: true, JumpList: true, RecycleBin: true, PCA: true, ProtectionLog: true, Task: true}

// Unmarked returns the kind that only the name of a file identifies, or "".
func Unmarked(name string) string {
	if kind := Named(name); unmarked[kind] {
		return kind
	}
	return ""
}

// recycled are the characters that Windows draws for a file in the recycle bin.
const recycled = "[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z]"

// names are patterns for the names of files, in upper case.
var names = []struct{ kind, pattern string }{
	{MFT, "$MFT"},
	{MFT, "*.MFT"},
	{EVTX, "*.EVTX"},
	{EVTX, "*.EVT"},
	{Registry, "NTUSER.DAT"},
	{Registry, "USRCLASS.DAT"},
	{Registry, "SYSTEM"},
	{Registry, "SOFTWARE"},
	{Registry, "SAM"},
	{Registry, "SECURITY"},
	{Registry, "DEFAULT"},
	{Registry, "AMCACHE.HVE"},
	{WebLog, "U_EX*.LOG"},
	{ESE, "SRUDB.DAT"},
	{ESE, "CURRENT.MDB"},
	{ESE, "SYSTEMIDENTITY.MDB"},
	{ESE, "QMGR.DB"},
	{BITS, "QMGR[01].DAT"},
	{USN, "$J"}, // collectors write $UsnJrnl:$J with another character for the colon, without any, or in part
	{USN, "$USNJRNL*$J"},
	{LogFile, "$LOGFILE"},
	{Prefetch, "?*-????????.PF"},
	{Link, "*.LNK"},
	{JumpList, "*.AUTOMATICDESTINATIONS-MS"},
	{JumpList, "*.CUSTOMDESTINATIONS-MS"},
	{RecycleBin, "$I" + recycled},
	{RecycleBin, "$I" + recycled + ".*"},
	{PCA, "PCAAPPLAUNCHDIC.TXT"},
	{PCA, "PCAGENERALDB?.TXT"},
	{ProtectionLog, "MPLOG-*.LOG"},
	{Task, "*.JOB"}, // of Windows XP, which has no mark
	{PE, "*.EXE"},
	{PE, "*.DLL"},
	{PE, "*.SYS"},
}

// Named returns the kind that the name of a file promises, or "".
func Named(name string) string {
	base := winpath.FoldName(path.Base(name))
	for _, n := range names {
		if ok, _ := path.Match(n.pattern, base); ok {
			return n.kind
		}
	}
	return ""
}

// Of returns the kind of a file by its content, else by its name, or "". Head is the
// beginning of the file, up to HeadSize bytes. Files that belong to another one have
// no kind: the mirror of an $MFT, and the transaction logs of a hive.
func Of(name string, head []byte) string {
	base := winpath.FoldName(path.Base(name))
	kind := Begins(head)
	if kind == "" {
		kind = Remains(head)
	}
	switch ext := path.Ext(base); {
	case kind == MFT && base == "$MFTMIRR":
		return ""
	case kind == Registry && (ext == ".LOG" || ext == ".LOG1" || ext == ".LOG2"):
		return ""
	case kind == "":
		return Named(base)
	}
	return kind
}

// Is reports whether a file of fsys is of a kind by its content, or should be by its
// name. If it cannot be read, only the name counts.
func Is(kind string, fsys fs.FS, name string) bool {
	return Named(name) == kind || OfFile(fsys, name) == kind
}

// OfFile returns the kind of a file of fsys; see Of.
func OfFile(fsys fs.FS, name string) string {
	f, err := fsys.Open(name)
	if err != nil {
		return Named(name)
	}
	defer f.Close()
	var head [HeadSize]byte
	n, _ := io.ReadFull(f, head[:])
	return Of(name, head[:n])
}
