package winpath

import "testing"

func TestROT13(t *testing.T) {
	for plain, encoded := range map[string]string{
		"":                                     "",
		`C:\Windows\System32\cmd.exe`:          `P:\Jvaqbjf\Flfgrz32\pzq.rkr`,
		"UEME_CTLSESSION":                      "HRZR_PGYFRFFVBA",
		"azAZ, [\u00e4\u044f] and \x00 \u00df": "nmNM, [\u00e4\u044f] naq \x00 \u00df",
	} {
		if got := ROT13(plain); got != encoded {
			t.Errorf("ROT13(%q) = %q, want %q", plain, got, encoded)
		}
		if got := ROT13(encoded); got != plain {
			t.Errorf("ROT13(%q) = %q, want %q", encoded, got, plain)
		}
	}
}
