package weblog_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

const logFolder = `%SystemDrive%\inetpub\logs\LogFiles`

var usual = weblog.SiteLog{Folder: logFolder, Format: "W3C", Enabled: true, ToFile: true}

// inHost wraps what is in system.applicationHost.
func inHost(s string) string {
	return `<?xml version="1.0"?><configuration><system.applicationHost>` + s + `</system.applicationHost><system.webServer><sites><site id="9"/></sites></system.webServer></configuration>`
}

func TestConfig(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       weblog.Config
	}{
		{"a site that says everything", inHost(`<applicationPools><add name="Portal"><processModel identityType="SpecificUser" userName="CORP\svcweb" password="x"/></add></applicationPools>` +
			`<sites><site name="Por&amp;tal" id="2"><application path="/" applicationPool="Portal"><virtualDirectory path="/" physicalPath="D:\Sites\Portal"/>` +
			`<virtualDirectory path="/up" physicalPath="E:\up"/></application><bindings><binding protocol="https" bindingInformation="*:443:www"/></bindings>` +
			`<logFile directory="D:\Logs" logFormat="NCSA" enabled="false" logTargetW3C="ETW"/></site></sites>`), weblog.Config{
			Pools: []weblog.Pool{{Name: "Portal", Identity: "SpecificUser", User: `CORP\svcweb`}},
			Sites: []weblog.Site{{ID: 2, Name: "Por&tal", Bindings: []string{"https *:443:www"}, Log: weblog.SiteLog{Folder: `D:\Logs`, Format: "NCSA"},
				Apps: []weblog.App{{Path: "/", Pool: "Portal", Folders: []weblog.Folder{{Path: "/", Physical: `D:\Sites\Portal`}, {Path: "/up", Physical: `E:\up`}}}}}}}},
		{"the defaults of IIS", inHost(`<applicationPools><add name="DefaultAppPool"/></applicationPools><sites><site id="1"><application path="/"/></site></sites>`), weblog.Config{
			Pools: []weblog.Pool{{Name: "DefaultAppPool", Identity: "ApplicationPoolIdentity"}},
			Sites: []weblog.Site{{ID: 1, Log: usual, Apps: []weblog.App{{Path: "/", Pool: "DefaultAppPool"}}}}}},
		{"the defaults of the file, which come last", inHost(`<sites><site id="1"><application path="/"/></site><siteDefaults><logFile directory="D:\L" logFormat="IIS"/></siteDefaults>` +
			`<applicationDefaults applicationPool="P"/></sites><applicationPools><add name="P"/><applicationPoolDefaults><processModel identityType="NetworkService"/></applicationPoolDefaults></applicationPools>`),
			weblog.Config{Pools: []weblog.Pool{{Name: "P", Identity: "NetworkService"}},
				Sites: []weblog.Site{{ID: 1, Log: weblog.SiteLog{Folder: `D:\L`, Format: "IIS", Enabled: true, ToFile: true}, Apps: []weblog.App{{Path: "/", Pool: "P"}}}}}},
		{"one log for all sites", inHost(`<log centralLogFileMode="CentralW3C"><centralW3CLogFile enabled="true" directory="D:\All"/></log>`), weblog.Config{LogFolder: `D:\All`}},
		{"a log for each site", inHost(`<log centralLogFileMode="Site"><centralW3CLogFile enabled="true" directory="D:\All"/></log>`), weblog.Config{}},
		{"elements where they do not count", inHost(`<x><sites><site id="3"/></sites></x><sites><application path="/"/><site id="4"><x><application path="/"/></x></site></sites>`),
			weblog.Config{Sites: []weblog.Site{{ID: 4, Log: usual}}}},
	} {
		for encoding, text := range map[string]string{"UTF-8": tt.text, "UTF-8 with a mark": "\xef\xbb\xbf" + tt.text, "UTF-16": utf16Text(tt.text)} {
			got, err := weblog.ParseConfig([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			for i := range got.Sites {
				at := text[got.Sites[i].Offset:]
				if !strings.HasPrefix(at, "<site ") && !strings.HasPrefix(at, utf16Text("<site ")[2:]) {
					t.Errorf("%s, %s: the site is not at %d", tt.name, encoding, got.Sites[i].Offset)
				}
				got.Sites[i].Offset = 0
			}
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("%s, %s:\ngot  %+v\nwant %+v", tt.name, encoding, *got, tt.want)
			}
		}
	}
}

// What is before the damage is kept.
func TestDamagedConfig(t *testing.T) {
	whole := inHost(`<sites><site id="1"/><site id="2"/></sites>`)
	second := strings.Index(whole, `<site id="2"`)
	for _, tt := range []struct {
		name, text, want string
		sites            int
	}{
		{"cut off", whole[:second+5], `config: element at 0x51: XML syntax error on line 1: unexpected EOF`, 1},
		{"cut off between elements", whole[:second], `config: element at 0x51: unexpected EOF`, 1},
		{"an end that does not match", whole[:second] + "</configuration>", `config: end of an element at 0x51: got "configuration"`, 1},
		{"an entity of its own", `<!DOCTYPE a [<!ENTITY b "c">]>` + strings.Replace(whole, `"2"`, `"&b;"`, 1), `config: element at 0x6f: XML syntax error on line 1: invalid character entity &b;`, 1},
		{"empty", "", `config: configuration at 0x0: got "", want an element system.applicationHost: not a configuration of IIS`, 0},
		{"another file", "<configuration><appSettings/></configuration>",
			`config: configuration at 0x0: got "<configuration><appSettings/></c"…, want an element system.applicationHost: not a configuration of IIS`, 0},
	} {
		c, err := weblog.ParseConfig([]byte(tt.text))
		if err == nil || err.Error() != tt.want || !damage.Is(err) || len(c.Sites) != tt.sites {
			t.Errorf("%s: %v, %d sites; want %s", tt.name, err, len(c.Sites), tt.want)
		}
		if got := errors.Is(err, weblog.ErrNotConfig); got != strings.Contains(tt.want, "not a configuration") {
			t.Errorf("%s: ErrNotConfig: %v", tt.name, got)
		}
	}
}

func TestOpenConfig(t *testing.T) {
	want := weblog.Config{Pools: []weblog.Pool{{Name: "P", Identity: "SpecificUser", User: "u"}}, LogFolder: `D:\All`,
		Sites: []weblog.Site{{ID: 1, Name: "S<1>", Log: usual, Apps: []weblog.App{{Path: "/", Pool: "P", Folders: []weblog.Folder{{Path: "/", Physical: `C:\x`}}}}}}}
	fsys := fstest.MapFS{"a.config": {Data: weblogtest.Config(want)}, "bad.config": {Data: []byte("<")}, "big.config": {Data: make([]byte, 16<<20+1)}}
	got, err := weblog.OpenConfig(fsys, "a.config")
	if err != nil {
		t.Fatal(err)
	}
	got.Sites[0].Offset = 0
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("got  %+v\nwant %+v", *got, want)
	}
	for name, want := range map[string]string{
		"bad.config":  "bad.config: element at 0x0: XML syntax error on line 1: unexpected EOF",
		"big.config":  "big.config: size at 0x0: got 16777217, want ≤ 16777216 bytes",
		"none.config": "open none.config: file does not exist",
	} {
		if c, err := weblog.OpenConfig(fsys, name); err == nil || err.Error() != want || c == nil {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// The application of a request is the one with the longest path.
func TestAppOfPath(t *testing.T) {
	c := weblog.Config{Sites: []weblog.Site{{ID: 1}, {ID: 2, Apps: []weblog.App{{Path: "/", Pool: "root"}, {Path: "/api", Pool: "api"}, {Path: "/api/v2", Pool: "v2"}}}}}
	for path, want := range map[string]string{"/": "root", "/x.aspx": "root", "/API/x": "api", "/apix": "root", "/api": "api", "/api/v2/x": "v2", "": "root"} {
		if got := c.Site(2).App(path); got == nil || got.Pool != want {
			t.Errorf("%q: %+v, want %s", path, got, want)
		}
	}
	var none *weblog.Config
	if c.Site(3) != nil || none.Site(1) != nil || c.Site(3).App("/") != nil || c.Site(1).App("/") != nil {
		t.Error("a site or an application that is not there")
	}
}

// Whatever the bytes: no panic, and every site where it is.
func FuzzConfig(f *testing.F) {
	text := inHost(`<sites><site name="a" id="1"><application path="/"><virtualDirectory path="/" physicalPath="C:\x"/></application></site></sites>`)
	f.Add([]byte(text))
	f.Add([]byte(utf16Text(text)))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := weblog.ParseConfig(text)
		if err != nil && !damage.Is(err) {
			t.Fatalf("not located: %v", err)
		}
		for i := range c.Sites {
			if at := c.Sites[i].Offset; at < 0 || at >= int64(len(text)) {
				t.Fatalf("a site at %d of %d", at, len(text))
			}
			c.Sites[i].App("/a/b")
		}
	})
}
