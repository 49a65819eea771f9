package timeline

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// webLogFolder is where IIS logs if its configuration does not say otherwise. It has a
// folder for each site.
const webLogFolder = "inetpub/logs/LogFiles"

// webLogPlaces are the folders on a volume with Windows in which web servers write
// their logs. A part may hold * for any text. What is a log in them shows in its
// content.
var webLogPlaces = [...]string{
	webLogFolder + "/*",
	"Windows/System32/LogFiles/W3SVC*", // before IIS 7
	"Windows/System32/LogFiles/HTTPERR",
	"Windows/System32/LogFiles/*FTPSVC*",
	"Resources/Directory/*/LogFiles/Web/*", // Azure
	"Apache*/logs",
	"Program Files/Apache*/logs",
	"Program Files/Apache*/*/logs", // also Tomcat
	"Program Files (x86)/Apache*/logs",
	"Program Files (x86)/Apache*/*/logs",
	"*tomcat*/logs",
	"xampp*/apache/logs",
	"xampp*/tomcat/logs",
	"wamp*/logs",
	"laragon/bin/apache/*/logs",
	"nginx*/logs",
	"nginx*/*/logs",
	"Program Files/nginx*/logs",
	"tools/nginx*/logs",
	"ColdFusion*/cfusion/logs",
	"Program Files/*/jetty*/logs",
}

// webConfigName is the place of the configuration of IIS.
const webConfigName = "Windows/System32/inetsrv/config/applicationHost.config"

// webLogsIn returns the web logs of a volume with Windows that are in some places, each
// once.
func webLogsIn(vol fs.FS, places []string, known map[string]bool) []found {
	var list []found
	for _, place := range places {
		for _, folder := range glob(vol, place) {
			for _, e := range readDir(vol, folder) {
				name := path.Join(folder, e.Name())
				if known[name] || !e.Type().IsRegular() {
					continue
				}
				known[name] = true
				if isWebLog(vol, name) {
					list = append(list, found{name, TypeWebLog})
				}
			}
		}
	}
	return list
}

// addConfig reads the configuration of IIS in a list of artifacts, and adds the web
// logs that are where it says.
func (t *Timeline) addConfig(list []found) []found {
	known := map[string]bool{}
	for _, f := range list {
		known[f.artifact] = true
		if f.sourceType == TypeWebConfig {
			t.readWebConfig(f.artifact)
		}
	}
	return append(list, webLogsIn(t.vol, foldersOfConfig(&t.webConfig.Config, t.opt.drive), known)...)
}

// foldersOfConfig returns the folders of a volume in which the sites of a configuration
// log, as webLogPlaces names them.
func foldersOfConfig(c *weblog.Config, drive string) []string {
	var list []string
	add := func(folder, below string) {
		folder = winpath.Normalize(drive, folder)
		if rest, ok := winpath.CutPrefix(folder, drive+`:\`); ok && drive != "" && !strings.Contains(rest, "*") {
			if place := slashPath(rest) + below; !slices.Contains(list, place) {
				list = append(list, place)
			}
		}
	}
	for _, s := range c.Sites {
		add(s.Log.Folder, "/*")
	}
	if c.LogFolder != "" {
		add(c.LogFolder, "")
		add(c.LogFolder, "/*")
	}
	return list
}

// isWebLog reports whether a file is a web log by its name and place, else by its
// content. One that is only named like a log of IIS is in the coverage, as damaged.
func isWebLog(vol fs.FS, name string) bool {
	if inWebLogFolder(name) || isWebLogName(path.Base(name)) {
		return true
	}
	f, err := vol.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [artifact.HeadSize]byte
	n, _ := io.ReadFull(f, head[:])
	switch kind := artifact.Of("", head[:n]); {
	case kind == artifact.WebLog:
		r, err := weblog.OpenFS(vol, name) // its fields may be far from its beginning
		if err == nil {
			r.Close()
		}
		return err == nil
	case kind != "":
		return false
	}
	return weblog.FormatOf(head[:n]) != ""
}

// inWebLogFolder reports whether a path is that of an IIS log in its usual place, on
// a volume or below the folder that a collector copied it to.
func inWebLogFolder(name string) bool {
	sites := "/" + path.Dir(path.Dir(name))
	return strings.EqualFold(path.Ext(name), ".log") && strings.HasSuffix(winpath.Fold(sites), winpath.Fold("/"+webLogFolder))
}

// isWebLogName reports whether a name is of the form that IIS 7 and later gives its
// logs. Older versions omit u_, and so do other services.
func isWebLogName(base string) bool {
	_, _, ok := weblog.SpanOfName(base)
	return ok && strings.EqualFold(base[:2], "u_")
}

// glob returns the folders of a place, ignoring case.
func glob(vol fs.FS, place string) []string {
	list := []string{"."}
	for part := range strings.SplitSeq(place, "/") {
		var next []string
		for _, folder := range list {
			if !strings.Contains(part, "*") {
				if name, ok := resolve(vol, path.Join(folder, part)); ok {
					next = append(next, name)
				}
				continue
			}
			for _, e := range readDir(vol, folder) {
				if e.IsDir() && len(next) < maxFolders && matches(winpath.FoldName(part), winpath.FoldName(e.Name())) {
					next = append(next, path.Join(folder, e.Name()))
				}
			}
		}
		list = next
	}
	return list
}

// matches reports whether a name matches a pattern in which * is any text.
func matches(pattern, name string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	if !more {
		return name == pattern
	}
	name, ok := strings.CutPrefix(name, first)
	for ok && strings.Contains(rest, "*") {
		var part string
		part, rest, _ = strings.Cut(rest, "*")
		_, name, ok = strings.Cut(name, part)
	}
	return ok && strings.HasSuffix(name, rest)
}

// readWebConfig reads the configuration of IIS. That it is missing says only that IIS is
// not installed.
func (t *Timeline) readWebConfig(name string) {
	c := Coverage{Artifact: name, Name: "applicationHost.config", Type: TypeWebConfig, State: Parsed}
	config, err := weblog.OpenConfig(t.vol, name)
	if err != nil {
		c.damaged(err)
		if c.State == Parsed {
			c.State = Damaged
		}
	}
	if c.Records = len(config.Sites); c.Records > 0 && err != nil {
		c.State = Partly
	}
	if t.webConfig.Artifact == "" || len(t.webConfig.Sites) == 0 {
		t.webConfig = WebConfig{name, *config}
	}
	t.coverage = append(t.coverage, c)
}
