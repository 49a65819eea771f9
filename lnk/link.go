package lnk

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Link is a shell link. The names of the fields are those of the specification.
type Link struct {
	Flags          Flags
	FileAttributes uint32    // of the target, when the link was made
	CreationTime   time.Time // of the target, when the link was made; zero if unset
	AccessTime     time.Time
	WriteTime      time.Time
	FileSize       uint32 // of the target, its low 32 bits
	IconIndex      int32  // of the icon in the file of IconLocation
	ShowCommand    uint32 // 1 normal, 3 maximized, 7 minimized
	HotKey         HotKey // that starts the link; 0 for none

	// LinkTargetIDList: what the shell follows first.
	Items []shellitem.Item

	// LinkInfo.
	LocalPath   string // full path of the target on a local volume; "" if it was on none
	NetworkPath string // full path of the target on a share; "" if it was on none
	DeviceName  string // drive that the share was connected to, such as Z:
	DriveType   uint32 // 2 removable, 3 fixed, 4 remote, 5 optical, 6 RAM
	DriveSerial uint32 // serial number of the local volume
	VolumeLabel string

	NetworkProvider uint32 // WNNC_NET_ value of the share's redirector, such as 0x20000 for SMB; 0 if unset

	// StringData.
	Name         string // description
	RelativePath string // from the folder of the link
	WorkingDir   string
	Arguments    string
	IconLocation string

	// ExtraData.
	Environment     string // target with environment variables
	IconEnvironment string // file of the icon, with environment variables
	Darwin          string // descriptor of a program that Windows Installer installs on demand
	ShimLayer       string // compatibility layer for the target
	MachineID       string // NetBIOS name of the machine that the target was on
	Droid           Droid  // of the target when the link was made or last resolved
	DroidBirth      Droid  // of the target when it was first tracked, before it was moved or copied
	SpecialFolder   uint32 // CSIDL of the folder that the target is in; 0 if unset
	KnownFolder     winid.GUID
	AlternateItems  []shellitem.Item // since Windows Vista, in place of Items
	Properties      []shellitem.Property
	Console         *Console // nil if the link has no settings of a console
	CodePage        uint32   // of the console; 0 if unset
	Blocks          []Block  // those that the specification does not know
}

// Block is a block of ExtraData that the specification does not know.
type Block struct {
	Signature uint32
	Offset    int64 // of the block, in bytes from the beginning of the link
	Raw       []byte
}

// Console has the settings of the window of a console program.
type Console struct {
	BufferX, BufferY, WindowX, WindowY uint16 // in characters
	FontSize                           uint32
	FaceName                           string
	FullScreen, QuickEdit, Insert      bool
	HistoryBufferSize, HistoryBuffers  uint32
}

// HotKey is a key in the low byte, as Windows numbers keys, and 1 Shift, 2 Control and 4
// Alt in the high byte.
type HotKey uint16

// Property returns the value of the first property with that canonical name, or "".
func (l *Link) Property(key string) string {
	for i := range l.Properties {
		if l.Properties[i].Key() == key {
			return l.Properties[i].Value
		}
	}
	return ""
}

// Flags say which parts a link has, and how the shell follows it.
type Flags uint32

// The flags that this package uses. The specification has more.
const (
	HasIDList       Flags = 1 << 0
	HasLinkInfo     Flags = 1 << 1
	HasName         Flags = 1 << 2
	HasRelativePath Flags = 1 << 3
	HasWorkingDir   Flags = 1 << 4
	HasArguments    Flags = 1 << 5
	HasIconLocation Flags = 1 << 6
	IsUnicode       Flags = 1 << 7
	ForceNoLinkInfo Flags = 1 << 8
	HasEnvironment  Flags = 1 << 9
	HasDarwin       Flags = 1 << 12
	RunAsUser       Flags = 1 << 13 // with the rights of an administrator
	HasIconEnviron  Flags = 1 << 14
	HasShimLayer    Flags = 1 << 17
)

// Targets returns the paths that the link has for its target, those that the shell
// prefers first: that of the items, on a local volume, on a share, with environment
// variables, relative to the folder of the link. Two that are the same are one. Those of a
// damaged link may be missing.
func (l *Link) Targets() []string {
	var list []string
	for _, path := range [...]string{shellitem.Path(l.Items), l.LocalPath, l.NetworkPath, l.Environment, l.RelativePath} {
		if path != "" && !slices.ContainsFunc(list, func(p string) bool { return winpath.Same(p, path) }) {
			list = append(list, path)
		}
	}
	return list
}

// Target returns the first of Targets, or "": the items then name something that is not
// a path, such as a page of the control panel. See [shellitem.Display].
func (l *Link) Target() string {
	if list := l.Targets(); len(list) > 0 {
		return list[0]
	}
	return ""
}

// CommandLine returns the target and the arguments as they would be typed, or "" for a
// link without a Target. The target is put into quotes if it needs them.
func (l *Link) CommandLine() string {
	line := l.Target()
	if strings.ContainsAny(line, " \t") && !strings.HasPrefix(line, `"`) {
		line = `"` + line + `"`
	}
	if line != "" && l.Arguments != "" {
		line += " " + l.Arguments
	}
	return line
}
