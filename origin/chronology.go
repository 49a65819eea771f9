package origin

import "github.com/birthmark-dfir/birthmark/mft"

// chronology is the order of the files in the $MFT of the subject's volume, which is read
// when a subject first needs it.
type chronology struct {
	read bool
	*mft.Chronology
}

// of returns the order, or nil if there is no $MFT.
func (c *chronology) of(table *mft.Reader) *mft.Chronology {
	if !c.read {
		c.read = true
		if table.Len() > 0 {
			c.Chronology, _ = table.Chronology() // damage is in the coverage
		}
	}
	return c.Chronology
}
