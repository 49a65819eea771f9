package registry

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The keys of the SAM.
const (
	samAccounts = `SAM\Domains\Account`
	samBuiltin  = `SAM\Domains\Builtin`
	samUsers    = samAccounts + `\Users`
	samNames    = "Names"
)

// MachineSID returns the SID of the machine in a SAM hive, from which those of its local
// accounts are made: the value V of the domain of accounts ends with it. On a domain
// controller it is that of the accounts for its repair, and not that of the domain. If the
// hive does not record it, the error wraps fs.ErrNotExist.
func MachineSID(r *Reader) (winid.SID, error) {
	k, err := r.OpenKey(samAccounts)
	if err != nil {
		return winid.SID{}, err
	}
	v, err := k.Value("V")
	if err != nil {
		return winid.SID{}, err
	}
	b, err := v.Data()
	if err != nil {
		return winid.SID{}, err
	}
	const size = 12 // of the three numbers
	if len(b) < size {
		return winid.SID{}, v.in(damage.New("value V of the domain", -1, len(b), fmt.Sprintf("≥ %d bytes", size)))
	}
	b = b[len(b)-size:]
	le := binary.LittleEndian
	return winid.ParseSID(fmt.Sprintf("S-1-5-21-%d-%d-%d", le.Uint32(b), le.Uint32(b[4:]), le.Uint32(b[8:])))
}

// partOf returns what an offset and a size refer to, which are at a place of b, 4 bytes
// each. The offset counts from base.
func partOf(b []byte, base, at int, what string) ([]byte, error) {
	from, size := uint64(binary.LittleEndian.Uint32(b[at:])), uint64(binary.LittleEndian.Uint32(b[at+4:]))
	if size == 0 {
		return nil, nil
	}
	if end := uint64(base) + from + size; end > uint64(len(b)) {
		return nil, damage.New(what, -1, fmt.Sprintf("end %d", end), fmt.Sprintf("≤ %d, the size of the value", len(b)))
	}
	return b[uint64(base)+from : uint64(base)+from+size], nil
}
