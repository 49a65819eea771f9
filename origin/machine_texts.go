package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// interner keeps one copy of each text that many records have.
type interner map[string]string

func (in interner) text(s string) string {
	if known, ok := in[s]; ok {
		return known
	}
	s = strings.Clone(s)
	in[s] = s
	return s
}

// sysmon1 returns a copy of a record that shares no memory with others but that of
// equal texts.
func (in interner) sysmon1(d *evtx.Sysmon1) *evtx.Sysmon1 {
	c := *d
	for _, s := range [...]*string{
		&c.Provider, &c.Channel, &c.Computer, &c.UserSID, &c.RuleName, &c.Image, &c.FileVersion, &c.Description, &c.Product, &c.Company,
		&c.OriginalFileName, &c.CommandLine, &c.CurrentDirectory, &c.User, &c.IntegrityLevel, &c.Hashes,
		&c.ParentImage, &c.ParentCommandLine, &c.ParentUser,
	} {
		*s = in.text(*s)
	}
	return &c
}

// fileIn returns the text of a record that may name the subject.
func fileIn(d evtx.TypedEvent) string {
	switch d := d.(type) {
	case *evtx.Sysmon1:
		return d.Image
	case *evtx.Security4688:
		return d.NewProcessName
	case *evtx.Sysmon2:
		return d.TargetFilename
	case *evtx.Sysmon11:
		return d.TargetFilename
	case *evtx.Sysmon13:
		return d.Details
	case *evtx.Sysmon15:
		return d.TargetFilename
	case *evtx.Sysmon23:
		return d.TargetFilename
	case *evtx.Sysmon26:
		return d.TargetFilename
	case *evtx.Security4656:
		return d.ObjectName
	case *evtx.Security4663:
		return d.ObjectName
	case *evtx.Security5145:
		return sharePath(d)
	case *evtx.PowerShell4104:
		return d.ScriptBlockText
	case *evtx.PowerShell4103:
		return d.Payload
	case *evtx.WMI5861:
		return mofEscapes.Replace(d.PossibleCause)
	case *evtx.Sysmon20:
		return mofEscapes.Replace(d.Destination)
	case *evtx.Defender1116:
		return d.Path
	case *evtx.Defender1117:
		return d.Path
	}
	return ""
}
