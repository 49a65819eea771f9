package evtx

import (
	mathbits "math/bits"
	"slices"
)

// The put functions write at out[n:] and return the offset of the end of what they
// wrote. The caller has made room for it, and for the bytes up to the end of the last
// word, which they also write. So a record is written with few checks.

// room returns out with room for at least size bytes at n. Bytes up to n are kept.
func room(out []byte, n, size int) []byte {
	if len(out)-n >= size {
		return out
	}
	out = append(out[:n], make([]byte, size)...)
	return out[:cap(out)]
}

// padded is text that is written often. Its memory is a multiple of 16 bytes, so
// that it can be copied in blocks.
type padded []byte

func pad(text []byte) padded {
	l := make(padded, len(text), (len(text)+15)&^15)
	copy(l, text)
	return l
}

// put needs room for cap(l) bytes.
func (l padded) put(out []byte, n int) int {
	from, to := l[:cap(l)], out[n:]
	for len(from) >= 16 {
		*(*[16]byte)(to) = *(*[16]byte)(from)
		from, to = from[16:], to[16:]
	}
	return n + len(l)
}

// thousand holds the numbers from 000 to 999: three digits, and the number of those
// that are not leading zeros.
var thousand = func() (all [1000]uint32) {
	for n := range all {
		size := 1
		if n >= 10 {
			size = 2
		}
		if n >= 100 {
			size = 3
		}
		all[n] = uint32('0'+n/100) | uint32('0'+n/10%10)<<8 | uint32('0'+n%10)<<16 | uint32(size)<<24
	}
	return all
}()

// putUint writes a decimal number. It needs room for 24 bytes.
func putUint(out []byte, n int, v uint64) int {
	if v >= 1000 {
		n = putUint(out, n, v/1000)
		le.PutUint32(out[n:], thousand[v%1000])
		return n + 3
	}
	digits := thousand[v]
	size := int(digits >> 24)
	le.PutUint32(out[n:], digits&0xffffff>>(24-8*size))
	return n + size
}

// putInt writes a decimal number. It needs room for 24 bytes.
func putInt(out []byte, n int, v int64) int {
	if v < 0 {
		out[n] = '-'
		return putUint(out, n+1, -uint64(v))
	}
	return putUint(out, n, uint64(v))
}

// hexDigits returns the eight hexadecimal digits of v in lower case, the first one in
// the lowest byte.
func hexDigits(v uint32) uint64 {
	x := uint64(mathbits.ReverseBytes32(v))
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x>>4 | x<<8) & 0x0f0f0f0f0f0f0f0f
	letters := (x + 6*eachByte) >> 4 & eachByte
	return x + '0'*eachByte + letters*('a'-'0'-10)
}

// putHexNumber writes 0x and a number in hexadecimal. It needs room for 24 bytes.
func putHexNumber(out []byte, n int, v uint64) int {
	out[n], out[n+1] = '0', 'x'
	n += 2
	size := max(1, (mathbits.Len64(v)+3)/4)
	v <<= 64 - 4*size
	le.PutUint64(out[n:], hexDigits(uint32(v>>32)))
	le.PutUint64(out[n+8:], hexDigits(uint32(v)))
	return n + size
}

// putHex writes bytes in upper-case hexadecimal.
func putHex(out []byte, n int, b []byte) int {
	const upperHex = "0123456789ABCDEF"
	for _, c := range b {
		out[n], out[n+1] = upperHex[c>>4], upperHex[c&15]
		n += 2
	}
	return n
}

// putGUID writes a GUID in braces and lower case. Its first three groups are
// little-endian. It needs room for 40 bytes.
func putGUID(out []byte, n int, b []byte) int {
	to := out[n : n+38]
	to[0] = '{'
	le.PutUint64(to[1:], hexDigits(le.Uint32(b)))
	to[9] = '-'
	middle := hexDigits(uint32(le.Uint16(b[4:]))<<16 | uint32(le.Uint16(b[6:])))
	le.PutUint32(to[10:], uint32(middle))
	to[14] = '-'
	le.PutUint32(to[15:], uint32(middle>>32))
	to[19] = '-'
	last := hexDigits(be.Uint32(b[8:]))
	le.PutUint32(to[20:], uint32(last))
	to[24] = '-'
	le.PutUint32(to[25:], uint32(last>>32))
	le.PutUint64(to[29:], hexDigits(be.Uint32(b[12:])))
	to[37] = '}'
	return n + 38
}

func appendHexNumber(dst []byte, v uint64) []byte {
	var text [scalarRoom]byte
	return append(dst, text[:putHexNumber(text[:], 0, v)]...)
}

func appendGUID(dst, b []byte) []byte {
	var text [scalarRoom]byte
	return append(dst, text[:putGUID(text[:], 0, b)]...)
}

func appendTicks(dst []byte, ticks uint64) []byte {
	var text [scalarRoom]byte
	return append(dst, text[:putTicks(text[:], 0, ticks)]...)
}

func appendHex(dst, b []byte) []byte {
	n := len(dst)
	dst = slices.Grow(dst, 2*len(b))[:n+2*len(b)]
	putHex(dst, n, b)
	return dst
}
