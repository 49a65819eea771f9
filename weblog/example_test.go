package weblog_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/weblog"
)

func ExampleOpen() {
	name := filepath.Join(os.TempDir(), "birthmark-example-u_ex260302.log")
	if err := os.WriteFile(name, []byte(""+
		"#Software: Microsoft Internet Information Services 10.0\r\n"+
		"#Fields: date time cs-method cs-uri-stem cs-uri-query c-ip cs(User-Agent) sc-status time-taken X-Forwarded-For\r\n"+
		"2026-03-02 13:42:11 POST /upload.aspx id=1 10.0.0.9 python-requests/2.31.0 200 3120 203.0.113.77\r\n"+
		"2026-03-02 13:42\r\n"+
		"2026-03-02 13:42:12 GET / - 192.0.2.7 - 304 5 -\r\n"), 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(name)

	r, err := weblog.Open(name, weblog.WithName("u_ex260302.log"))
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	for req, err := range r.Requests() {
		if err != nil { // a damaged line; the next one follows
			fmt.Println(err)
			continue
		}
		fmt.Println("line", req.Line, req.Time.Add(-req.Taken).Format("15:04:05.000"), req.Method, req.URL(), req.Status,
			"from", req.Client, "for", req.Field("x-forwarded-for"))
	}
	// Output:
	// line 3 13:42:07.880 POST /upload.aspx?id=1 200 from 10.0.0.9 for 203.0.113.77
	// u_ex260302.log: line 4: fields at 0x10b: got 2, want 10
	// line 5 13:42:11.995 GET / 304 from 192.0.2.7 for
}

// A program that needs some of many requests keeps their places, and reads them
// again when it needs them.
func ExampleReader_Cursor() {
	const text = "#Fields: date time cs-uri-stem sc-status\n" +
		"2026-03-02 13:42:11 /a 200\n2026-03-02 13:42:12 /b 404\n2026-03-02 13:42:13 /c 404\n"
	name := filepath.Join(os.TempDir(), "birthmark-example-places.log")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(name)
	r, err := weblog.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	var missing []weblog.Place
	for req, err := range r.Requests() {
		if err == nil && req.Status == 404 {
			missing = append(missing, req.Place())
		}
	}
	c := r.Cursor()
	for _, p := range missing {
		req, err := c.Request(p)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(req.Path)
	}
	// Output:
	// /b
	// /c
}
