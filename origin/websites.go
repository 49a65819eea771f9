package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// webSites is what the configuration of IIS says.
type webSites struct {
	timeline.WebConfig
	drive string
}

// takePools names the accounts of application pools, whose SIDs follow from their
// names.
func (list accounts) takePools(s *webSites) {
	add := func(name string, at int64) {
		sid := poolSID(name)
		if _, known := list[sid]; name != "" && !known {
			list[sid] = knownAccount{name: poolDomain + name, record: Citation{Artifact: s.Artifact, Offset: at, Text: values("application pool", name)}}
		}
	}
	for _, p := range s.Pools {
		add(p.Name, -1)
	}
	for _, site := range s.Sites {
		for _, a := range site.Apps {
			add(a.Pool, site.Offset)
		}
	}
}

// poolOfSID returns the application pool whose account has a SID, or "".
func (s *webSites) poolOfSID(sid string) string {
	var names []string
	for _, p := range s.Pools {
		names = append(names, p.Name)
	}
	for _, site := range s.Sites {
		for _, a := range site.Apps {
			names = append(names, a.Pool)
		}
	}
	for _, name := range names {
		if poolSID(name) == sid {
			return name
		}
	}
	return usualPoolAccounts[sid]
}

// poolOf returns the application pool that answered a request, or "" if that is
// unknown.
func (s *webSites) poolOf(r *request) string {
	if a := s.Site(siteOf(r)).App(r.data.Path); a != nil {
		return a.Pool
	}
	return ""
}

// nameOf returns the name of the site that answered a request, or "".
func (s *webSites) nameOf(r *request) string {
	if site := s.Site(siteOf(r)); site != nil {
		return site.Name
	}
	return ""
}

// isServed reports whether a request is for a file that is served as those.
func (s *webSites) isServed(list []served, r *request) *served {
	id := siteOf(r)
	for i := range list {
		if v := &list[i]; (v.site == 0 || id == 0 || v.site == id) && samePath(r.data.Path, v.url) {
			return v
		}
	}
	return nil
}

// unlogged returns the name of a site whose requests IIS does not write to a file, or "".
func (s *webSites) unlogged() string {
	for _, site := range s.Sites {
		if !site.Log.Enabled || !site.Log.ToFile {
			return site.Name
		}
	}
	return ""
}

// cite cites the element of a site in the configuration.
func (s *webSites) cite(id int64) []Citation {
	site := s.Site(id)
	if site == nil {
		return nil
	}
	return []Citation{{Artifact: s.Artifact, Record: "site " + site.Name, Offset: site.Offset, Text: values("id", site.ID, "name", site.Name)}}
}

// served is where a web server serves a file.
type served struct {
	site  int64  // 0 if only the folder's name says so
	pool  string // "" if unknown
	url   string // path of the URL
	usual bool   // the folder is one that servers have by default, and no configuration names it
}

// webRoots are the folders whose content web servers serve if no configuration of IIS
// names another one. What follows is the path of the URL.
var webRoots = [...]string{`\INETPUB\WWWROOT\`, `\XAMPP\HTDOCS\`, `\HTDOCS\`, `\WEBAPPS\ROOT\`, `\WEBAPPS\`, `\WAMP64\WWW\`, `\WAMP\WWW\`, `\NGINX\HTML\`, `\CFUSION\WWWROOT\`}

// servedAs returns where web servers serve a file. The site in whose folder it is most
// directly comes first.
func (s *webSites) servedAs(path string) []served {
	var list []served
	var depth []int
	for _, site := range s.Sites {
		for _, a := range site.Apps {
			for _, f := range a.Folders {
				folder := strings.TrimRight(winpath.Normalize(s.drive, f.Physical), `\`) + `\`
				rest, ok := winpath.CutPrefix(path, folder)
				if !ok || f.Physical == "" {
					continue
				}
				at := 0
				for at < len(depth) && depth[at] >= len(folder) {
					at++
				}
				url := joinURL(a.Path, f.Path, strings.ReplaceAll(rest, `\`, "/"))
				list = slices.Insert(list, at, served{site: site.ID, pool: a.Pool, url: url})
				depth = slices.Insert(depth, at, len(folder))
			}
		}
	}
	if list != nil {
		return list
	}
	folded := winpath.Fold(path)
	for _, root := range webRoots {
		if i := strings.Index(folded, root); i >= 0 && len(folded) == len(path) {
			return []served{{url: "/" + strings.ReplaceAll(path[i+len(root):], `\`, "/"), usual: true}}
		}
	}
	return nil
}

// joinURL joins parts of the path of a URL.
func joinURL(parts ...string) string {
	url := ""
	for _, p := range parts {
		if p = strings.Trim(p, "/"); p != "" {
			url += "/" + p
		}
	}
	return url
}

// scripts are the endings of files that web servers run.
var scripts = map[string]bool{
	".asp": true, ".aspx": true, ".ashx": true, ".asmx": true, ".asax": true, ".cshtml": true, ".svc": true, ".soap": true, ".cer": true, ".asa": true,
	".php": true, ".php3": true, ".php5": true, ".php7": true, ".phtml": true, ".phar": true,
	".jsp": true, ".jspx": true, ".jspf": true, ".cfm": true, ".cfml": true, ".cfc": true, ".cgi": true, ".pl": true, ".py": true, ".rb": true,
}
