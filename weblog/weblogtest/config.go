package weblogtest

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"github.com/birthmark-dfir/birthmark/weblog"
)

// Config writes applicationHost.config.
func Config(c weblog.Config) []byte {
	var b bytes.Buffer
	quote := func(s string) string {
		var q bytes.Buffer
		xml.EscapeText(&q, []byte(s)) // a bytes.Buffer has no errors
		return `"` + q.String() + `"`
	}
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<configuration>\r\n  <configSections><section name=\"sites\" /></configSections>\r\n  <system.applicationHost>\r\n")
	b.WriteString("    <applicationPools>\r\n")
	for _, p := range c.Pools {
		fmt.Fprintf(&b, "      <add name=%s>\r\n        <processModel", quote(p.Name))
		if p.Identity != "" {
			fmt.Fprintf(&b, " identityType=%s", quote(p.Identity))
		}
		if p.User != "" {
			fmt.Fprintf(&b, " userName=%s", quote(p.User))
		}
		b.WriteString(" />\r\n      </add>\r\n")
	}
	b.WriteString("    </applicationPools>\r\n")
	if c.LogFolder != "" {
		fmt.Fprintf(&b, "    <log centralLogFileMode=\"CentralW3C\"><centralW3CLogFile enabled=\"true\" directory=%s /></log>\r\n", quote(c.LogFolder))
	}
	b.WriteString("    <sites>\r\n")
	for _, s := range c.Sites {
		fmt.Fprintf(&b, "      <site name=%s id=\"%d\">\r\n", quote(s.Name), s.ID)
		for _, a := range s.Apps {
			fmt.Fprintf(&b, "        <application path=%s", quote(a.Path))
			if a.Pool != "" {
				fmt.Fprintf(&b, " applicationPool=%s", quote(a.Pool))
			}
			b.WriteString(">\r\n")
			for _, f := range a.Folders {
				fmt.Fprintf(&b, "          <virtualDirectory path=%s physicalPath=%s />\r\n", quote(f.Path), quote(f.Physical))
			}
			b.WriteString("        </application>\r\n")
		}
		if s.Log.Folder != "" {
			fmt.Fprintf(&b, "        <logFile directory=%s />\r\n", quote(s.Log.Folder))
		}
		b.WriteString("      </site>\r\n")
	}
	b.WriteString("    </sites>\r\n  </system.applicationHost>\r\n</configuration>\r\n")
	return b.Bytes()
}
