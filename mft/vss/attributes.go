package vss

import (
	"fmt"
	"strings"
)

// Attributes are the attributes of a snapshot, _VSS_VOLUME_SNAPSHOT_ATTRIBUTES of Windows.
type Attributes uint32

// The attributes of a snapshot.
const (
	Persistent          Attributes = 0x1       // it survives a restart
	NoAutoRecovery      Attributes = 0x2       // writers do not change it after it was made
	ClientAccessible    Attributes = 0x4       // made for Previous Versions
	NoAutoRelease       Attributes = 0x8       // it is kept when its requester ends
	NoWriters           Attributes = 0x10      // no writer was asked to prepare its files
	Transportable       Attributes = 0x20      // for another machine
	NotSurfaced         Attributes = 0x40      // not exposed
	NotTransacted       Attributes = 0x80      // without a transaction
	HardwareAssisted    Attributes = 0x10000   // by a provider of hardware
	Differential        Attributes = 0x20000   // copies what changes
	Plex                Attributes = 0x40000   // by a split mirror
	Imported            Attributes = 0x80000   // from another machine
	ExposedLocally      Attributes = 0x100000  // under a path or a letter
	ExposedRemotely     Attributes = 0x200000  // as a share
	AutoRecover         Attributes = 0x400000  // writers change it after it was made
	RollbackRecovery    Attributes = 0x800000  // writers change it before a rollback
	DelayedPostSnapshot Attributes = 0x1000000 // used by the system
	TxFRecovery         Attributes = 0x2000000 // transactions of NTFS are recovered in it
)

var attributeNames = []struct {
	bit  Attributes
	name string
}{
	{Persistent, "persistent"},
	{NoAutoRecovery, "no auto recovery"},
	{ClientAccessible, "client-accessible"},
	{NoAutoRelease, "no auto release"},
	{NoWriters, "no writers"},
	{Transportable, "transportable"},
	{NotSurfaced, "not surfaced"},
	{NotTransacted, "not transacted"},
	{HardwareAssisted, "hardware assisted"},
	{Differential, "differential"},
	{Plex, "plex"},
	{Imported, "imported"},
	{ExposedLocally, "exposed locally"},
	{ExposedRemotely, "exposed remotely"},
	{AutoRecover, "auto recovered"},
	{RollbackRecovery, "rollback recovery"},
	{DelayedPostSnapshot, "delayed post snapshot"},
	{TxFRecovery, "TxF recovery"},
}

// String returns the names of the attributes as vssadmin writes them, separated by commas.
// A bit without a name is written as a number.
func (a Attributes) String() string {
	var names []string
	for _, n := range attributeNames {
		if a&n.bit != 0 {
			names = append(names, n.name)
			a &^= n.bit
		}
	}
	if a != 0 {
		names = append(names, fmt.Sprintf("%#x", uint32(a)))
	}
	return strings.Join(names, ", ")
}
