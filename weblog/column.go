package weblog

import (
	"maps"
	"strings"
)

// column is what a field of a line means.
type column uint8

const (
	colOther column = iota
	colDate
	colTime
	colTaken
	colClient
	colForwardedFor
	colUser
	colMethod
	colPath
	colQuery
	colVersion
	colHost
	colUserAgent
	colReferer
	colCookie
	colStatus
	colSubstatus
	colWin32Status
	colSent
	colReceived
	colSite
	colComputer
	colServer
	colPort
	colReason
	colQueue
	colURI         // path and query
	colHostPort    // of the virtual host
	colStamp       // date, time and zone of NCSA logs
	colRequestLine // method, URI and version
	colTakenSeconds
	colDateLocal
	colTimeLocal
)

// columns holds the names of fields in lower case. Names of custom fields are
// chosen by the administrator; those of the forwarded address that are in use
// are the names of headers, with or without the prefix of IIS.
var columns = func() map[string]column {
	all := maps.Clone(fixedColumns)
	for _, header := range [...]string{"x-forwarded-for", "x-forwardedfor", "forwardedfor", "forwarded-for", "xforwardedfor", "x_forwarded_for", "xff",
		"x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-original-for", "x-arr-clientip", "originalip", "original-ip", "clientip"} {
		all[header], all["cs("+header+")"] = colForwardedFor, colForwardedFor
	}
	return all
}()

var fixedColumns = map[string]column{
	"date": colDate, "time": colTime, "time-taken": colTaken,
	"c-ip": colClient, "cs-username": colUser,
	"cs-method": colMethod, "cs-uri-stem": colPath, "cs-uri-query": colQuery, "cs-version": colVersion,
	"cs-host": colHost, "cs(host)": colHost, "cs(user-agent)": colUserAgent, "cs(referer)": colReferer, "cs(cookie)": colCookie,
	"sc-status": colStatus, "sc-substatus": colSubstatus, "sc-win32-status": colWin32Status,
	"sc-bytes": colSent, "cs-bytes": colReceived,
	"s-sitename": colSite, "s-computername": colComputer, "s-ip": colServer, "s-port": colPort,
	// HTTPERR
	"cs-uri": colURI, "s-siteid": colSite, "s-reason": colReason, "s-queuename": colQueue,
	// IIS Advanced Logging
	"date-utc": colDate, "time-utc": colTime, "timetakenms": colTaken, "date-local": colDateLocal, "time-local": colTimeLocal,
	// what package weblog calls values of NCSA logs that the W3C format does not have
	"date-time": colStamp, "cs-request": colRequestLine, "time-taken-s": colTakenSeconds,
}

func columnNamed(name string) column { return columns[strings.ToLower(name)] }

// isFree reports whether a value is free text, into which programs write blanks.
func (c column) isFree() bool {
	return c == colQuery || c == colURI || c == colUserAgent || c == colReferer || c == colCookie
}

// text returns the field of a request that holds a column of text, else nil.
func (c column) text(r *Request) *string {
	switch c {
	case colClient:
		return &r.Client
	case colForwardedFor:
		return &r.ForwardedFor
	case colUser:
		return &r.User
	case colMethod:
		return &r.Method
	case colPath:
		return &r.Path
	case colQuery:
		return &r.Query
	case colVersion:
		return &r.Version
	case colHost:
		return &r.Host
	case colUserAgent:
		return &r.UserAgent
	case colReferer:
		return &r.Referer
	case colCookie:
		return &r.Cookie
	case colSite:
		return &r.Site
	case colComputer:
		return &r.Computer
	case colServer:
		return &r.Server
	case colReason:
		return &r.Reason
	case colQueue:
		return &r.Queue
	}
	return nil
}

// number returns the field of a request that holds a column of numbers, else nil.
func (c column) number(r *Request) *int64 {
	switch c {
	case colStatus:
		return &r.Status
	case colSubstatus:
		return &r.Substatus
	case colWin32Status:
		return &r.Win32Status
	case colSent:
		return &r.Sent
	case colReceived:
		return &r.Received
	case colPort:
		return &r.Port
	}
	return nil
}
