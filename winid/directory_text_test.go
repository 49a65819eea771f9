package winid

import (
	"strings"
	"testing"
)

func TestDirectoryText(t *testing.T) {
	for text, want := range map[string]string{
		"%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n\t{19195a5b-6da0-11d0-afd3-00c04fd930c9}\r\n": "control access, DS-Replication-Get-Changes-All, Domain-DNS",
		"%{bf967a86-0de6-11d0-a285-00aa003049e2}":                                                              "Computer",
		"%{BF967A86-0DE6-11D0-A285-00AA003049E2}":                                                              "Computer",
		"%%7685\r\n\t{00000000-0000-0000-0000-000000000001}":                                                   "write property, {00000000-0000-0000-0000-000000000001}",
		"%{00000000-0000-0000-0000-000000000001}":                                                              "%{00000000-0000-0000-0000-000000000001}",
		"{bf967a86-0de6-11d0-a285-00aa003049e2":                                                                "{bf967a86-0de6-11d0-a285-00aa003049e2",
		"}{":                                                                                                   "}{",
		"-":                                                                                                    "-",
		"":                                                                                                     "",
	} {
		if got := DirectoryText(text).String(); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestDirectoryNames(t *testing.T) {
	seen := map[string]bool{}
	for guid, name := range directoryNames {
		g, err := ParseGUID(guid)
		if err != nil || strings.ToLower(g.String()) != guid || name == "" || seen[name] {
			t.Errorf("%s: %q, %v", guid, name, err)
		}
		seen[name] = true
		if DirectoryName(g.String()) != name {
			t.Errorf("%s is not found in upper case", guid)
		}
	}
}
