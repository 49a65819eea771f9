package origin

import "github.com/birthmark-dfir/birthmark/mft"

// oldName is a name in slack that was the subject's, with the times that it had then.
type oldName struct {
	*mft.FileName
	path  string // as Windows writes it
	known bool   // all folders of the path are known
	file  bool   // it is the $FILE_NAME of a record, whose times no program sets
	cited Citation
}

// where says in which slack a name is.
func (n *oldName) where() string {
	if n.file {
		return "the slack of its $MFT record"
	}
	return "the slack of its folder's index"
}
