// Package buildinfo reports which version of this module a program was built with.
package buildinfo

import "runtime/debug"

// Module is the path of this module.
const Module = "github.com/birthmark-dfir/birthmark"

// Version returns the version of this module in the running program, such as v0.1.0.
// It is "(devel)" if the program was built from a checkout without a version.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return devel
	}
	return version(info)
}

const devel = "(devel)"

func version(info *debug.BuildInfo) string {
	m := &info.Main
	for _, dep := range info.Deps {
		if dep.Path == Module {
			m = dep
		}
	}
	if m.Replace != nil {
		m = m.Replace
	}
	if m.Version == "" {
		return devel
	}
	return m.Version
}
