package winid

import "strings"

// DirectoryText is a text in which an event of Active Directory names rights, classes
// and attributes by message numbers and GUIDs: Properties and ObjectType of Security
// 4662. The directory of the domain may have more classes and attributes than the
// tables here.
type DirectoryText string

// String returns the text with words instead of message numbers, as [ParameterText]
// does, and with the names of the schema instead of the GUIDs in braces: "control
// access, DS-Replication-Get-Changes-All, Domain-DNS". A GUID that is not in the table
// stays.
func (t DirectoryText) String() string {
	s := ParameterText(t).String()
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "{")
		guid, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return b.String() + s
		}
		name := DirectoryName(guid)
		if name == "" {
			name = "{" + guid + "}"
		} else {
			before = strings.TrimSuffix(before, "%") // ObjectType has %{…}
		}
		b.WriteString(before + name)
		s = after
	}
}

// DirectoryName returns the name of the control access right ([MS-ADTS] 5.1.3.2.1),
// class or attribute ([MS-ADSC], [MS-ADA1]) whose GUID the text is, without braces and
// in any case, such as DS-Replication-Get-Changes-All; "" for one that is not in the
// table.
//
// [MS-ADTS]: https://learn.microsoft.com/openspecs/windows_protocols/ms-adts
// [MS-ADSC]: https://learn.microsoft.com/openspecs/windows_protocols/ms-adsc
// [MS-ADA1]: https://learn.microsoft.com/openspecs/windows_protocols/ms-ada1
func DirectoryName(guid string) string { return directoryNames[strings.ToLower(guid)] }
