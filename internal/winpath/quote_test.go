package winpath

import "testing"

func TestUnquote(t *testing.T) {
	for _, tt := range []struct{ path, want string }{
		{`"C:\Program Files\a.exe"`, `C:\Program Files\a.exe`},
		{`'C:\Program Files\a.exe'`, `C:\Program Files\a.exe`},
		{`C:\a.exe`, `C:\a.exe`},
		{`"C:\a.exe`, `"C:\a.exe`},
		{`"C:\a.exe'`, `"C:\a.exe'`},
		{`""C:\a.exe""`, `"C:\a.exe"`},
		{`""`, ``}, {`"`, `"`}, {``, ``},
	} {
		if got := Unquote(tt.path); got != tt.want {
			t.Errorf("Unquote(%s) = %s, want %s", tt.path, got, tt.want)
		}
	}
}
