package inflate

import "encoding/binary"

// fast decodes symbols as long as there are input for a whole word and room in the
// output. It is the same as slow without the checks that this makes unnecessary.
func (d *decoder) fast(limit int) error {
	in, out := d.in, d.out
	r, w, lo := d.r, d.w, d.lo
	b, n := d.bits, d.n
	lit, dist := d.lit.e, d.dist.e
	litN, distN := d.lit.bits, d.dist.bits
	litMask, distMask := uint64(1)<<litN-1, uint64(1)<<distN-1
	var err error
	for w < limit && r+fastIn <= len(in) {
		// 56 bits are enough for a length and a distance: 15+5+15+13.
		b |= binary.LittleEndian.Uint64(in[r:]) << (n & 63)
		r += int((63 - n) >> 3)
		n |= 56
		e := lit[b&litMask]
		if e&markLiteral != 0 { // not a link
			out[w] = byte(e >> 16)
			w++
			b >>= e & 63
			n -= uint(e & 63)
			if e = lit[b&litMask]; e&markLiteral != 0 {
				out[w] = byte(e >> 16)
				w++
				b >>= e & 63
				n -= uint(e & 63)
				continue
			}
			if n < 48 {
				b |= binary.LittleEndian.Uint64(in[r:]) << (n & 63)
				r += int((63 - n) >> 3)
				n |= 56
			}
		}
		if e&link != 0 {
			b >>= litN
			n -= litN
			e = lit[e.value()+int(b&(1<<e.extra()-1))]
		}
		if e.length() == 0 {
			err = errSymbol
			break
		}
		b >>= e & 63
		n -= uint(e & 63)
		if e&markLiteral != 0 {
			out[w] = byte(e >> 16)
			w++
			continue
		}
		if e&markEnd != 0 {
			d.endBlock()
			break
		}
		extra := e.extra()
		length := e.value() + int(b&(1<<extra-1))
		b >>= extra
		n -= extra
		e = dist[b&distMask]
		if e&link != 0 {
			b >>= distN
			n -= distN
			e = dist[e.value()+int(b&(1<<e.extra()-1))]
		}
		if e.length() == 0 {
			err = errSymbol
			break
		}
		b >>= e & 63
		n -= uint(e & 63)
		extra = e.extra()
		distance := e.value() + int(b&(1<<extra-1))
		b >>= extra
		n -= extra
		if distance > w-lo {
			err = errDistance
			break
		}
		switch from, to := w-distance, w+length; {
		case distance >= 8 && length <= 32:
			for w < to {
				binary.LittleEndian.PutUint64(out[w:], binary.LittleEndian.Uint64(out[from:]))
				w += 8
				from += 8
			}
			w = to
		case distance >= length:
			w += copy(out[w:to], out[from:])
		default:
			// Each copy doubles what can be copied next.
			for w < to {
				w += copy(out[w:to], out[from:w])
			}
		}
	}
	// Bits above n are the next ones of the input; they are read again.
	d.r, d.w, d.n = r, w, n
	d.bits = b & (1<<n - 1)
	return err
}
