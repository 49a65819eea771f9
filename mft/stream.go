package mft

import (
	"cmp"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Stream is the content of one attribute, usually $DATA, whose parts may be in
// several records.
type Stream struct {
	Name            string // "" for the content of the file
	Size            uint64 // in bytes
	AllocatedSize   uint64 // in bytes on the disk; of a resident stream, its size rounded up to 8
	InitializedSize uint64 // what follows it, up to Size, reads as zeros
	Resident        bool   // the record holds the content
	Compressed      bool   // by LZNT1
	Encrypted       bool   // by EFS
	Sparse          bool
	CompressionUnit uint8  // as a power of two of clusters
	Value           []byte // the content of a resident stream
	Runs            []Run  // the clusters of a stream that is not resident
	Offset          int64  // of the attribute, in bytes from the beginning of the $MFT

	valueAt int64 // of a resident stream: where the value begins in the $MFT
}

// joinStreams appends the streams whose parts are in attrs to list, in the order
// of their first parts.
func joinStreams(list []Stream, attrs []Attribute, note func(kind damage.Kind, err error, part string)) []Stream {
	order := map[string]int{}
	var byName [][]*Attribute
	for i := range attrs {
		a := &attrs[i]
		if a.Type != AttrData {
			continue
		}
		i, ok := order[a.Name]
		if !ok {
			i = len(byName)
			order[a.Name] = i
			byName = append(byName, nil)
		}
		byName[i] = append(byName[i], a)
	}
	for _, parts := range byName {
		list = append(list, joinParts(parts, note))
	}
	return list
}

// streamOf returns the stream whose first part is a.
func streamOf(a *Attribute) Stream {
	return Stream{
		Name:            a.Name,
		Size:            a.Size,
		AllocatedSize:   a.AllocatedSize,
		InitializedSize: a.InitializedSize,
		Resident:        a.Resident,
		Compressed:      a.Flags&AttributeCompressed != 0,
		Encrypted:       a.Flags&AttributeEncrypted != 0,
		Sparse:          a.Flags&AttributeSparse != 0,
		CompressionUnit: a.CompressionUnit,
		Value:           a.Value,
		Runs:            a.Runs,
		Offset:          a.Offset,
		valueAt:         a.Offset + int64(a.valueOff),
	}
}

// joinParts joins the parts of a stream in the order of their VCNs. A range that
// no part covers becomes a run of LCNMissing.
func joinParts(parts []*Attribute, note func(kind damage.Kind, err error, part string)) Stream {
	if len(parts) == 1 && parts[0].StartVCN == 0 {
		return streamOf(parts[0])
	}
	slices.SortStableFunc(parts, func(a, b *Attribute) int { return cmp.Compare(a.StartVCN, b.StartVCN) })
	s := streamOf(parts[0])
	s.Runs = nil
	var next uint64 // the first VCN that is not covered yet
	for _, a := range parts {
		switch {
		case a.Resident && len(parts) > 1, a.StartVCN < next:
			note(damage.Malformed, damage.New("first VCN of a part", a.Offset+0x10, a.StartVCN, next), a.Type.String())
			continue
		case a.StartVCN > next:
			note(damage.Malformed, damage.New("first VCN of a part", a.Offset+0x10, a.StartVCN, next), a.Type.String())
			s.Runs = append(s.Runs, Run{LCN: LCNMissing, Length: a.StartVCN - next})
			next = a.StartVCN
		}
		s.Runs = append(s.Runs, a.Runs...)
		for _, run := range a.Runs {
			next += run.Length
		}
	}
	return s
}
