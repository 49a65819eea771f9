package mft

// ZoneIdentifierStream is the name of the stream that holds the mark of the web.
const ZoneIdentifierStream = "Zone.Identifier"

// The security zones of ZoneID.
const (
	ZoneAbsent    = -1
	ZoneLocal     = 0
	ZoneIntranet  = 1
	ZoneTrusted   = 2
	ZoneInternet  = 3
	ZoneUntrusted = 4
)

// KeyValue is a line of an INI section.
type KeyValue struct{ Key, Value string }

// ZoneIdentifier is the mark of the web: what the program that wrote a file
// stated about where it came from.
type ZoneIdentifier struct {
	ZoneID                      int // ZoneAbsent where there is none
	ReferrerURL                 string
	HostURL                     string
	HostIPAddress               string
	LastWriterPackageFamilyName string
	AppZoneID                   string
	AppDefinedZoneID            string
	Other                       []KeyValue // all other keys, in their order
}

// ParseZoneIdentifier reads the content of a Zone.Identifier stream.
func ParseZoneIdentifier(b []byte) (ZoneIdentifier, error) {
	return ZoneIdentifier{ZoneID: ZoneAbsent}, nil
}
