package registry

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// Any returns the data as its type says: a string for REG_SZ, REG_EXPAND_SZ and
// REG_LINK, a []string for REG_MULTI_SZ, a uint32 for REG_DWORD and
// REG_DWORD_BIG_ENDIAN, a uint64 for REG_QWORD, and a []byte for all other types and for
// data whose size does not fit its type. The bytes may belong to the Reader and must
// not be changed. If the data is damaged, it returns what is left together with the
// *FormatError.
func (v *Value) Any() (any, error) {
	data, err := v.Data()
	switch v.Type {
	case SZ, ExpandSZ, Link:
		s, err := v.Text()
		return s, err
	case MultiSZ:
		list, err := v.Strings()
		return list, err
	case DWord, DWordBigEndian, QWord:
		n, notNumber := v.Uint64()
		switch {
		case notNumber != nil:
		case v.Type == QWord:
			return n, err
		default:
			return uint32(n), err
		}
	}
	return data, err
}

// String returns the data as people write it: text as it is, the strings of a list with
// semicolons between them, numbers in decimal, and all else in hexadecimal. Damaged data
// is what is left of it. Whoever prints it must escape it.
func (v *Value) String() string {
	data, err := v.Any()
	text := ""
	switch data := data.(type) {
	case string:
		text = data
	case []string:
		text = strings.Join(data, "; ")
	case uint32:
		text = strconv.FormatUint(uint64(data), 10)
	case uint64:
		text = strconv.FormatUint(data, 10)
	case []byte:
		text = hex.EncodeToString(data)
	}
	if err != nil {
		text = strings.TrimSpace(fmt.Sprintf("%s (damaged)", text))
	}
	return text
}
