package evtx_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// A record of a damaged log holds a SID of twelve zeros. It is written as any SID, as
// in evtx_dump and golang-evtx. Only bytes that are not a SID are written in
// hexadecimal.
func TestSIDsOfOddRevisionsAreTold(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", "S-0-0"},
		{"\x02\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "S-2-5-18"},
		{"\x01\x01\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "S-1-5-18"},
		{"\x01\x02\x00\x00\x00\x00\x00\x05\x12\x00\x00\x00", "010200000000000512000000"}, // the second part is missing
		{"\x00\x00\x00", "000000"},
	} {
		if got := evtx.NewValue(evtx.SIDType, []byte(tt.data)).String(); got != tt.want {
			t.Errorf("%x: got %q, want %q", tt.data, got, tt.want)
		}
	}
}
