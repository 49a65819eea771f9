package mfttest

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
)

// Volume is an NTFS volume to be written. The zero value is an empty volume.
type Volume struct {
	SectorSize  int       // in bytes, a power of two from 512 to 4096; 0 means 512
	ClusterSize int       // in bytes, a power of two from SectorSize to 2 MiB; 0 means 4096
	RecordSize  int       // in bytes, 1024 or 4096; 0 means 1024, or 4096 if sectors have 4096 bytes
	Size        int64     // in bytes; 0 means as much as needed
	Label       string    //
	Serial      uint64    //
	Created     time.Time // of the metadata files and of everything without Times; zero means the beginning of 2024
	FragmentMFT bool      // the $MFT is in runs of one cluster each; a large one then needs an $ATTRIBUTE_LIST
	ObjectID    mft.GUID  // identifier of the volume, of the service that tracks links; zero means none
	Log         []byte    // the content of $LogFile; nil means an empty log of 256 KiB
	Files       []File    // in the order in which they take the entries of the $MFT
}

// File is a file or a directory of a Volume.
type File struct {
	Path          string   // slash-separated, without a leading slash; missing directories are made
	Dir           bool     //
	Data          []byte   // the unnamed stream
	Streams       []Stream // named streams
	Times         Times    // of $STANDARD_INFORMATION; if all are zero, Volume.Created
	FileNameTimes *Times   // of $FILE_NAME; nil means the same as Times
	IndexTimes    *Times   // in the index of the directory; nil means the same as Times, as Windows keeps them
	Owner         string   // SID; "" means S-1-5-18
	OwnSecurity   bool     // the record holds the owner in a $SECURITY_DESCRIPTOR instead of $Secure
	Attributes    uint32   // FILE_ATTRIBUTE_ flags besides the implied ones; 0 means FILE_ATTRIBUTE_ARCHIVE for a file
	ShortName     string   // 8.3 name in the DOS namespace, beside the long one
	Links         []string // further paths of the same file
	Deleted       bool     // its entry is free again: not in use, sequence number one more, in no directory
	Overwritten   bool     // Deleted, and its record is gone: another File may have the Entry, with a higher Seq
	FormerNames   []string // earlier paths, whose $FILE_NAMEs are left behind the attributes of the record
	FormerTimes   *Times   // of these; nil means those of $FILE_NAME
	Sparse        bool     // clusters of zeros in Data are holes; implies NonResident
	Compressed    bool     // Data is compressed by LZNT1; implies NonResident and clusters of at most 4096 bytes
	NonResident   bool     // Data has clusters even if it would fit into the record
	Reparse       []byte   // the value of $REPARSE_POINT, which begins with the tag
	Seq           uint16   // sequence number while the file exists; 0 means 1
	LSN           uint64   // of the last change, in the $LogFile
	USN           uint64   // of $STANDARD_INFORMATION: that of the last record about it in the change journal
	Entry         uint64   // entry of the $MFT, ≥ 24; 0 means the next free one from 64 on
	EAs           []EA     // extended attributes, if it has no reparse point
	ObjectID      mft.GUID // zero means none; it is in $OBJECT_ID and in $Extend/$ObjId
	BirthVolume   mft.GUID // with ObjectID: the volume on which the file was born
	BirthObject   mft.GUID // with ObjectID: its first identifier; zero means ObjectID

	// IndexSlack is what is left of the names of a Deleted file in the index of its
	// folder: mft.EntryWhole, mft.EntryNoFile or mft.EntryNoFolder. The zero value leaves
	// nothing.
	IndexSlack mft.EntryState
}

// Stream is a named stream of a File.
type Stream struct {
	Name string
	Data []byte
	Hole int64 // bytes of zeros before Data that have no clusters, a multiple of the cluster size, as $UsnJrnl:$J has
}

// Times are the four times that NTFS keeps of a file: created, content modified,
// MFT entry changed, accessed. They are cut to 100 ns.
type Times struct{ Created, Modified, Changed, Accessed time.Time }

// AllAt returns Times that are all t.
func AllAt(t time.Time) Times { return Times{t, t, t, t} }

const systemSID = "S-1-5-18"

// Bytes returns the image of the volume. The same Volume gives the same bytes.
func (v Volume) Bytes() ([]byte, error) {
	w, err := newWriter(v)
	if err != nil {
		return nil, fmt.Errorf("mfttest: %w", err)
	}
	if err := w.tree.add(w.Files); err != nil {
		return nil, fmt.Errorf("mfttest: %w", err)
	}
	for _, n := range w.tree.nodes {
		if err := w.file(n); err != nil {
			return nil, fmt.Errorf("mfttest: %s: %w", n.Path, err)
		}
	}
	image, err := w.finish()
	if err != nil {
		return nil, fmt.Errorf("mfttest: %w", err)
	}
	return image, nil
}

// withDefaults returns v with defaults in place of zeros.
func (v Volume) withDefaults() (Volume, error) {
	if v.SectorSize == 0 {
		v.SectorSize = 512
	}
	if v.ClusterSize == 0 {
		v.ClusterSize = max(4096, v.SectorSize)
	}
	if v.RecordSize == 0 {
		v.RecordSize = max(1024, v.SectorSize)
	}
	if v.Created.IsZero() {
		v.Created = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	switch {
	case !isPower(v.SectorSize, 512, 4096):
		return v, fmt.Errorf("sector size %d: want a power of two from 512 to 4096", v.SectorSize)
	case !isPower(v.ClusterSize, v.SectorSize, 2<<20):
		return v, fmt.Errorf("cluster size %d: want a power of two from %d to 2 MiB", v.ClusterSize, v.SectorSize)
	case v.RecordSize != 1024 && v.RecordSize != 4096:
		return v, fmt.Errorf("record size %d: want 1024 or 4096", v.RecordSize)
	}
	return v, nil
}

func isPower(n, low, high int) bool { return n >= low && n <= high && n&(n-1) == 0 }
