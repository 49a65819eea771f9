package vmdk

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// descriptorMark is what the text of a descriptor begins with.
const descriptorMark = "# Disk DescriptorFile"

// descriptor is the text that says which extents a disk has: NAME=VALUE, and for each
// extent its access, size in sectors and type, then the name of its file, and for a flat
// one the sector in it at which it begins.
type descriptor struct {
	values  map[string]string // by name in lower case
	extents []extentLine
}

type extentLine struct {
	sectors int64
	kind    string // FLAT, SPARSE, ZERO, VMFS, VMFSSPARSE, …
	name    string
	offset  int64 // in sectors
}

const (
	maxDescriptor = 1 << 20 // bytes
	maxExtents    = 1000
	maxSectors    = 1 << 41
	noParent      = "ffffffff"
)

func parseDescriptor(b []byte) (*descriptor, error) {
	text, _, _ := strings.Cut(string(bytes.ToValidUTF8(b, []byte("?"))), "\x00")
	d := &descriptor{values: map[string]string{}}
	total := int64(0)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		if access, _, _ := strings.Cut(line, " "); isAccess(access) {
			e, ok := parseExtent(line)
			total += e.sectors
			switch {
			case !ok: // without it, those that follow would be in the wrong place
				return nil, damage.New("line of an extent", -1, line[:min(len(line), 100)], "ACCESS SECTORS TYPE \"NAME\" OFFSET")
			case len(d.extents) == maxExtents || total > maxSectors:
				return nil, damage.New("extents", -1, "more", fmt.Sprintf("%d of together %d sectors", maxExtents, int64(maxSectors)))
			}
			d.extents = append(d.extents, e)
			continue
		}
		if name, value, ok := strings.Cut(line, "="); ok {
			d.values[strings.ToLower(strings.TrimSpace(name))] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	if len(d.extents) == 0 {
		return nil, damage.New("descriptor", -1, "no extent", "at least one")
	}
	return d, nil
}

// parseExtent reads a line such as RW 4192256 FLAT "disk-flat.vmdk" 0.
func parseExtent(line string) (e extentLine, ok bool) {
	before, after, quoted := strings.Cut(line, `"`)
	list := strings.Fields(before)
	if len(list) < 3 {
		return e, false
	}
	var err error
	if e.sectors, err = strconv.ParseInt(list[1], 10, 64); err != nil || e.sectors < 0 || e.sectors > maxSectors {
		return e, false
	}
	e.kind = strings.ToUpper(list[2])
	if quoted {
		var rest string
		e.name, rest, _ = strings.Cut(after, `"`)
		if rest = strings.TrimSpace(rest); rest != "" {
			if e.offset, err = strconv.ParseInt(strings.Fields(rest)[0], 10, 64); err != nil || e.offset < 0 || e.offset > 1<<41 {
				return e, false
			}
		}
	}
	return e, true
}

func isAccess(word string) bool {
	switch strings.ToUpper(word) {
	case "RW", "RDONLY", "NOACCESS":
		return true
	}
	return false
}

// parent returns the name of the parent, and the identifier that it had when the disk was
// made, if the disk has a parent.
func (d *descriptor) parent() (name, cid string, has bool) {
	if cid = d.values["parentcid"]; cid == "" || strings.EqualFold(cid, noParent) {
		return "", "", false
	}
	return d.values["parentfilenamehint"], cid, true
}
