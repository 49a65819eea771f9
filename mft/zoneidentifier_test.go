package mft_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
)

func TestParseZoneIdentifier(t *testing.T) {
	utf16 := func(s, bom string) string {
		var b strings.Builder
		b.WriteString(bom)
		for _, c := range []byte(s) {
			if bom == "\xfe\xff" {
				b.WriteString("\x00" + string(rune(c)))
			} else {
				b.WriteString(string(rune(c)) + "\x00")
			}
		}
		return b.String()
	}
	for _, tt := range []struct {
		name string
		in   string
		want mft.ZoneIdentifier
	}{
		{"as Edge writes it", "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://example.com/\r\nHostUrl=https://example.com/a.exe?b=c\r\n",
			mft.ZoneIdentifier{ZoneID: mft.ZoneInternet, ReferrerURL: "https://example.com/", HostURL: "https://example.com/a.exe?b=c"}},
		{"all known keys", "[ZoneTransfer]\nZoneId=4\nHostIpAddress=198.51.100.7\nLastWriterPackageFamilyName=Microsoft.MicrosoftEdge_8wekyb3d8bbwe\nAppZoneId=4\nAppDefinedZoneId=2\n",
			mft.ZoneIdentifier{ZoneID: mft.ZoneUntrusted, HostIPAddress: "198.51.100.7", LastWriterPackageFamilyName: "Microsoft.MicrosoftEdge_8wekyb3d8bbwe", AppZoneID: "4", AppDefinedZoneID: "2"}},
		{"other keys and sections are kept", "[ZoneTransfer]\r\nZoneId=3\r\nNew=1\r\n[Other]\r\nKey=v\r\n",
			mft.ZoneIdentifier{ZoneID: 3, Other: []mft.KeyValue{{"New", "1"}, {"Other/Key", "v"}}}},
		{"the first of two counts", "[ZoneTransfer]\nZoneId=1\nZoneId=3\n",
			mft.ZoneIdentifier{ZoneID: mft.ZoneIntranet, Other: []mft.KeyValue{{"ZoneId", "3"}}}},
		{"case and spaces do not matter", "[zonetransfer]\n zoneid = 2 \n; HostUrl=no\n",
			mft.ZoneIdentifier{ZoneID: mft.ZoneTrusted}},
		{"without line breaks", "[ZoneTransfer]ZoneId=3HostUrl=http://198.51.100.7/a.exe",
			mft.ZoneIdentifier{ZoneID: 3, HostURL: "http://198.51.100.7/a.exe"}},
		{"line breaks turned into spaces", "[ZoneTransfer] ZoneId=3 ReferrerUrl=http://a/ HostUrl=http://a/b",
			mft.ZoneIdentifier{ZoneID: 3, ReferrerURL: "http://a/", HostURL: "http://a/b"}},
		{"UTF-8 with a byte order mark", "\xef\xbb\xbf[ZoneTransfer]\nZoneId=3\nHostUrl=http://bücher.example/\n",
			mft.ZoneIdentifier{ZoneID: 3, HostURL: "http://bücher.example/"}},
		{"Windows-1252", "[ZoneTransfer]\nZoneId=3\nHostUrl=http://b\xfccher.example/\x80\n",
			mft.ZoneIdentifier{ZoneID: 3, HostURL: "http://bücher.example/€"}},
		{"UTF-16", utf16("[ZoneTransfer]\r\nZoneId=3\r\n", ""), mft.ZoneIdentifier{ZoneID: 3}},
		{"UTF-16 with a byte order mark", utf16("[ZoneTransfer]\r\nZoneId=3\r\n", "\xff\xfe"), mft.ZoneIdentifier{ZoneID: 3}},
		{"UTF-16, big-endian", utf16("[ZoneTransfer]\r\nZoneId=3\r\n", "\xfe\xff"), mft.ZoneIdentifier{ZoneID: 3}},
		{"no zone", "[ZoneTransfer]\n", mft.ZoneIdentifier{ZoneID: mft.ZoneAbsent}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := mft.ParseZoneIdentifier([]byte(tt.in))
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v\nwant %+v", got, err, tt.want)
			}
		})
	}
}

// Content that is not a mark gives an error, and what can be read is returned.
func TestParseZoneIdentifierDamaged(t *testing.T) {
	for in, want := range map[string]string{
		"":                               `Zone.Identifier: section at 0x0: got "", want [ZoneTransfer]`,
		"MZ\x90\x00":                     `Zone.Identifier: section at 0x0: got "MZ\x90\x00", want [ZoneTransfer]`,
		"[ZoneTransfer]\nZoneId=three\n": `Zone.Identifier: ZoneId at 0xf: got "three", want a number`,
		"[ZoneTransfer]\nZoneId=-1\n":    `Zone.Identifier: ZoneId at 0xf: got "-1", want a number`,
		"[ZoneTransfer]\nZoneId=3000000000000000000000\nHostUrl=http://a/\n": `Zone.Identifier: ZoneId at 0xf: got "3000000000000000000000", want a number`,
	} {
		z, err := mft.ParseZoneIdentifier([]byte(in))
		var format *mft.FormatError
		if !errors.As(err, &format) || err.Error() != want {
			t.Errorf("%q: got %v, want %s", in, err, want)
		}
		if strings.Contains(in, "HostUrl") && z.HostURL != "http://a/" {
			t.Errorf("%q: the URL is lost: %+v", in, z)
		}
	}
}
