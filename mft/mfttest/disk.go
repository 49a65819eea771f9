package mfttest

import (
	"errors"
)

// Partition is a part of a disk.
type Partition struct {
	Type  byte   // of an MBR; 0 is 0x07, NTFS. A GPT has basic data partitions only
	Data  []byte // image of the volume
	Label string // of a GPT partition
}

// Disk returns a disk with an MBR and the partitions one after the other.
func Disk(parts ...Partition) ([]byte, error) { return nil, errors.New("mfttest: not written yet") }

// GPTDisk returns a disk with a GPT and the partitions one after the other.
func GPTDisk(parts ...Partition) ([]byte, error) { return nil, errors.New("mfttest: not written yet") }
