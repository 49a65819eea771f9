package origintest

import (
	"bytes"
	"fmt"
	"time"
)

// iisLog is where IIS logged the day, as Sources names it.
const iisLog = "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log"

// requests is the log of the web server: visitors all day, and the stranger.
func requests() []byte {
	var b bytes.Buffer
	b.WriteString("#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: 2026-03-02 04:02:12\r\n" +
		"#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken\r\n")
	line := func(when time.Time, method, uri, client, agent string, status int, taken time.Duration) {
		fmt.Fprintf(&b, "%s %s %s %s - 443 - %s %s - %d 0 0 %d\r\n", when.Format("2006-01-02 15:04:05"), serverIP, method, uri, client, agent, status, taken.Milliseconds())
	}
	const browser = "Mozilla/5.0+(Windows+NT+10.0;+Win64;+x64)+AppleWebKit/537.36+(KHTML,+like+Gecko)+Chrome/132.0.0.0+Safari/537.36"
	pages := [...]string{"/portal/", "/portal/orders.aspx", "/portal/styles.css", "/portal/contact.aspx"}
	stranger := at("13:42:11")
	n := 0
	for when := at("04:02:12"); when.Before(at("22:02:50")); when = when.Add(97 * time.Second) {
		if stranger.After(when) && !stranger.After(when.Add(97*time.Second)) {
			line(at("13:41:37"), "GET", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 46*time.Millisecond)
			line(at("13:41:52"), "POST", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 213*time.Millisecond)
			line(stranger, "POST", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 3120*time.Millisecond)
			line(at("13:43:33"), "GET", "/portal/files/s.aspx", strangerIP, "python-requests/2.31.0", 200, 2904*time.Millisecond)
			continue
		}
		line(when, "GET", pages[n%len(pages)], fmt.Sprintf("192.0.2.%d", 10+n%37), browser, 200, time.Duration(11+n%40)*time.Millisecond)
		n++
	}
	return b.Bytes()
}
