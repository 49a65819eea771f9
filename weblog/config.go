package weblog

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// A Config is what applicationHost.config, the configuration of IIS, says about sites
// and their logs. Paths are as in the file: they may begin with a variable, such as
// %SystemDrive%.
type Config struct {
	Sites []Site
	Pools []Pool

	LogFolder string // into which all sites log together, or ""
}

// A Site is a web site of IIS.
type Site struct {
	ID       int64
	Name     string
	Offset   int64    // of its element in the file, in bytes
	Bindings []string // where it listens, as protocol and binding: https *:443:www.example.com
	Apps     []App
	Log      SiteLog
}

// An App is an application of a site.
type App struct {
	Path    string // in the site: / or /api
	Pool    string // that runs it
	Folders []Folder
}

// A Folder is a virtual directory of an application.
type Folder struct {
	Path     string // in the application: / or /images
	Physical string // its folder on disk
}

// A Pool is an application pool.
type Pool struct {
	Name     string
	Identity string // of its processes: ApplicationPoolIdentity, LocalSystem, SpecificUser and so on
	User     string // if that is SpecificUser
}

// SiteLog is how IIS logs the requests of a site.
type SiteLog struct {
	Folder  string // has a folder for the site: W3SVC and its ID
	Format  string // W3C, IIS, NCSA or Custom
	Enabled bool
	ToFile  bool // false if the site logs for event tracing only
}

// ErrNotConfig is the cause of the error for a file that is not a configuration of IIS.
var ErrNotConfig = errors.New("not a configuration of IIS")

// maxConfig limits a configuration, in bytes. That of a thousand sites has two MiB.
const maxConfig = 16 << 20

// OpenConfig reads a configuration in a file system.
func OpenConfig(fsys fs.FS, name string) (*Config, error) {
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return &Config{}, err
	}
	defer f.Close()
	if f.Size > maxConfig {
		return &Config{}, damage.In(damage.New("size", 0, f.Size, fmt.Sprintf("≤ %d bytes", maxConfig)), name, "")
	}
	text := make([]byte, f.Size)
	if _, err := io.ReadFull(io.NewSectionReader(f, 0, f.Size), text); err != nil {
		return &Config{}, err
	}
	c, err := parseConfig(text)
	return c, damage.In(err, name, "")
}

// ParseConfig reads a configuration in UTF-8 or UTF-16. The error is a *FormatError; if
// the file is a configuration, the Config has what is before the damage.
func ParseConfig(text []byte) (*Config, error) {
	c, err := parseConfig(text)
	return c, damage.In(err, "config", "")
}

func parseConfig(text []byte) (*Config, error) {
	e := encodingOf(text)
	if bytes.HasPrefix(text, []byte("<\x00")) {
		e = utf16Little
	}
	c := configReader{encoding: e, in: int64(e.mark(text)), text: e.text(text[e.mark(text):])}
	err := c.read()
	if err == nil && !c.found {
		err = &damage.Error{Offset: 0, What: "configuration", Got: quoted(c.text), Want: "an element system.applicationHost", Err: ErrNotConfig}
	}
	c.fillIn()
	return &c.config, err
}

// configReader reads a configuration.
type configReader struct {
	encoding
	text   string
	at, in int64 // a place in text, and in the file
	config Config
	found  bool

	site, app, pool attributes // the defaults that the file has
	central         string     // the folder of the log of all sites
	mode            string     // whether there is one
}

// attributes are those of an element.
type attributes map[string]string

// configDepth is the depth of the elements that count.
const configDepth = 6

func (c *configReader) read() error {
	d := xml.NewDecoder(strings.NewReader(c.text))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	var path []string
	for {
		at := d.InputOffset()
		token, err := d.RawToken()
		switch {
		case err == io.EOF && len(path) == 0:
			return nil
		case err == io.EOF:
			err = io.ErrUnexpectedEOF
			fallthrough
		case err != nil:
			return &damage.Error{Offset: c.offset(at), What: "element", Err: err}
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			if len(path) <= configDepth {
				c.element(strings.Join(path, "/"), token.Attr, at)
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != token.Name.Local {
				return damage.New("end of an element", c.offset(at), quoted(token.Name.Local), nil)
			}
			path = path[:len(path)-1]
		}
	}
}

// offset returns the offset in the file of a place in the text. Places are asked for in
// their order.
func (c *configReader) offset(at int64) int64 {
	at = min(at, int64(len(c.text)))
	c.in += c.size(c.text[c.at:], int(at-c.at))
	c.at = at
	return c.in
}

// element takes in an element by its path.
func (c *configReader) element(path string, list []xml.Attr, at int64) {
	const host = "configuration/system.applicationHost"
	in, ok := strings.CutPrefix(path, host)
	if !ok {
		return
	}
	c.found = true
	attr := attributes{}
	for _, a := range list {
		attr[a.Name.Local] = strings.Clone(a.Value)
	}
	sites, pools := c.config.Sites, c.config.Pools
	switch in {
	case "/applicationPools/add":
		c.config.Pools = append(pools, Pool{Name: attr["name"]})
	case "/applicationPools/add/processModel":
		if len(pools) > 0 {
			last := &pools[len(pools)-1]
			last.Identity, last.User = attr["identityType"], attr["userName"]
		}
	case "/applicationPools/applicationPoolDefaults/processModel":
		c.pool = attr
	case "/log":
		c.mode = attr["centralLogFileMode"]
	case "/log/centralW3CLogFile":
		c.central = attr["directory"]
	case "/sites/site":
		id, _ := strconv.ParseInt(attr["id"], 10, 64)
		c.config.Sites = append(sites, Site{ID: id, Name: attr["name"], Offset: c.offset(at), Log: logOf(nil)})
	case "/sites/siteDefaults/logFile":
		c.site = attr
	case "/sites/applicationDefaults":
		c.app = attr
	}
	if len(sites) == 0 {
		return
	}
	site := &sites[len(sites)-1]
	switch in {
	case "/sites/site/bindings/binding":
		site.Bindings = append(site.Bindings, attr["protocol"]+" "+attr["bindingInformation"])
	case "/sites/site/logFile":
		site.Log = logOf(attr)
	case "/sites/site/application":
		site.Apps = append(site.Apps, App{Path: attr["path"], Pool: attr["applicationPool"]})
	case "/sites/site/application/virtualDirectory":
		if n := len(site.Apps); n > 0 {
			site.Apps[n-1].Folders = append(site.Apps[n-1].Folders, Folder{attr["path"], attr["physicalPath"]})
		}
	}
}

// logOf returns what an element logFile says. What it does not say is empty.
func logOf(attr attributes) SiteLog {
	return SiteLog{
		Folder: attr["directory"], Format: attr["logFormat"],
		Enabled: !strings.EqualFold(attr["enabled"], "false"), ToFile: !strings.EqualFold(attr["logTargetW3C"], "ETW"),
	}
}

// fillIn sets what the elements of sites and pools do not say: the defaults of the
// file, else those of IIS.
func (c *configReader) fillIn() {
	const folder, pool, identity = `%SystemDrive%\inetpub\logs\LogFiles`, "DefaultAppPool", "ApplicationPoolIdentity"
	site := logOf(c.site)
	for i := range c.config.Sites {
		s := &c.config.Sites[i]
		s.Log.Folder = cmp.Or(s.Log.Folder, site.Folder, folder)
		s.Log.Format = cmp.Or(s.Log.Format, site.Format, string(W3C))
		s.Log.Enabled = s.Log.Enabled && site.Enabled
		s.Log.ToFile = s.Log.ToFile && site.ToFile
		for j := range s.Apps {
			s.Apps[j].Pool = cmp.Or(s.Apps[j].Pool, c.app["applicationPool"], pool)
		}
	}
	for i := range c.config.Pools {
		p := &c.config.Pools[i]
		p.Identity = cmp.Or(p.Identity, c.pool["identityType"], identity)
	}
	if strings.EqualFold(c.mode, "CentralW3C") {
		c.config.LogFolder = cmp.Or(c.central, folder)
	}
}

// Site returns the site with an ID, or nil.
func (c *Config) Site(id int64) *Site {
	if c == nil {
		return nil
	}
	for i := range c.Sites {
		if c.Sites[i].ID == id {
			return &c.Sites[i]
		}
	}
	return nil
}

// App returns the application of a site that answers requests for a path, or nil.
func (s *Site) App(path string) *App {
	if s == nil {
		return nil
	}
	var best *App
	for i := range s.Apps {
		if a := &s.Apps[i]; below(path, a.Path) && (best == nil || len(a.Path) > len(best.Path)) {
			best = a
		}
	}
	return best
}

// below reports whether a path of a site is one of its folders or in it, ignoring case
// as IIS does.
func below(path, folder string) bool {
	folder = strings.TrimSuffix(folder, "/")
	return len(path) >= len(folder) && strings.EqualFold(path[:len(folder)], folder) && (len(path) == len(folder) || path[len(folder)] == '/')
}
