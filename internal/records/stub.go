package records

import "github.com/birthmark-dfir/birthmark/internal/child"

func EVTX(path string, emit func(child.Record)) (int, error) { return 0, nil }
func MFT(path string, emit func(child.Record)) (int, error)  { return 0, nil }
func NTFS(path string, emit func(child.Record)) (int, error) { return 0, nil }
