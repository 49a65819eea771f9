package shellitem

import (
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Kind is what an item names.
type Kind string

// The kinds of items.
const (
	Root         Kind = "root"          // a folder of the shell, by its class identifier
	Volume       Kind = "volume"        // a drive, or a folder of My Computer
	FileEntry    Kind = "file"          // a file or a folder
	Network      Kind = "network"       // a server, a share, or what is above them
	URI          Kind = "uri"           // an address of the web or of a server
	ControlPanel Kind = "control panel" // a page of the control panel, or a category of pages
	Delegate     Kind = "delegate"      // a file in a folder of the shell, such as that of the user
	Properties   Kind = "properties"    // what only properties describe, such as a search
	Game         Kind = "game"          // a game of the folder Games
	Storage      Kind = "storage"       // a storage of a portable device (MTP), such as a phone
	DeviceFile   Kind = "device file"   // a file or a folder on a portable device
	Other        Kind = "other"         // an item that this package does not know
)

// Item is one level of a path of the shell.
type Item struct {
	Kind   Kind
	Class  byte       // the class indicator of the item, at 2
	Offset int64      // from the beginning of the artifact, in bytes
	Name   string     // the long name if there is one; a drive, a share, a URI; may be empty
	GUID   winid.GUID // of a folder of the shell, a page of the control panel; the content type of a file on a device; or zero

	Identifier string // by which a portable device knows its storage or file

	// Of files and folders.
	ShortName  string
	IsDir      bool
	Size       uint32    // the low 32 bits
	Attributes uint16    // the low 16 bits
	Modified   time.Time // of FAT, to two seconds, or of the device; zero if unset, as are the others
	Created    time.Time
	Accessed   time.Time
	Ref        Ref // entry of the $MFT; 0 if unknown

	Comment    string     // of a network item, the localized name of a file, the file system of a storage
	Properties []Property // of an item that has a property store
	Raw        []byte     // the item with its size
}

// Ref is a reference to an entry of the $MFT: 48 bits of number, 16 of sequence.
type Ref uint64

// Entry returns the number of the entry.
func (r Ref) Entry() uint64 { return uint64(r) & (1<<48 - 1) }

// Sequence returns the sequence number of the entry.
func (r Ref) Sequence() uint16 { return uint16(r >> 48) }

// Text returns what an item is called: its name, or that of its folder of the shell, or
// the class identifier in braces.
func (i *Item) Text() string {
	switch {
	case i.Name != "":
		return i.Name
	case i.ShortName != "":
		return i.ShortName
	case FolderName(i.GUID) != "":
		return FolderName(i.GUID)
	case !i.GUID.IsZero():
		return "{" + i.GUID.String() + "}"
	}
	return ""
}

// Path returns the path in the file system that a list of items leads to: a drive or a
// share, and what is below it, or "" if the list does not lead there. Folders of the shell
// before the drive are left out. What a search found, and a file in a library, has its path
// among its properties.
func Path(items []Item) string {
	path := ""
	for n := range items {
		i := &items[n]
		switch i.Kind {
		case Volume, Network:
			if isAbsolute(i.Name) {
				path = strings.TrimSuffix(i.Name, `\`)
			}
		case Properties:
			path = strings.TrimSuffix(i.place(), `\`)
		case FileEntry, Delegate:
			switch name := i.Text(); {
			case name == "":
				return ""
			case path != "":
				path += `\` + name
			case n > 0 && items[n-1].Kind == Root || len(name) < 2 || name[1] != ':':
				return "" // below a folder of the shell, whose path the profile has
			default:
				path = name
			}
		default:
			if path != "" {
				return ""
			}
		}
	}
	if len(path) == 2 && path[1] == ':' {
		path += `\`
	}
	return path
}

// isAbsolute reports whether a name begins with a drive or a server.
func isAbsolute(name string) bool {
	return strings.HasPrefix(name, `\\`) || len(name) >= 2 && name[1] == ':'
}

// place returns the path in the file system that the properties of an item have, or "".
func (i *Item) place() string {
	for n := range i.Properties {
		switch p := &i.Properties[n]; p.Key() {
		case "System.ParsingPath", placeKey:
			if isAbsolute(p.Value) {
				return p.Value
			}
		}
	}
	return ""
}

// Display returns what the shell shows for a list of items, also if it is not a path of the
// file system: the names of the items, joined by a backslash.
func Display(items []Item) string {
	if path := Path(items); path != "" {
		return path
	}
	var names []string
	for n := range items {
		if text := items[n].Text(); text != "" {
			names = append(names, strings.TrimSuffix(text, `\`))
		}
	}
	return strings.Join(names, `\`)
}
