package registry

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// An Account is a local account in a SAM hive. Its passwords are not read. Windows finds
// an account by the name of a key below Names, whose default value has the RID as its
// type, and then by the key of that RID. A field is zero if the hive does not record it.
type Account struct {
	Key       string    // path of the key that the RID names; of the key below Names, if the hive lacks that one
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key: at each logon, and at each change

	RID  uint32    // in the name of the key: the last number of the account's SID
	SID  winid.SID // of the RID in the machine of the hive; zero if the hive has no SID of the machine
	Name string    // in the value V, else of the key below Names

	FullName, Comment, UserComment   string
	HomeDirectory, HomeDrive, Script string
	Profile, Workstations            string
	InternetName                     string // the mail address of a Microsoft account
	Hint                             string // for the password

	LastLogon       time.Time // the last one that succeeded
	LastLogoff      time.Time // seldom written
	PasswordSet     time.Time // when the password was set last, by whomever
	Expires         time.Time // zero if never
	LastBadPassword time.Time

	FixedRID     uint32 // in the value F: that of the account whose rights its sessions get
	PrimaryGroup uint32 // RID
	Control      uint32 // properties; see [Account.Properties]
	BadPasswords uint16 // since the last logon that succeeded
	Logons       uint16

	Names    []AccountName    // the keys below Names that have the RID
	Findings []AccountFinding // what is unusual about it
}

// An AccountName is a key below Users\Names, by which Windows finds an account.
type AccountName struct {
	Name      string
	Key       string
	Offset    int64     // of the key's cell
	LastWrite time.Time // when the account got this name: when it was made, or renamed
}

// An AccountFinding is what is unusual about an account.
type AccountFinding string

// The findings.
const (
	// AccountRIDHijacked: the value F has the RID of another account. A session of the
	// account gets the rights of that one.
	AccountRIDHijacked AccountFinding = "rid_hijacked"
	// AccountRenamed: the value V and the key below Names have different names.
	AccountRenamed AccountFinding = "name_differs"
	// AccountUnlisted: no key below Names has its RID, so that programs do not list it.
	AccountUnlisted AccountFinding = "unlisted"
	// AccountNamedTwice: several keys below Names have its RID.
	AccountNamedTwice AccountFinding = "named_twice"
	// AccountMissing: a key below Names has a RID that no account has.
	AccountMissing AccountFinding = "missing"
	// AccountHiddenName: the name of a user ends with $, as those of computers do, which
	// programs leave out.
	AccountHiddenName AccountFinding = "hidden_name"
)

// Bits of Account.Control ([MS-SAMR] 2.2.1.12).
const (
	controlDisabled = 1 << 0
	controlUser     = 1 << 4
)

// Properties returns the properties that are set in Control, as [winid.AccountControl]
// names them.
func (a *Account) Properties() []string {
	return winid.AccountControl(fmt.Sprintf("%#x", a.Control)).Names()
}

// Disabled reports whether nobody can log on with the account.
func (a *Account) Disabled() bool { return a.Control&controlDisabled != 0 }

// Accounts yields the local accounts of a SAM hive in the order of their keys, and after
// them the names that lead to no account. A *FormatError comes with what could be read of
// an account, and the iteration goes on.
func Accounts(r *Reader) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		users, err := r.OpenKey(samUsers)
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) || damage.Is(err) {
				yield(Account{}, err)
			}
			return
		}
		machine, err := MachineSID(r)
		if damage.Is(err) && !yield(Account{}, err) {
			return
		}
		names, order, err := namesOfAccounts(users)
		if err != nil && !yield(Account{}, err) {
			return
		}
		for k, err := range users.Subkeys() {
			if err != nil {
				if !yield(Account{}, err) {
					return
				}
				continue
			}
			rid, err := strconv.ParseUint(k.Name, 16, 32)
			if err != nil || len(k.Name) != 8 {
				continue // Names
			}
			a, err := readAccount(k, uint32(rid))
			a.Names = names[a.RID]
			delete(names, a.RID)
			a.settle(machine)
			if !yield(a, err) {
				return
			}
		}
		for _, rid := range order {
			if list := names[rid]; list != nil {
				delete(names, rid)
				a := Account{Key: list[0].Key, Offset: list[0].Offset, LastWrite: list[0].LastWrite, RID: rid, Name: list[0].Name, Names: list, Findings: []AccountFinding{AccountMissing}}
				a.SID = machine.WithRID(rid)
				if !yield(a, nil) {
					return
				}
			}
		}
	}
}

// namesOfAccounts returns the keys below Names by RID, and the RIDs in order.
func namesOfAccounts(users *Key) (map[uint32][]AccountName, []uint32, error) {
	names, order := map[uint32][]AccountName{}, []uint32{}
	list, err := users.Subkey(samNames)
	if !damage.Is(err) {
		err = nil
	}
	for k, damaged := range list.Subkeys() {
		var v *Value
		if damaged == nil {
			v, damaged = k.Value("")
		}
		if damaged != nil {
			if damage.Is(damaged) {
				err = errors.Join(err, damaged)
			}
			continue
		}
		rid := uint32(v.Type)
		if names[rid] == nil {
			order = append(order, rid)
		}
		names[rid] = append(names[rid], AccountName{k.Name, k.Path(), k.Offset, k.LastWrite})
	}
	return names, order, err
}

// readAccount reads the account of a key.
func readAccount(k *Key, rid uint32) (Account, error) {
	a := Account{Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite, RID: rid, FixedRID: rid}
	s := settingsOf(k)
	if v := s.value("F"); v != nil {
		s.damaged = errors.Join(s.damaged, inValue(v, a.readFixed(s.data("F"))))
	}
	if v := s.value("V"); v != nil {
		s.damaged = errors.Join(s.damaged, inValue(v, a.readVariable(s.data("V"))))
	}
	a.InternetName = utf16Text(s.data("InternetUserName"))
	a.Hint = utf16Text(s.data("UserPasswordHint"))
	return a, s.damaged
}

// inValue adds the value as its place to an error about its data.
func inValue(v *Value, err error) error {
	if err == nil {
		return nil
	}
	return v.in(err)
}

func utf16Text(b []byte) string { return wtf8.String(wtf8.Trim(b)) }

// settle fills in what follows from the names, and finds what is unusual.
func (a *Account) settle(machine winid.SID) {
	a.SID = machine.WithRID(a.RID)
	find := func(f AccountFinding) { a.Findings = append(a.Findings, f) }
	stored := a.Name
	if stored == "" && len(a.Names) > 0 {
		a.Name = a.Names[0].Name
	}
	if a.FixedRID != a.RID {
		find(AccountRIDHijacked)
	}
	switch {
	case len(a.Names) == 0:
		find(AccountUnlisted)
	case len(a.Names) > 1:
		find(AccountNamedTwice)
	}
	for _, n := range a.Names {
		if stored != "" && !winpath.SameName(n.Name, stored) {
			find(AccountRenamed)
			break
		}
	}
	if strings.HasSuffix(a.Name, "$") && a.Control&controlUser != 0 {
		find(AccountHiddenName)
	}
}

// The value F of an account: what has a fixed size. Offsets and sizes in bytes:
//
//	 8  8  FILETIME of the last logon
//	16  8  FILETIME of the last logoff
//	24  8  FILETIME at which the password was set
//	32  8  FILETIME at which the account expires: 0 and the last one mean never
//	40  8  FILETIME of the last attempt with a wrong password
//	48  4  RID
//	52  4  RID of the primary group
//	56  4  properties
//	64  2  number of wrong passwords
//	66  2  number of logons
const (
	fixedSize         = 68
	fixedLogon        = 8
	fixedLogoff       = 16
	fixedPassword     = 24
	fixedExpires      = 32
	fixedBadPassword  = 40
	fixedRID          = 48
	fixedGroup        = 52
	fixedControl      = 56
	fixedBadPasswords = 64
	fixedLogons       = 66
)

func (a *Account) readFixed(b []byte) error {
	le := binary.LittleEndian
	if len(b) < fixedSize {
		return damage.New("value F of an account", -1, len(b), fmt.Sprintf("≥ %d bytes", fixedSize))
	}
	stamp := func(at int) time.Time {
		ticks := le.Uint64(b[at:])
		if ticks >= math.MaxInt64 {
			return time.Time{} // never
		}
		return filetime.Time(ticks)
	}
	a.LastLogon, a.LastLogoff, a.PasswordSet = stamp(fixedLogon), stamp(fixedLogoff), stamp(fixedPassword)
	a.Expires, a.LastBadPassword = stamp(fixedExpires), stamp(fixedBadPassword)
	a.FixedRID, a.PrimaryGroup, a.Control = le.Uint32(b[fixedRID:]), le.Uint32(b[fixedGroup:]), le.Uint32(b[fixedControl:])
	a.BadPasswords, a.Logons = le.Uint16(b[fixedBadPasswords:]), le.Uint16(b[fixedLogons:])
	return nil
}

// The value V of an account: a table of 17 rows, and behind it what they refer to. Each row
// has the offset from the end of the table, the size, and a number without meaning here,
// 4 bytes each.
const (
	variableTable = 17 * variableRow
	variableRow   = 12
)

// variableRows are the rows of the table that are text.
var variableRows = [...]struct {
	row   int
	what  string
	field func(*Account) *string
}{
	{1, "name", func(a *Account) *string { return &a.Name }},
	{2, "full name", func(a *Account) *string { return &a.FullName }},
	{3, "comment", func(a *Account) *string { return &a.Comment }},
	{4, "comment of the user", func(a *Account) *string { return &a.UserComment }},
	{6, "home directory", func(a *Account) *string { return &a.HomeDirectory }},
	{7, "home drive", func(a *Account) *string { return &a.HomeDrive }},
	{8, "logon script", func(a *Account) *string { return &a.Script }},
	{9, "profile path", func(a *Account) *string { return &a.Profile }},
	{10, "workstations", func(a *Account) *string { return &a.Workstations }},
}

func (a *Account) readVariable(b []byte) error {
	if len(b) < variableTable {
		return damage.New("value V of an account", -1, len(b), fmt.Sprintf("≥ %d bytes", variableTable))
	}
	var damaged error
	for _, row := range variableRows {
		part, err := partOf(b, variableTable, row.row*variableRow, row.what)
		if err != nil && damaged == nil {
			damaged = err
		}
		*row.field(a) = wtf8.String(part)
	}
	return damaged
}
