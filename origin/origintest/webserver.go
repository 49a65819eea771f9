package origintest

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// iisLog is the IIS log of the day, as Sources names it.
const iisLog = "inetpub/logs/LogFiles/W3SVC1/u_ex260302.log"

// requests is the log of the web server: visitors all day, and the stranger.
func requests() ([]byte, error) {
	var log weblogtest.Log
	add := func(when time.Time, method, path, client, agent string, status int64, taken time.Duration) {
		log.Requests = append(log.Requests, weblog.Request{Time: when, Taken: taken, Client: client, Method: method, Path: path, UserAgent: agent,
			Status: status, Server: serverIP, Port: 443})
	}
	const browser = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36"
	pages := [...]string{"/portal/", "/portal/orders.aspx", "/portal/styles.css", "/portal/contact.aspx"}
	stranger := at("13:42:11")
	n := 0
	for when := at("04:02:12"); when.Before(at("22:02:50")); when = when.Add(97 * time.Second) {
		if stranger.After(when) && !stranger.After(when.Add(97*time.Second)) {
			add(at("13:41:37"), "GET", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 46*time.Millisecond)
			add(at("13:41:52"), "POST", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 213*time.Millisecond)
			add(stranger, "POST", "/portal/upload.aspx", strangerIP, "python-requests/2.31.0", 200, 3120*time.Millisecond)
			add(at("13:43:33"), "GET", "/portal/files/s.aspx", strangerIP, "python-requests/2.31.0", 200, 2904*time.Millisecond)
			continue
		}
		add(when, "GET", pages[n%len(pages)], fmt.Sprintf("192.0.2.%d", 10+n%37), browser, 200, time.Duration(11+n%40)*time.Millisecond)
		n++
	}
	return log.Bytes()
}
