package winid

import "testing"

func TestLogonType(t *testing.T) {
	for n, want := range map[LogonType]string{10: "10 (RemoteInteractive)", 3: "3 (Network)", 0: "0 (System)", 1: "1", 14: "14", 1 << 31: "2147483648"} {
		if got := n.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := LogonType(10).Name(); got != "RemoteInteractive" {
		t.Errorf("got %s", got)
	}
}
