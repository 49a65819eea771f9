//go:build !linux

package registry

func adviseLarge([]byte) {}
