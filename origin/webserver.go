package origin

import (
	"regexp"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A serving is whether a program answers requests to a web server.
type serving int

const (
	servesNot serving = iota
	mayServe          // it is a runtime, which runs whatever its command line says
	serves
)

// webServers are the programs that answer requests to a web server, by name, where *
// is any text.
var webServers = []struct {
	name string

	// runs are words of which one in the path or the command line makes a runtime a
	// server; nil if the program is nothing else.
	runs []string
}{
	{"w3wp.exe", nil},
	{"iisexpress.exe", nil},
	{"httpd.exe", nil},
	{"nginx.exe", nil},
	{"caddy.exe", nil},
	{"php-cgi.exe", nil},
	{"tomcat*.exe", nil},
	{"coldfusion.exe", nil},
	{"lighttpd.exe", nil},
	{"java.exe", javaServers},
	{"javaw.exe", javaServers},
	{"jrunsvc.exe", nil},
	{"prunsrv*.exe", javaServers},
	{"node.exe", []string{"express", "http-server", "iisnode", "next start", "server.js", `\wwwroot\`, "ghost"}},
	{"dotnet.exe", []string{"--urls", "aspnetcore", "kestrel", `\wwwroot\`, `\inetpub\`}},
	{"php.exe", []string{" -s ", "artisan serve", `\inetpub\`, `\htdocs\`, `\wwwroot\`}},
	{"python*.exe", []string{"gunicorn", "uvicorn", "waitress", "wsgi", "wfastcgi", "runserver", "flask", "http.server", "cherrypy"}},
	{"ruby.exe", []string{"puma", "unicorn", "rails", "thin start", "webrick"}},
	{"perl.exe", []string{`\cgi-bin\`, ".cgi", "plackup"}},
}

// javaServers are words in the path or the command line of Java that runs a web server.
var javaServers = []string{
	"tomcat", "catalina", "jetty", "jboss", "wildfly", "weblogic", "websphere", "glassfish", "payara", "coldfusion", "cfusion", "undertow", "resin",
	"spring-boot", "-dserver.port", "confluence", "jira", "jenkins.war", "activemq", "manageengine", "solr", "screenconnect", "vcenter", "vmware",
}

// servesWeb reports whether a process answers requests to a web server. The server of
// IIS is part of Windows, and only counts in its place.
func servesWeb(p *process) serving {
	name := strings.ToLower(winpath.Base(p.image))
	for _, s := range webServers {
		switch {
		case !nameMatches(s.name, name):
		case name == "w3wp.exe" && strings.Contains(p.image, `\`) && !isWorker(p.image):
			return servesNot
		case s.runs == nil:
			return serves
		default:
			text := strings.ToLower(p.image + " " + p.commandLine + " ")
			for _, word := range s.runs {
				if strings.Contains(text, word) {
					return serves
				}
			}
			return mayServe
		}
	}
	return servesNot
}

// nameMatches reports whether a name is that of a pattern with one * at most.
func nameMatches(pattern, name string) bool {
	before, after, any := strings.Cut(pattern, "*")
	if !any {
		return name == pattern
	}
	return len(name) >= len(before)+len(after) && strings.HasPrefix(name, before) && strings.HasSuffix(name, after)
}

// isWorker reports whether an image is that of IIS' worker process.
func isWorker(image string) bool {
	return strings.HasSuffix(winpath.Fold(winpath.Dir(image)), `\INETSRV`) && isSystemProgram(image)
}

// roots are the programs of Windows at which a line of ancestors can end: services and
// sessions begin with them, and no web server starts them.
var roots = map[string]bool{
	"system": true, "smss.exe": true, "csrss.exe": true, "wininit.exe": true, "winlogon.exe": true, "services.exe": true, "svchost.exe": true, "userinit.exe": true, "explorer.exe": true,
}

// isRoot reports whether a process begins a service or a session.
func isRoot(p *process) bool {
	return p.pid == kernelPID || roots[strings.ToLower(winpath.Base(p.image))] && strings.Contains(p.image, `\`) && isSystemProgram(p.image)
}

// poolOption is the application pool in the command line of a worker process.
var poolOption = regexp.MustCompile(`(?i)(?:^|\s)-ap\s+(?:"([^"]*)"|(\S+))`)

// poolOf returns the application pool of a worker process, or "" if it is unknown.
func poolOf(p *process) string {
	if m := poolOption.FindStringSubmatch(p.commandLine); m != nil {
		return m[1] + m[2]
	}
	if name, ok := winpath.CutPrefix(p.user, poolDomain); ok {
		return name
	}
	return ""
}
