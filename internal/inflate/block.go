package inflate

// Blocks of a deflate stream; RFC 1951, section 3.2.3.
//
//	bit 0     the block is the last one
//	bits 1–2  0 stored, 1 fixed codes, 2 dynamic codes

// header reads the header of a block with its codes.
func (d *decoder) header() error {
	d.block = d.bit()
	if !d.need(3) {
		return d.short()
	}
	d.final = d.take(1) == 1
	switch d.take(2) {
	case 0:
		return d.storedHeader()
	case 1:
		d.state = inHuffman
		return d.fixedCodes()
	case 2:
		d.state = inHuffman
		return d.dynamicCodes()
	}
	return errBlockType
}

// storedHeader reads the length of a stored block and its complement, 2 bytes each,
// which begin with a whole byte.
func (d *decoder) storedHeader() error {
	d.drop(d.n % 8)
	if !d.need(32) {
		return d.short()
	}
	n, complement := d.take(16), d.take(16)
	if n != complement^0xffff {
		return errStored
	}
	d.align()
	d.left = n
	if d.state = inStored; n == 0 {
		d.endBlock()
	}
	return nil
}

// fixedCodes sets the codes of RFC 1951, section 3.2.6.
func (d *decoder) fixedCodes() error {
	if d.fixed {
		return nil
	}
	l := d.lengths[:]
	for i := range maxLit {
		switch {
		case i < 144:
			l[i] = 8
		case i < 256:
			l[i] = 9
		case i < 280:
			l[i] = 7
		default:
			l[i] = 8
		}
	}
	for i := range maxDist {
		l[maxLit+i] = 5
	}
	lengths, distances := d.symbols()
	if err := d.lit.build(litBits, l[:maxLit], lengths); err != nil {
		return err
	}
	err := d.dist.build(distBits, l[maxLit:], distances)
	d.fixed = err == nil
	return err
}

// symbols returns those of the format.
func (d *decoder) symbols() (lengths, distances []entry) {
	if d.format == Deflate64 {
		return wideLengths[:], wideDistances[:]
	}
	return lengthSymbols[:], distanceSymbols[:]
}

// codeOrder is the order in which the lengths of the codes for code lengths are
// stored.
var codeOrder = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// dynamicCodes reads the codes of a block; RFC 1951, section 3.2.7.
func (d *decoder) dynamicCodes() error {
	d.fixed = false
	if !d.need(14) {
		return d.short()
	}
	literals, distances, codes := d.take(5)+257, d.take(5)+1, d.take(4)+4
	if literals > 286 || distances > 30 && d.format == Deflate {
		return errAlphabet
	}
	var ofCodes [19]uint8
	for _, symbol := range codeOrder[:codes] {
		if !d.need(3) {
			return d.short()
		}
		ofCodes[symbol] = uint8(d.take(3))
	}
	if err := d.codes.build(7, ofCodes[:], plainSymbols[:]); err != nil {
		return err
	}
	all := d.lengths[:literals+distances]
	for i := 0; i < len(all); {
		e, err := d.symbol(&d.codes)
		if err != nil {
			return err
		}
		var least, extra int // of the times that a length repeats
		length := uint8(0)
		switch symbol := e.value(); symbol {
		default:
			all[i] = uint8(symbol)
			i++
			continue
		case 16:
			if i == 0 {
				return errRepeat
			}
			least, extra, length = 3, 2, all[i-1]
		case 17:
			least, extra = 3, 3
		case 18:
			least, extra = 11, 7
		}
		if !d.need(uint(extra)) {
			return d.short()
		}
		n := least + d.take(uint(extra))
		if n > len(all)-i {
			return errRepeat
		}
		for range n {
			all[i] = length
			i++
		}
	}
	ofLengths, ofDistances := d.symbols()
	if err := d.lit.build(litBits, all[:literals], ofLengths); err != nil {
		return err
	}
	return d.dist.build(distBits, all[literals:], ofDistances)
}
