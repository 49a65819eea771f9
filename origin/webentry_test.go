package origin_test

import (
	"context"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf16"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

const (
	worker      = `C:\Windows\System32\inetsrv\w3wp.exe`
	poolAccount = "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415" // of DefaultAppPool, as Windows computes it
	iisFolder   = "inetpub/logs/LogFiles/"
	balancer    = "10.0.3.12"
	attacker    = "203.0.113.77"
)

// webLogOf is a log of requests. Those without a time were answered a second after
// noon. The first and the last line of the day are those of a visitor.
func webLogOf(t testing.TB, path string, log weblogtest.Log) mfttest.File {
	t.Helper()
	visit := weblog.Request{Method: "GET", Path: "/", Client: "192.0.2.9", Status: 200, Taken: 5 * time.Millisecond, Received: -1, Version: "HTTP/1.1"}
	first, last := visit, visit
	first.Time, last.Time = noon.Add(-2*time.Hour), noon.Add(8*time.Hour)
	requests := append([]weblog.Request{first}, log.Requests...)
	for i := range requests {
		if r := &requests[i]; r.Time.IsZero() {
			r.Time = noon.Add(time.Second)
		}
		if r := &requests[i]; r.Status == 0 {
			r.Status = 200
		}
	}
	slices.SortStableFunc(requests, func(a, b weblog.Request) int { return a.Time.Compare(b.Time) })
	log.Requests = append(requests, last)
	data, err := log.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return mfttest.File{Path: path, Data: data}
}

// post is a request with a body that took two seconds.
func post(path string) weblog.Request {
	return weblog.Request{Method: "POST", Path: path, Client: attacker, Taken: 2 * time.Second, Version: "HTTP/1.1"}
}

// each repeats a request every minute for two hours around noon.
func each(r weblog.Request, every time.Duration) []weblog.Request {
	var list []weblog.Request
	for at := noon.Add(-time.Hour); at.Before(noon.Add(time.Hour)); at = at.Add(every) {
		r.Time = at.Add(time.Second)
		list = append(list, r)
	}
	return list
}

// iisConfig is the configuration of a server with two sites, each with its own pool.
func iisConfig(logFolder string) mfttest.File {
	site := func(id int64, name, folder string) weblog.Site {
		return weblog.Site{ID: id, Name: name, Log: weblog.SiteLog{Folder: logFolder},
			Apps: []weblog.App{{Path: "/", Pool: name, Folders: []weblog.Folder{{Path: "/", Physical: folder}}}}}
	}
	return mfttest.File{Path: "Windows/System32/inetsrv/config/applicationHost.config", Data: weblogtest.Config(weblog.Config{
		Pools: []weblog.Pool{{Name: "Portal"}, {Name: "Api"}}, Sites: []weblog.Site{site(1, "Portal", `%SystemDrive%\Sites\Portal`), site(2, "Api", `C:\Sites\Api`)}})}
}

// poolSID is the SID of the account of an application pool.
func poolSID(name string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(strings.ToLower(name))) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	sum := sha1.Sum(b)
	sid := "S-1-5-82"
	for i := 0; i < len(sum); i += 4 {
		sid += fmt.Sprint("-", binary.LittleEndian.Uint32(sum[i:]))
	}
	return sid
}

// underServer is a machine on which a child of a server writes the subject.
func underServer(server, line string, files ...mfttest.File) world {
	const shell, services = `C:\Windows\System32\cmd.exe`, `C:\Windows\System32\services.exe`
	return world{files: append([]mfttest.File{file(noon)}, files...),
		sysmon: []any{started(3, server, line, noon.Add(-2*time.Hour), 4, services), started(1, shell, "", noon.Add(-time.Second), 3, server), wrote(1, shell, noon, noon)}}
}

// inFolder is a machine on which nothing but the $MFT records the subject, which has a
// size and an owner.
func inFolder(path, owner string, size int, files ...mfttest.File) world {
	f := mfttest.File{Path: path, Data: make([]byte, size), Times: mfttest.AllAt(noon), Owner: owner}
	return world{subject: `C:\` + strings.ReplaceAll(path, "/", `\`), files: append([]mfttest.File{f}, files...)}
}

// Each way from a web request to a file, and what could be taken for one.
func webEntries(t testing.TB) []trap {
	const site1, site2 = iisFolder + "W3SVC1/u_ex260302.log", iisFolder + "W3SVC2/u_ex260302.log"
	const proxied = weblogtest.Fields + " X-Forwarded-For"
	portal := worker + ` -ap "Portal" -v "v4.0"`
	log := func(path, fields string, requests ...weblog.Request) mfttest.File {
		return webLogOf(t, path, weblogtest.Log{Fields: fields, Requests: requests})
	}
	through := func(forwarded string) mfttest.File {
		r := post("/up.aspx")
		r.Client, r.ForwardedFor = balancer, forwarded
		return log(site1, proxied, r)
	}
	check := weblog.Request{Method: "GET", Path: "/api/health", Client: balancer, UserAgent: "ELB-HealthChecker/2.0", Taken: 1500 * time.Millisecond}
	ping := check
	ping.UserAgent = "internal-monitor"
	disguised := post("/up.aspx")
	disguised.UserAgent = check.UserAgent
	sized := func(path string, received int64) weblog.Request {
		r := post(path)
		r.Received = received
		return r
	}
	refused := post("/api/x")
	refused.Status = 403
	broken := func(line string) mfttest.File {
		f := log(site1, "", post("/up.aspx"))
		head, tail, _ := strings.Cut(string(f.Data), "2026-03-02 12:00:01")
		f.Data = []byte(head + line + "\r\n2026-03-02 12:00:01" + tail)
		return f
	}
	shell := `C:\inetpub\wwwroot\uploads\shell.aspx`
	used := post("/uploads/shell.aspx")
	used.Time = noon.Add(5 * time.Minute)
	beside := used
	beside.Path = "/other.aspx"
	view := used
	view.Method = "GET"
	const hour = time.Hour
	ran := []any{started(3, worker, worker+` -ap "DefaultAppPool"`, noon.Add(-2*hour), 4, `C:\Windows\System32\svchost.exe`), started(5, `C:\Windows\System32\cmd.exe`, "cmd /c whoami", noon.Add(5*time.Minute-time.Second), 3, worker)}
	inRoot := func(sysmon []any, files ...mfttest.File) world {
		w := inFolder("inetpub/wwwroot/uploads/shell.aspx", poolAccount, 4, files...)
		w.subject, w.sysmon = shell, sysmon
		return w
	}
	ftp := post("/x")
	ftp.Method = "STOR"
	const tomcat = "Program Files/Apache Software Foundation/Tomcat 9.0/logs/localhost_access_log.2026-03-02.txt"
	const java = `C:\Program Files\Java\jre\bin\java.exe`
	access := webLogOf(t, tomcat, weblogtest.Log{Format: weblog.NCSA, Requests: []weblog.Request{post("/up.jsp")}})
	ended := post("/up.aspx")
	ended.Reason = "Connection_Abandoned_By_ReqQueue"
	failed := weblogtest.Log{Fields: "date time c-ip cs-method cs-uri s-siteid s-reason s-queuename", Requests: []weblog.Request{ended}}

	return []trap{
		{"a balancer before the server", underServer(worker, portal, through(attacker)), findings{origin.WebEntry: "corroborated address=" + balancer + " :from 10.0.3.12, forwarded for " + attacker}, nil},
		{"a client that writes an address of its own", underServer(worker, portal, through("8.8.8.8, "+attacker)), findings{origin.WebEntry: "corroborated forwarded_for=" + attacker}, nil},
		{"another proxy in between", underServer(worker, portal, through(attacker+", 10.0.9.9, "+balancer)),
			findings{origin.WebEntry: "corroborated forwarded_for=" + attacker + " :the client 10.0.9.9, if that is not a proxy itself"}, nil},
		{"a client inside", underServer(worker, portal, through("10.0.9.9:51515")), findings{origin.WebEntry: "corroborated forwarded_for=10.0.9.9"}, nil},
		{"a header that is not an address", underServer(worker, portal, through("unknown")), findings{origin.WebEntry: "corroborated address=" + balancer}, nil},

		{"a check of another site's health", underServer(worker, portal, iisConfig(""), log(site2, "", each(check, time.Minute)...)),
			findings{origin.WebEntry: "inferred image=" + worker + " :no request in the web server's logs fits"}, nil},
		{"a request to another application pool", underServer(worker, portal, iisConfig(""), log(site1, "", post("/up.aspx")), log(site2, "", post("/other.aspx"))),
			findings{origin.WebEntry: "corroborated site=Portal :/up.aspx"}, nil},
		{"a check of the site's own health", underServer(worker, portal, iisConfig(""), log(site1, "", each(check, 10*time.Minute)...)),
			findings{origin.WebEntry: "inferred pool=Portal :come at regular intervals, such as GET /api/health"}, nil},
		{"a monitor without a known name", underServer(worker, portal, log(site1, "", each(ping, time.Minute)...)), findings{origin.WebEntry: "inferred :come at regular intervals"}, nil},
		{"a check beside the request", underServer(worker, portal, log(site1, "", append(each(check, time.Minute), post("/up.aspx"))...)),
			findings{origin.WebEntry: "corroborated url=/up.aspx :GET /api/health from 10.0.3.12 at 2026-03-02T12:00:01Z, which comes at regular intervals"}, nil},
		{"a request with the agent of a check", underServer(worker, portal, log(site1, "", disguised)), findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},

		{"a line that cannot be read", underServer(worker, portal, broken("2026-03-02 12:00:01 lost")), findings{origin.WebEntry: "inferred url=/up.aspx :one of the lines that could not be read"}, nil},
		{"only a line that cannot be read", underServer(worker, portal, webLogOf(t, site1, weblogtest.Log{}), mfttest.File{Path: iisFolder + "W3SVC1/u_ex260303.log",
			Data: []byte("#Fields: date time cs-uri-stem c-ip\r\n2026-03-02 11:00:00 / -\r\n2026-03-02 12:00:01 lost\r\n2026-03-02 20:00:00 / -\r\n")}),
			findings{origin.WebEntry: "inferred :1 line of " + iisFolder + "W3SVC1/u_ex260303.log at that time, the first at offset 0x3e, could not be read"}, nil},
		{"a line that cannot be read of another time", underServer(worker, portal, broken("2026-03-02 09:00:01 lost")), findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},
		{"local times", underServer(worker, portal, webLogOf(t, iisFolder+"W3SVC1/u_in260302.log", weblogtest.Log{Format: weblog.IIS, Requests: []weblog.Request{post("/up.aspx")}})),
			findings{origin.WebEntry: "inferred :W3SVC1/u_in260302.log has times of an unknown time zone"}, nil},
		{"logs that are packed in another way", underServer(worker, portal, mfttest.File{Path: iisFolder + "W3SVC1/u_ex260302.zip", Data: []byte("PK")}),
			findings{origin.WebEntry: "inferred :no web server log is available; compressed web logs is present, but not read"}, nil},
		{"a site that is not logged", underServer(worker, portal, mfttest.File{Path: "Windows/System32/inetsrv/config/applicationHost.config",
			Data: []byte(`<configuration><system.applicationHost><sites><site name="Portal" id="1"><logFile enabled="false"/></site></sites></system.applicationHost></configuration>`)}),
			findings{origin.WebEntry: "inferred :IIS does not write one for the site Portal"}, nil},
		{"a command to an FTP server", underServer(worker, portal, log(site1, "", ftp)), findings{origin.WebEntry: "inferred :no request"}, nil},
		{"a request that HTTP.SYS ended", underServer(worker, portal, webLogOf(t, "Windows/System32/LogFiles/HTTPERR/httperr1.log", failed)), findings{origin.WebEntry: "inferred :POST /up.aspx from 203.0.113.77 at 2026-03-02T12:00:01Z, which HTTP.SYS ended: Connection_Abandoned_By_ReqQueue"}, nil},

		{"Tomcat", underServer(java, `java.exe -Dcatalina.home="C:\Program Files\Apache Software Foundation\Tomcat 9.0" org.apache.catalina.startup.Bootstrap start`, access),
			findings{origin.WebEntry: "corroborated url=/up.jsp"}, nil},
		{"a service of Tomcat", underServer(`C:\Program Files\Apache Software Foundation\Tomcat 9.0\bin\tomcat9.exe`, "", access), findings{origin.WebEntry: "corroborated url=/up.jsp"}, nil},
		{"Java of which nothing says that it serves, and a request", underServer(java, "java.exe -jar app.jar", access),
			findings{origin.WebEntry: "inferred url=/up.jsp :if it does not serve requests"}, nil},
		{"Java of which nothing says that it serves, and none", underServer(java, "java.exe -jar app.jar"),
			findings{origin.WebEntry: "unknown partly_searched :java.exe (PID 103), which may be a web server"}, nil},
		{"ancestors up to the services", underServer(`C:\Program Files\Backup\agent.exe`, ""), findings{origin.WebEntry: "unknown searched_empty :No web server is among the ancestors"}, nil},
		{"an ancestor whose start was not logged", world{files: []mfttest.File{file(noon)}, sysmon: []any{started(1, `C:\a.exe`, "", noon.Add(-time.Second), 3, `C:\b.exe`), wrote(1, `C:\a.exe`, noon, noon)}},
			findings{origin.WebEntry: `unknown partly_searched :the ancestors of C:\b.exe (PID 103), whose start was not logged`}, nil},

		{"the account of an application pool", inFolder("Data/x.aspx", poolAccount, 4, log(site1, "", post("/up.aspx"))), findings{origin.WebEntry: "inferred pool=DefaultAppPool :/up.aspx",
			origin.Arrival: "inferred kind=web_upload", origin.Account: `inferred user=IIS APPPOOL\DefaultAppPool`}, nil},
		{"the account of a pool that the configuration names", inFolder("Data/x.aspx", poolSID("Portal"), 4, iisConfig(""), log(site1, "", post("/up.aspx")), log(site2, "", post("/other.aspx"))),
			findings{origin.WebEntry: "inferred pool=Portal :POST /up.aspx"}, nil},
		{"the folder of a site", inFolder("Sites/Portal/up/x.aspx", owner, 4, iisConfig(""), log(site1, "", post("/up.aspx")), log(site2, "", post("/other.aspx"))),
			findings{origin.WebEntry: "inferred site=Portal :It is in the folder of the site Portal of IIS, as /up/x.aspx"}, nil},
		{"the folder of a site, and a request to another", inFolder("Sites/Portal/up/x.aspx", owner, 4, iisConfig(""), log(site2, "", post("/other.aspx"))),
			findings{origin.WebEntry: "unknown partly_searched :no request with a body in the web server's logs"}, nil},
		{"a request that was refused", inFolder("Data/x.aspx", poolAccount, 4, log(site1, "", refused)), findings{origin.WebEntry: "unknown partly_searched"}, nil},
		{"two requests, and no way to tell", inFolder("Data/x.aspx", poolAccount, 4, log(site1, "", post("/a.aspx"), post("/b.aspx"))), findings{origin.WebEntry: "inferred :/b.aspx"}, nil},

		{"a request of the file's size", inFolder("Data/x.bin", owner, 40_000, log(site1, weblogtest.Fields+" cs-bytes", sized("/a.aspx", 700), sized("/up.aspx", 41_000))),
			findings{origin.WebEntry: "inferred url=/up.aspx :A request of 41000 bytes"}, nil},
		{"a request of the file's size in Base64", inFolder("Data/x.bin", owner, 40_000, log(site1, weblogtest.Fields+" cs-bytes", sized("/a.aspx", 700), sized("/up.aspx", 54_500))),
			findings{origin.WebEntry: "inferred url=/up.aspx"}, nil},
		{"a size that says nothing", inFolder("Data/x.bin", owner, 1000, log(site1, weblogtest.Fields+" cs-bytes", sized("/up.aspx", 1200))), findings{origin.WebEntry: "unknown partly_searched"}, nil},
		{"a server that writes, and one request of the size",
			world{files: []mfttest.File{{Path: trapPath, Data: make([]byte, 40_000), Times: mfttest.AllAt(noon), Owner: owner}, log(site1, weblogtest.Fields+" cs-bytes", sized("/a.aspx", 700), sized("/up.aspx", 41_000))},
				sysmon: []any{started(3, worker, portal, noon.Add(-hour), 4, `C:\Windows\System32\svchost.exe`), wrote(3, worker, noon, noon)}},
			findings{origin.WebEntry: "corroborated url=/up.aspx"}, nil},

		{"requests for the file, and a child of the server", inRoot(ran, log(site1, "", post("/uploads/up.aspx"), used)), findings{
			origin.WebEntry: "inferred own_url=/uploads/shell.aspx :the file itself was requested afterwards, 1 time", origin.Executed: "corroborated host=" + worker + " :started " + `C:\Windows\System32\cmd.exe`}, nil},
		{"requests for the file alone", inRoot(nil, log(site1, "", post("/uploads/up.aspx"), view)), findings{origin.WebEntry: "inferred own_requests=1", origin.Executed: "inferred proves=execution :an error page"}, nil},
		{"requests for the file and for another at that time", inRoot(ran, log(site1, "", post("/uploads/up.aspx"), used, beside)), findings{origin.Executed: "inferred proves=execution :POST /other.aspx"}, nil},
		{"no request for the file", inRoot(ran, log(site1, "", post("/uploads/up.aspx"))), findings{origin.WebEntry: "inferred url=/uploads/up.aspx", origin.Executed: "unknown searched_empty"}, nil},
	}
}

func TestWebEntries(t *testing.T) {
	for _, tt := range webEntries(t) {
		t.Run(tt.name, func(t *testing.T) { tt.w.check(t, tt.want, tt.also) })
	}
}

// A graded answer says what it did not see.
func TestLinesThatCouldNotBeReadAreListed(t *testing.T) {
	for _, tt := range webEntries(t) {
		r, err := origin.Investigate(context.Background(), tt.w.volume(t), tt.w.path())
		if err != nil {
			t.Fatal(err)
		}
		want := strings.Contains(tt.name, "line that cannot be read") && !strings.Contains(tt.name, "another time")
		got := strings.Contains(strings.Join(r.Answer(origin.WebEntry).NotSearched, " "), "could not be read")
		if got != want {
			t.Errorf("%s: not searched: %q", tt.name, r.Answer(origin.WebEntry).NotSearched)
		}
	}
}

// The configuration of IIS names the folder of logs on another volume; a copy beside it
// does not count.
func TestLogsWhereTheConfigurationSays(t *testing.T) {
	log := webLogOf(t, "x", weblogtest.Log{Requests: []weblog.Request{post("/up.aspx")}})
	for _, tt := range []struct{ path, want string }{
		{"Logs/IIS/W3SVC1/u_ex260302.log", "corroborated"}, {"Backup/W3SVC1/u_ex260302.log", "inferred"},
	} {
		w := underServer(worker, worker+` -ap "Portal"`, iisConfig(`D:\Logs\IIS`))
		r, err := origin.Investigate(context.Background(), w.volume(t), trapFile, origin.WithVolume(fstest.MapFS{tt.path: {Data: log.Data}}, "d"))
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Answer(origin.WebEntry); string(a.Grade) != tt.want {
			t.Errorf("%s: %s, want %s: %s", tt.path, a.Grade, tt.want, a.Answer)
		}
	}
}
