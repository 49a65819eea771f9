package weblog

import "strings"

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
)

// columns holds the names of fields in lower case. Names of custom fields are
// chosen by the administrator; those of the forwarded address that are in use
// are the header's own.
var columns = map[string]column{
	"date": colDate, "time": colTime, "time-taken": colTaken,
	"c-ip": colClient, "x-forwarded-for": colForwardedFor, "cs(x-forwarded-for)": colForwardedFor, "cs-username": colUser,
	"cs-method": colMethod, "cs-uri-stem": colPath, "cs-uri-query": colQuery, "cs-version": colVersion,
	"cs-host": colHost, "cs(host)": colHost, "cs(user-agent)": colUserAgent, "cs(referer)": colReferer, "cs(cookie)": colCookie,
	"sc-status": colStatus, "sc-substatus": colSubstatus, "sc-win32-status": colWin32Status,
	"sc-bytes": colSent, "cs-bytes": colReceived,
	"s-sitename": colSite, "s-computername": colComputer, "s-ip": colServer, "s-port": colPort,
}

func columnNamed(name string) column { return columns[strings.ToLower(name)] }

// isFree reports whether a value is free text, into which programs write blanks.
func (c column) isFree() bool {
	return c == colQuery || c == colUserAgent || c == colReferer || c == colCookie
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
