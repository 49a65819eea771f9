package jumplist

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// polynomial is that of the CRC, with its bits reversed.
const polynomial = 0x92c64265d32139a4

// AppID returns the AppID of what identifies a program: its AppUserModelID, or its path as
// the shell has it. It is the CRC of 64 bits of the upper case in UTF-16.
func AppID(id string) string {
	crc := ^uint64(0)
	for _, b := range wtf8.Encode(winpath.FoldName(id)) {
		crc ^= uint64(b)
		for range 8 {
			crc = crc>>1 ^ polynomial&-(crc&1)
		}
	}
	return strconv.FormatUint(crc, 16)
}

// knownFolders are the folders that the shell replaces by their KNOWNFOLDERID before it
// computes the AppID of a path, the longest first.
var knownFolders = [...]struct{ folder, id string }{
	{`\Program Files (x86)`, "{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}"},
	{`\Windows\System32`, "{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}"},
	{`\Windows\SysWOW64`, "{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}"},
	{`\Program Files`, "{6D809377-6AF0-444B-8957-A3773F02200E}"}, // of 64 bits
	{`\Program Files`, "{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}"}, // on Windows of 32 bits
	{`\Windows`, "{F38BF404-1D43-42F2-9305-67DE0B28FC23}"},
}

// AppIDs returns the AppIDs that a program has by its path, with a drive, unless it sets an
// AppUserModelID of its own.
func AppIDs(path string) []string {
	list := []string{AppID(path)}
	if !winpath.HasDrive(path) {
		return list
	}
	for _, f := range knownFolders {
		if rest, ok := winpath.CutPrefix(path[2:], f.folder); ok && strings.HasPrefix(rest, `\`) {
			list = append(list, AppID(f.id+rest))
		}
	}
	return list
}

// applications are what identifies well-known programs. An AppUserModelID has no backslash.
var applications = [...]struct{ id, name string }{
	{"Microsoft.Windows.Explorer", "Explorer"},
	{"Microsoft.Windows.ControlPanel", "Control Panel"},
	{"Microsoft.Windows.RemoteDesktop", "Remote Desktop Connection"},
	{"Microsoft.Windows.MediaPlayer32", "Windows Media Player"},
	{"Microsoft.Windows.StickyNotes", "Sticky Notes"},
	{"Microsoft.InternetExplorer.Default", "Internet Explorer"},
	{"MSEdge", "Microsoft Edge"},
	{"Chrome", "Google Chrome"},
	{"Microsoft.Office.WINWORD.EXE.15", "Microsoft Word"},
	{"Microsoft.Office.EXCEL.EXE.15", "Microsoft Excel"},
	{"Microsoft.Office.POWERPNT.EXE.15", "Microsoft PowerPoint"},
	{`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\notepad.exe`, "Notepad"},
	{`{D65231B0-B2F1-4857-A4CE-A8E7C6EA7D27}\notepad.exe`, "Notepad (32 bits)"},
	{`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\mspaint.exe`, "Paint"},
	{`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\cmd.exe`, "Command Prompt"},
	{`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe`, "Windows PowerShell"},
	{`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\xpsrchvw.exe`, "XPS Viewer"},
	{`{6D809377-6AF0-444B-8957-A3773F02200E}\Windows NT\Accessories\wordpad.exe`, "WordPad"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\WinRAR\WinRAR.exe`, "WinRAR"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\Mozilla Firefox\firefox.exe`, "Mozilla Firefox (32 bits)"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\VideoLAN\VLC\vlc.exe`, "VLC media player (32 bits)"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\Microsoft Office\Office12\WINWORD.EXE`, "Microsoft Word 2007"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\Microsoft Office\Office14\WINWORD.EXE`, "Microsoft Word 2010"},
	{`{7C5A40EF-A0FB-4BFC-874A-C0F2E0B9FA8E}\Microsoft Office\Office12\POWERPNT.EXE`, "Microsoft PowerPoint 2007"},
}

// fixed are AppIDs of which only the number is known.
var fixed = [...]struct{ appID, name string }{
	{"1b4dd67f29cb1962", "Explorer (Windows 7)"},
	{"5f7b5f1e01b83767", "Quick Access"},
}

// Application returns the name of a well-known program by its AppID, or "".
func Application(appID string) string {
	for _, a := range fixed {
		if a.appID == appID {
			return a.name
		}
	}
	for _, a := range applications {
		if AppID(a.id) == appID {
			return a.name
		}
	}
	return ""
}
