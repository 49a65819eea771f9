package evtx

// The events about disks, as sticks and drives leave them when they are plugged in.

var (
	partition = source{
		name: "partition", provider: "Microsoft-Windows-Partition",
		guid: "{412bdff2-a8c4-470d-8f33-63fe0d8c20e2}", channel: "Microsoft-Windows-Partition/Diagnostic",
	}
	storageService = source{
		name: "storsvc", provider: "Microsoft-Windows-Storsvc",
		guid: "{a963a23c-0058-521d-71ec-a1cce6173f21}", channel: "Microsoft-Windows-Storsvc/Diagnostic",
	}
	ntfsClassic = source{
		name: "ntfs", provider: "Ntfs",
		guid: "{dd70bc80-ef44-421b-8ac3-cd31da613a4e}", channel: "System",
	}
)

// Partition1006 records that a disk came or went, with its serial number and its first
// sectors. Capacity is 0 if the disk went. Versions differ in their fields; these are
// those of Windows 10 1803.
//
// Policy: none; always written.
type Partition1006 struct {
	System
	LayoutVersion                 uint32 `evtx:"Version"`
	DiskNumber                    uint32
	Flags                         uint32
	Characteristics               uint32
	IsSystemCritical              bool
	PagingCount                   uint32
	HibernationCount              uint32
	DumpCount                     uint32
	BytesPerSector                uint32
	Capacity                      uint64
	BusType                       uint32
	Manufacturer                  string
	Model                         string
	Revision                      string
	SerialNumber                  string
	Location                      string
	ParentId                      string
	IoctlSupport                  uint64
	IdFlags                       uint32
	DiskId                        GUID
	AdapterId                     GUID
	RegistryId                    GUID
	PoolId                        GUID
	FirmwareSupportsUpgrade       bool
	FirmwareSlotCount             uint8
	StorageIdCount                uint32
	StorageIdCodeSet              uint32
	StorageIdType                 uint32
	StorageIdAssociation          uint32
	StorageIdBytes                uint32
	StorageId                     []byte
	WriteCacheType                uint32
	WriteCacheEnabled             uint32
	WriteCacheChangeable          uint32
	WriteThroughSupported         uint32
	FlushCacheSupported           bool
	IsPowerProtected              bool
	NVCacheEnabled                bool
	BytesPerLogicalSector         uint32
	BytesPerPhysicalSector        uint32
	BytesOffsetForSectorAlignment uint32
	IncursSeekPenalty             bool
	IsTrimSupported               bool
	IsThinProvisioned             bool
	OptimalUnmapGranularity       uint64
	UnmapAlignment                uint64
	NumberOfLogicalCopies         uint32
	NumberOfPhysicalCopies        uint32
	FaultTolerance                uint32
	NumberOfColumns               uint32
	InterleaveBytes               uint32
	HybridSupported               bool
	HybridCacheBytes              uint64
	AdapterMaximumTransferBytes   uint32
	AdapterMaximumTransferPages   uint32
	AdapterAlignmentMask          uint32
	AdapterSerialNumber           string
	PortDriver                    uint32
	UserRemovalPolicy             bool
	PartitionStyle                uint32
	PartitionCount                uint32
	PartitionTableBytes           uint32
	PartitionTable                []byte
	MbrBytes                      uint32
	Mbr                           []byte
	Vbr0Bytes                     uint32
	Vbr0                          []byte
	Vbr1Bytes                     uint32
	Vbr1                          []byte
	Vbr2Bytes                     uint32
	Vbr2                          []byte
	Vbr3Size                      uint32
	Vbr3                          []byte
	Extra                         []Field
}

var _ = declare[Partition1006](partition, 1006, written{versions: []uint8{4}, level: 4, keywords: 0x8000000000000000},
	`the disk {DiskNumber} was seen: {Manufacturer} {Model}, serial number {SerialNumber}, {Capacity} bytes, {ParentId}`)

// StorSvc1001 records that a disk was plugged in.
//
// Policy: none; always written.
type StorSvc1001 struct {
	System
	LayoutVersion      uint32 `evtx:"Version"`
	DiskNumber         uint32
	VendorId           string
	ProductId          string
	ProductRevision    string
	SerialNumber       string
	ParentId           string
	FileSystem         string
	BusType            uint32
	PartitionStyle     uint32
	VolumeCount        uint32
	ContainsRawVolumes bool
	Size               uint64
	Extra              []Field
}

var _ = declare[StorSvc1001](storageService, 1001, written{level: 4, keywords: 0x8000000000000000},
	`the disk {DiskNumber} was plugged in: {VendorId} {ProductId}, serial number {SerialNumber}, {Size} bytes, {ParentId}`)

// NTFS55 records that the structure of a volume is damaged.
//
// Policy: none; always written.
type NTFS55 struct {
	System
	DriveName       string
	DeviceName      string
	CorruptionState uint32 `evtx:",hex"`
	HeaderFlags     uint32 `evtx:",hex"`
	Severity        string
	Origin          string
	Verb            string
	Description     string
	Signature       uint32 `evtx:",hex"`
	Outcome         string
	SampleLength    uint16
	SampleData      []byte
	SourceFile      uint32 `evtx:",hex"`
	SourceLine      uint16
	SourceTag       uint32
	AdditionalInfo  uint32 `evtx:",hex"`
	CallStack       string
	Extra           []Field
}

var _ = declare[NTFS55](ntfsClassic, 55, written{level: 2, keywords: 0x8000000000000000},
	`the volume {DriveName} was found damaged: {Description}`)
