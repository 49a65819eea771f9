// Package pcatest writes files of the Program Compatibility Assistant for tests: read by
// package pca, the entries are those that were written.
package pcatest

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/pca"
)

const stamp = "2006-01-02 15:04:05.000"

// Bytes returns the file. PcaGeneralDb is in UTF-16, as its entries are General, and
// PcaAppLaunchDic in UTF-8.
func Bytes(entries ...pca.Entry) []byte {
	var b strings.Builder
	wide := false
	for _, e := range entries {
		at := e.Time.UTC().Format(stamp)
		if e.General {
			wide = true
			b.WriteString(strings.Join([]string{at, e.Status, e.Path, e.Name, e.Publisher, e.Version, e.ProgramID, e.Message}, "|"))
		} else {
			b.WriteString(e.Path + "|" + at)
		}
		b.WriteString("\r\n")
	}
	if wide {
		return wtf8.Encode("\ufeff" + b.String())
	}
	return []byte(b.String())
}
