package origin

import (
	"bytes"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A contentKind is a row of the table of files that are not executables. A file is of
// the first kind whose conditions it meets.
type contentKind struct {
	name       string // as a noun
	extensions string // that the name must have one of, separated by spaces; any if empty
	off        int    // of magic, in bytes from the beginning of the file
	magic      string // that the file must have there; any if empty
	holds      string // what the first bytes must have anywhere, in lower case; any if empty
}

// headSize is how many bytes of the beginning of a file are kept: as far as the
// volume descriptor of a disk image.
const headSize = 0x8001 + 5

const (
	compoundFile = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	zipFile      = "PK\x03\x04"
)

// contentKinds is the table. Kinds by content come first, so that a name does not hide
// them; those of text come after all others.
var contentKinds = []contentKind{
	{name: "program for DOS, or damaged Windows executable,", magic: "MZ"},
	{name: "Windows Installer package", extensions: "msi msp mst", magic: compoundFile},
	{name: "Office document", extensions: "doc dot xls xla xlt ppt pps pot msg pub vsd mpp", magic: compoundFile},
	{name: "compound file, as installers and old Office documents are,", magic: compoundFile},
	{name: "Office document", magic: zipFile, holds: "[content_types].xml"},
	{name: "Office document", extensions: "docx docm dotx dotm xlsx xlsm xlsb xltm xlam pptx pptm ppsx ppsm ppam odt ods odp", magic: zipFile},
	{name: "Java archive", extensions: "jar war ear", magic: zipFile},
	{name: "ZIP archive", magic: zipFile},
	{name: "7-Zip archive", magic: "7z\xbc\xaf\x27\x1c"},
	{name: "RAR archive", magic: "Rar!\x1a\x07"},
	{name: "cabinet archive", magic: "MSCF\x00\x00\x00\x00"},
	{name: "gzip archive", magic: "\x1f\x8b\x08"},
	{name: "XZ archive", magic: "\xfd7zXZ\x00"},
	{name: "bzip2 archive", magic: "BZh", extensions: "bz2 tbz tbz2"},
	{name: "tar archive", off: 257, magic: "ustar"},
	{name: "ACE archive", off: 7, magic: "**ACE**"},
	{name: "disk image", off: 0x8001, magic: "CD001"},
	{name: "disk image", magic: "vhdxfile"},
	{name: "disk image", extensions: "iso img vhd vhdx"},
	{name: "Windows image", magic: "MSWIM\x00\x00\x00"},
	{name: "shortcut", magic: "L\x00\x00\x00\x01\x14\x02\x00"},
	{name: "compiled HTML help file", magic: "ITSF"},
	{name: "OneNote section", magic: "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d\xae\xb1\x53\x78\xd0\x29\x96\xd3"},
	{name: "PDF document", magic: "%PDF-"},
	{name: "RTF document", magic: `{\rt`},
	{name: "program for Linux", magic: "\x7fELF"},
	{name: "Java class", magic: "\xca\xfe\xba\xbe"},
	{name: "event log", magic: "ElfFile\x00"},
	{name: "registry hive", magic: "regf"},
	{name: "SQLite database", magic: "SQLite format 3\x00"},
	{name: "PNG image", magic: "\x89PNG\r\n\x1a\n"},
	{name: "JPEG image", magic: "\xff\xd8\xff"},
	{name: "GIF image", magic: "GIF8"},
	{name: "HTML application", holds: "<hta:application"},
	{name: "page with code for a web server", holds: "<%@ "},
	{name: "page with code for a web server", holds: "<?php"},
	{name: "scriptlet", holds: "<scriptlet"},
	{name: "script", magic: "#!"},
	{name: "Internet shortcut", holds: "[internetshortcut]"},
	{name: "registration file", magic: "Windows Registry Editor"},
	{name: "registration file", magic: "REGEDIT4"},
	{name: "HTML application", extensions: "hta"},
	{name: "page with code for a web server", extensions: "asp aspx ashx asmx ascx asax cshtml php php5 php7 phtml jsp jspx cfm"},
	{name: "scriptlet", extensions: "sct wsc"},
	{name: "script", extensions: "ps1 psm1 psd1 vbs vbe js jse wsf wsh bat cmd py pl rb sh lua au3 ahk"},
	{name: "registration file", extensions: "reg"},
	{name: "Windows Installer package", extensions: "msi"},
}

// kindOf returns the kind of a file that is not a Windows executable, by the beginning
// of its content and by its name, and whether only the name says so; "" if nothing does.
func kindOf(name string, head []byte) (kind string, byName bool) {
	extension := ""
	if base := strings.ToLower(winpath.Base(name)); strings.Contains(base, ".") {
		extension = base[strings.LastIndexByte(base, '.')+1:]
	}
	text := bytes.ToLower(bytes.ReplaceAll(head, []byte{0}, nil)) // UTF-16 too
	for _, k := range contentKinds {
		if k.extensions != "" && (extension == "" || !strings.Contains(" "+k.extensions+" ", " "+extension+" ")) {
			continue
		}
		if k.off > len(head) || !bytes.HasPrefix(head[k.off:], []byte(k.magic)) || !bytes.Contains(text, []byte(k.holds)) {
			continue
		}
		return k.name, k.magic == "" && k.holds == ""
	}
	return "", false
}
