package winpath

import "testing"

func TestMayBeShort(t *testing.T) {
	for _, tt := range []struct {
		short, long string
		want        bool
	}{
		{"PROGRA~1", "Program Files", true},
		{"PROGRA~2", "Program Files (x86)", true},
		{"progra~3", "ProgramData", true},
		{"EVIL~1.EXE", "evil.exe.exe", true},
		{"EVILLO~1.EXE", "evil long.exe", true},
		{"EVILLO~1.EXE", "evil other.exe", false},
		{"EV1A2B~1.EXE", "evil long.exe", true},
		{"XY1A2B~1.EXE", "evil long.exe", false},
		{"AB~1.HTM", "a.b.html", true},
		{"AB~1", "a.b.html", false},
		{"AB~X.HTM", "a.b.html", false},
		{"~1.EXE", "x.exe", false},
		{"evil.exe", "evil.exe", false},
	} {
		if got := MayBeShort(tt.short, tt.long); got != tt.want {
			t.Errorf("%s of %s: got %v, want %v", tt.short, tt.long, got, tt.want)
		}
	}
}
