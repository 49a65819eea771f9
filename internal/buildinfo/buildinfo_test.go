package buildinfo

import (
	"runtime/debug"
	"testing"
)

func TestVersion(t *testing.T) {
	for _, tt := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{"a program of this module", debug.BuildInfo{Main: debug.Module{Path: Module, Version: "v0.1.0"}}, "v0.1.0"},
		{"a checkout", debug.BuildInfo{Main: debug.Module{Path: Module}}, "(devel)"},
		{"a program that imports it", debug.BuildInfo{Main: debug.Module{Path: "example.com/tool", Version: "v9.0.0"},
			Deps: []*debug.Module{{Path: "example.com/x", Version: "v3.0.0"}, {Path: Module, Version: "v0.2.0"}}}, "v0.2.0"},
		{"replaced by a folder", debug.BuildInfo{Main: debug.Module{Path: "example.com/tool"},
			Deps: []*debug.Module{{Path: Module, Version: "v0.2.0", Replace: &debug.Module{Path: "../birthmark"}}}}, "(devel)"},
	} {
		if got := version(&tt.info); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	if Version() == "" {
		t.Error("the version of this test is empty")
	}
}
