package petest

import "encoding/binary"

// stuff signs a file whose last section is stuffed, and appends the bytes of that
// section to the certificate table. They are behind the signature, whose size does
// not depend on where that is.
func (l *layout) stuff(file []byte) ([]byte, error) {
	signed, err := Sign(file, l.image.Signature)
	if err != nil {
		return nil, err
	}
	place := align(uint32(len(signed)), fileAlign)
	header := optionalHeader(file) + l.optionalSize() + sectionHeaderSize*(len(l.sections)-1)
	binary.LittleEndian.PutUint32(file[header+20:], place) // PointerToRawData
	if signed, err = Sign(file, l.image.Signature); err != nil {
		return nil, err
	}
	code := l.sections[len(l.sections)-1].data
	end := place + align(uint32(len(code)), fileAlign)
	signed = append(signed, make([]byte, int(end)-len(signed))...)
	copy(signed[place:], code)

	entry := certificateEntry(signed)
	table := binary.LittleEndian.Uint32(signed[entry:])
	binary.LittleEndian.PutUint32(signed[entry+4:], end-table)
	binary.LittleEndian.PutUint32(signed[table:], end-table) // dwLength
	setCheckSum(signed)
	return signed, nil
}
