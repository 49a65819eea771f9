package timeline

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// TypeUnread is the type of the Coverage of what is recognized, and not read.
const TypeUnread = "unread"

// unread are the artifacts of Windows that are recognized by their place, and that
// this version does not read. Their coverage says so, because a search that left them
// out was not complete.
var unread = []struct {
	name   string // in the Coverage
	folder string // slash-separated; * is any name
	file   string // what the name of a file in it begins with, in upper case; "" for any
	ending string // and what it ends with
}{
	{"shadow copies", "System Volume Information", "{", "{3808876B-C176-4E48-B7AE-04046E6CC752}"},
	{EarlierHiveName, "Windows/System32/config/RegBack", "", ""},
	{"WMI repository", "Windows/System32/wbem/Repository/FS", "OBJECTS", ".DATA"},
	{"compressed web logs", "inetpub/logs/LogFiles/*", "", ".ZIP"},
	{"compressed web logs", "inetpub/logs/LogFiles/*", "", ".7Z"},
	{"binary web logs", "inetpub/logs/LogFiles/*", "", ".IBL"},
	{"traces of failed requests", "inetpub/logs/FailedReqLogFiles/*", "FR", ".XML"},
	{"logs of Exchange", "Program Files/Microsoft/Exchange Server/*/Logging/HttpProxy/*", "HTTPPROXY", ".LOG"},
	{"logs of Exchange", "Program Files/Microsoft/Exchange Server/*/Logging/*/Server", "ECP", ".LOG"},
	{"browser history", "Users/*/AppData/Local/Google/Chrome/User Data/Default", "HISTORY", ""},
	{"browser history", "Users/*/AppData/Local/Microsoft/Edge/User Data/Default", "HISTORY", ""},
	{"browser history", "Users/*/AppData/Local/Microsoft/Windows/WebCache", "WEBCACHEV01", ".DAT"},
	{"browser history", "Users/*/AppData/Roaming/Mozilla/Firefox/Profiles/*", "PLACES", ".SQLITE"},
}

// addUnread lists what is recognized and not read. Each place is listed once.
func (t *Timeline) addUnread(ctx context.Context) error {
	for _, u := range unread {
		if u.name == EarlierHiveName && t.opt.earlierHives {
			continue
		}
		for _, folder := range foldersBelow(t.vol, strings.Split(u.folder, "/")) {
			if err := ctx.Err(); err != nil {
				return err
			}
			list, _ := fs.ReadDir(t.vol, folder)
			n, one := 0, ""
			for _, d := range list {
				if name := winpath.Fold(d.Name()); strings.HasPrefix(name, u.file) && strings.HasSuffix(name, u.ending) {
					n, one = n+1, d.Name()
				}
			}
			if n == 0 {
				continue
			}
			artifact := folder
			if n == 1 && u.file != "" {
				artifact = path.Join(folder, one)
			}
			t.coverage = append(t.coverage, Coverage{Artifact: artifact, Name: u.name, Type: TypeUnread, State: Unread})
		}
	}
	return nil
}
