package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// attachments checks a key's class name and security descriptor.
func (c *checker) attachments(node []byte, at int64) {
	if size := int(binary.LittleEndian.Uint16(node[nodeClassNameSize:])); size > 0 {
		if to := refAt(node, at, nodeClass); to.cell != none {
			c.dataCell(to, size, "class name")
		}
	}
	if to := refAt(node, at, nodeSecurity); to.cell != none && c.report != nil && !c.secured.has(int64(to.cell/8)) {
		c.secured.set(int64(to.cell / 8))
		_, _, err := c.r.security(to)
		c.note(damage.Malformed, err)
	}
}

// dataCell claims a cell that must hold size bytes.
func (c *checker) dataCell(to ref, size int, what string) {
	b, at, err := c.r.cell(to, what)
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if len(b) < size {
		c.note(damage.Malformed, damage.Truncated(what, at, int64(size), int64(len(b))))
	}
	c.claim(to, min(size, len(b)), what, false)
}

// values checks a key's values.
func (c *checker) values(node []byte, at int64) {
	n := valueCount(node)
	to := refAt(node, at, nodeValueList)
	if n == 0 {
		return
	}
	elements, at, err := c.r.cell(to, "value list")
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if room := len(elements) / 4; n > room {
		c.note(damage.Malformed, damage.New("number of values", to.at-4, n, fmt.Sprintf("≤ %d, given the size of the list", room)))
		n = room
	}
	if !c.claim(to, 4*n, "value list", false) {
		return
	}
	first := c.lists.add(int64(to.cell / 8))
	list, cost := to, int64(0) // of reading values that another key has as well
	for i := range n {
		to := refAt(elements, at, 4*i)
		v, err := c.r.value(to)
		if err != nil {
			if first {
				c.note(damage.Malformed, err)
			}
			continue
		}
		if first {
			c.value(to, v)
		} else {
			cost += v.cost()
		}
	}
	if !c.afford(cost) {
		c.refuse(list, "value list")
	}
}

// value checks a value in a list.
func (c *checker) value(to ref, v valueCell) {
	switch {
	case !c.claim(to, len(v.b), "value", false):
	case c.valued.add(int64(to.cell / 8)):
		c.data(v)
	case !c.afford(v.cost() - int64(len(v.b))):
		c.refuse(to, "value")
	}
}

// data checks the cells of a value's data.
func (c *checker) data(v valueCell) {
	size, resident := v.size()
	if resident {
		if size > 4 {
			c.note(damage.Malformed, v.residentError())
		}
		return
	}
	if size == 0 {
		if b, _, err := c.r.cell(v.data(), "value data"); err == nil { // which Windows gives no value of this size
			c.note(damage.Malformed, damage.New("value data size", v.at+valueDataSize, 0, fmt.Sprintf("up to %d, the size of the cell with the data", len(b))))
		}
		return
	}
	data := v.data()
	b, at, err := c.r.cell(data, "value data")
	if err != nil {
		c.note(damage.Malformed, err)
		return
	}
	if !c.r.isBigData(b, size) {
		c.dataCell(data, size, "value data")
		return
	}
	if c.claimed.has(int64(data.cell / 8)) {
		c.claim(data, size, "value data", false)
		return
	}
	if !c.claim(data, bigDataHeaderSize, "value data", false) {
		return
	}
	list, elements, at, err := c.r.segments(b, at)
	c.note(damage.Malformed, err)
	if elements == nil {
		return
	}
	if !c.big.add(int64(list.cell / 8)) {
		c.claim(list, size, "big data list", false)
		return
	}
	if !c.claim(list, min(len(elements), 4*segmentsOf(size)), "big data list", false) {
		return
	}
	left := size
	for i := 0; i < len(elements) && left > 0; i += 4 {
		n := min(left, segmentSize)
		c.dataCell(refAt(elements, at, i), n, "big data segment")
		left -= n
	}
	if left > 0 {
		c.note(damage.Malformed, damage.Truncated("big data", data.at, int64(size), int64(size-left)))
	}
}
