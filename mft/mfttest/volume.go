// Package mfttest writes NTFS volumes for tests.
package mfttest

import (
	"errors"
	"time"
)

// Volume is an NTFS volume to be written. The zero value is an empty one.
type Volume struct {
	SectorSize  int       // in bytes; 0 is 512
	ClusterSize int       // in bytes, a power of two from SectorSize to 2 MiB; 0 is 4096
	RecordSize  int       // in bytes, 1024 or 4096; 0 is 1024, or 4096 where sectors have 4096 bytes
	Size        int64     // in bytes; 0 is as much as needed
	Label       string    //
	Serial      uint64    //
	Created     time.Time // of the metadata files and of everything without Times; zero is the beginning of 2024
	Files       []File    // in the order in which they take the entries of the $MFT
}

// File is a file or a directory of a Volume.
type File struct {
	Path          string   // slash-separated, without a leading slash; missing directories are made
	Dir           bool     //
	Data          []byte   // the unnamed stream
	Streams       []Stream // named streams
	Times         Times    // of $STANDARD_INFORMATION; zero is Volume.Created
	FileNameTimes *Times   // of $FILE_NAME; nil is as Times
	Owner         string   // SID; "" is S-1-5-18
	Attributes    uint32   // FILE_ATTRIBUTE_ flags besides the implied ones; 0 is FILE_ATTRIBUTE_ARCHIVE for a file
	ShortName     string   // 8.3 name in the DOS namespace, beside the long one
	Links         []string // further paths of the same file
	Deleted       bool     // its entry is free again: not in use, sequence number one more, in no directory
	Sparse        bool     // clusters of zeros are holes
	Compressed    bool     // by LZNT1
	NonResident   bool     // also if the data would fit the record
	Seq           uint16   // sequence number while the file exists; 0 is 1
	Entry         uint64   // entry of the $MFT; 0 is the next free one
}

// Stream is a named stream of a File.
type Stream struct {
	Name string
	Data []byte
}

// Times are the four times that NTFS keeps of a file.
type Times struct{ Created, Modified, Changed, Accessed time.Time }

// Bytes returns the image of the volume.
func (v Volume) Bytes() ([]byte, error) { return nil, errors.New("mfttest: not written yet") }

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
