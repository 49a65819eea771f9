package lnk

import (
	"strings"
	"time"
)

// Link is a shell link. The names of the fields are those of the specification.
type Link struct {
	Flags          Flags
	FileAttributes uint32    // of the target, when the link was made
	CreationTime   time.Time // of the target, when the link was made; zero if unset
	AccessTime     time.Time
	WriteTime      time.Time
	FileSize       uint32 // of the target, its low 32 bits
	ShowCommand    uint32 // 1 normal, 3 maximized, 7 minimized

	// LinkInfo.
	LocalPath   string // full path of the target on a local volume; "" if it was on none
	NetworkPath string // full path of the target on a share; "" if it was on none
	DeviceName  string // drive that the share was connected to, such as Z:
	DriveType   uint32 // 2 removable, 3 fixed, 4 remote, 5 optical, 6 RAM
	DriveSerial uint32 // serial number of the local volume
	VolumeLabel string

	// StringData.
	Name         string // description
	RelativePath string // from the folder of the link
	WorkingDir   string
	Arguments    string
	IconLocation string

	// ExtraData.
	Environment string // target with environment variables
	MachineID   string // NetBIOS name of the machine that the target was on
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
	RunAsUser       Flags = 1 << 13 // with the rights of an administrator
)

// Targets returns the paths that the link has for its target, those that the shell
// prefers first: on a local volume, on a share, with environment variables, relative to
// the folder of the link. Those of a damaged link may be missing.
func (l *Link) Targets() []string {
	var list []string
	for _, path := range [...]string{l.LocalPath, l.NetworkPath, l.Environment, l.RelativePath} {
		if path != "" {
			list = append(list, path)
		}
	}
	return list
}

// Target returns the first of Targets, or "": the target is then only in the list of
// item identifiers.
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
