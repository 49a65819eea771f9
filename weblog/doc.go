// Package weblog reads the logs of web servers: who asked for what, when, and
// what was answered. It reads the W3C extended format as IIS, IIS Advanced Logging and
// HTTP.SYS write it, the format that Microsoft calls IIS, and the common and combined
// log format of Apache, nginx, Tomcat and IIS with the values that administrators add;
// see [Format].
//
// A [Reader] yields requests: [Reader.Requests] all of them in the order of the
// log, [Reader.From] those from a [Place] on, a [Cursor] single ones again. A [Config]
// is what the configuration of IIS says about sites, application pools and logs.
//
// # Terminology
//
// A directive is a line that begins with #. #Fields names the fields of the lines
// that follow, until the next #Fields; #Date is the day of lines that have no date
// of their own. Every other line is a request: its values are separated by
// blanks, and a dash is a field without a value. IIS writes a plus sign for a
// blank inside a value. This cannot be undone, since a plus sign stays a plus sign,
// so values are returned as the log holds them.
//
// The time of a request in the W3C format is that of its answer, in UTC and to the
// second: the request began [Request.Taken] earlier. The names of logs may follow the
// server's time zone, the times in them do not. Apache logs the time at which a request
// began, nginx that of the answer, both with the time zone; what wrote a line does not
// show in it. The format IIS has the local time without its zone: see [Request.Local].
//
// The client is the other end of the connection. Behind a load balancer or a
// proxy that is the load balancer or the proxy: then [Request.ForwardedFor] says
// what the proxy added, if it is logged. The client chooses the left part of it.
//
// # Specifications
//
//   - W3C Working Draft, Extended Log File Format (WD-logfile-960323)
//   - Microsoft, W3C Logging and Error logging in HTTP APIs (HTTP Server API
//     documentation), Log File Formats in IIS, and the schema of
//     system.applicationHost
//   - Apache HTTP Server, mod_log_config; nginx, ngx_http_log_module
//
// # Damage
//
// A damaged log opens as long as a #Fields directive, or in the formats without
// directives a sound line, is near its beginning. What is lost is a line and nothing
// else, and is reported with its offset, its number and, if it begins with one, its time:
// by [Reader.Requests] if it costs a request, by the Problems of a request if it
// costs values of it, by [Reader.Problems] if it costs neither. Zeros, as a crash
// leaves them, end a line. Blanks that a program put into a value are recognized if
// only one of the fields that are free text can hold them; if several can, the
// values between those fields are unknown. Of a line that fits in no other way, what is
// before the first free text is read if all of it looks like what it should be.
//
// # Security
//
// Requests are written by the attacker. No input makes this package panic or hang.
// A line is read up to 64 KiB; HTTP.SYS accepts requests of 16 KiB. Memory is two
// such lines, the names of the fields, and what the caller keeps. Strings are
// returned as the log holds them: whoever shows them must escape them.
package weblog
