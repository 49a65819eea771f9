package evtx

import (
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// The events of the Background Intelligent Transfer Service, which downloads and uploads
// for Windows Update, for programs, and for attackers.

var bits = source{
	name: "bits", provider: "Microsoft-Windows-Bits-Client",
	guid: "{ef1cc15b-46c1-414e-bb95-e76b077bd51e}", channel: "Microsoft-Windows-Bits-Client/Operational",
}

// BITS3 records that a job was created. Windows 7 wrote title and owner under other names.
//
// Policy: none; always written.
type BITS3 struct {
	System
	JobTitle     string `evtx:"jobTitle|string"`
	JobId        GUID   `evtx:"jobId"`
	JobOwner     string `evtx:"jobOwner|string2"`
	ProcessPath  string `evtx:"processPath,since=1"`
	JobProcessId uint32 `evtx:"processId,since=1"`
	Extra        []Field
}

var _ = declare[BITS3](bits, 3, written{versions: []uint8{1, 2}, level: 4, keywords: 0x4000000000000000},
	`{JobOwner} created the BITS job {JobTitle}[ by {ProcessPath} (process {JobProcessId})]`)

// BITS4 records that a job was completed.
//
// Policy: none; always written.
type BITS4 struct {
	System
	User                     string
	JobTitle                 string `evtx:"jobTitle"`
	JobId                    GUID   `evtx:"jobId"`
	JobOwner                 string `evtx:"jobOwner"`
	FileCount                uint64 `evtx:"fileCount"`
	BytesTransferred         uint64 `evtx:"bytesTransferred,since=1"`
	BytesTransferredFromPeer uint64 `evtx:"bytesTransferredFromPeer,since=1"`
	Extra                    []Field
}

var _ = declare[BITS4](bits, 4, written{versions: []uint8{0, 1}, level: 4, keywords: 0x4000000000000000},
	`{User} completed the BITS job {JobTitle} of {JobOwner}: {FileCount} files, {BytesTransferred} bytes`)

// BITS5 records that a job was cancelled.
//
// Policy: none; always written.
type BITS5 struct {
	System
	User      string
	JobTitle  string `evtx:"jobTitle"`
	JobId     GUID   `evtx:"jobId"`
	JobOwner  string `evtx:"jobOwner"`
	FileCount uint64 `evtx:"fileCount"`
	Extra     []Field
}

var _ = declare[BITS5](bits, 5, written{level: 4, keywords: 0x4000000000000000},
	`{User} cancelled the BITS job {JobTitle} of {JobOwner}`)

// BITS59 records that a transfer started.
//
// Policy: none; always written.
type BITS59 struct {
	System
	TransferId               GUID      `evtx:"transferId"`
	JobTitle                 string    `evtx:"name"`
	JobId                    GUID      `evtx:"Id"`
	URL                      string    `evtx:"url"`
	Peer                     string    `evtx:"peer"`
	FileTime                 time.Time `evtx:"fileTime,filetime"` // last modified, by the server
	FileLength               uint64    `evtx:"fileLength"`
	BytesTotal               uint64    `evtx:"bytesTotal"`
	BytesTransferred         uint64    `evtx:"bytesTransferred"`
	BytesTransferredFromPeer uint64    `evtx:"bytesTransferredFromPeer,since=1"`
	Extra                    []Field
}

var _ = declare[BITS59](bits, 59, written{versions: []uint8{0, 1}, level: 4, opcode: 1, keywords: 0x4000000000000000},
	`BITS began to transfer {URL} for the job {JobTitle}`)

// BITS60 records that a transfer ended.
//
// Policy: none; always written.
type BITS60 struct {
	System
	TransferId                 GUID             `evtx:"transferId"`
	JobTitle                   string           `evtx:"name"`
	JobId                      GUID             `evtx:"Id"`
	URL                        string           `evtx:"url"`
	Peer                       string           `evtx:"peer"`
	Hr                         winid.Win32Error `evtx:"hr"`
	FileTime                   time.Time        `evtx:"fileTime,filetime"` // last modified, by the server
	FileLength                 uint64           `evtx:"fileLength"`
	BytesTotal                 uint64           `evtx:"bytesTotal"`
	BytesTransferred           uint64           `evtx:"bytesTransferred"`
	Proxy                      string           `evtx:"proxy"`
	PeerProtocolFlags          uint64           `evtx:"peerProtocolFlags,since=1"`
	BytesTransferredFromPeer   uint64           `evtx:"bytesTransferredFromPeer,since=1"`
	AdditionalInfoHr           winid.Win32Error `evtx:",since=1"`
	PeerContextInfo            uint32           `evtx:",since=1"`
	BandwidthLimit             uint64           `evtx:"bandwidthLimit,since=1"`
	IgnoreBandwidthLimitsOnLan bool             `evtx:"ignoreBandwidthLimitsOnLan,since=1"`
	Extra                      []Field
}

var _ = declare[BITS60](bits, 60, written{versions: []uint8{0, 1}, level: 4, opcode: 2, keywords: 0x4000000000000000},
	`BITS transferred {BytesTransferred} of {BytesTotal} bytes of {URL} for the job {JobTitle}, status {Hr}`)

// BITS61 records that a transfer failed.
//
// Policy: none; always written.
type BITS61 struct {
	System
	TransferId                 GUID             `evtx:"transferId"`
	JobTitle                   string           `evtx:"name"`
	JobId                      GUID             `evtx:"Id"`
	URL                        string           `evtx:"url"`
	Peer                       string           `evtx:"peer"`
	Hr                         winid.Win32Error `evtx:"hr"`
	FileTime                   time.Time        `evtx:"fileTime,filetime"` // last modified, by the server
	FileLength                 uint64           `evtx:"fileLength"`
	BytesTotal                 uint64           `evtx:"bytesTotal"`
	BytesTransferred           uint64           `evtx:"bytesTransferred"`
	Proxy                      string           `evtx:"proxy"`
	PeerProtocolFlags          uint64           `evtx:"peerProtocolFlags,since=1"`
	BytesTransferredFromPeer   uint64           `evtx:"bytesTransferredFromPeer,since=1"`
	AdditionalInfoHr           winid.Win32Error `evtx:",since=1"`
	PeerContextInfo            uint32           `evtx:",since=1"`
	BandwidthLimit             uint64           `evtx:"bandwidthLimit,since=1"`
	IgnoreBandwidthLimitsOnLan bool             `evtx:"ignoreBandwidthLimitsOnLan,since=1"`
	Extra                      []Field
}

var _ = declare[BITS61](bits, 61, written{versions: []uint8{0, 1}, level: 3, opcode: 2, keywords: 0x4000000000000000},
	`BITS failed to transfer {URL} for the job {JobTitle}, status {Hr}`)

// BITS64 records that a job cannot start the program that it is to notify.
//
// Policy: none; always written.
type BITS64 struct {
	System
	Job   string
	Url   string
	Pgm   string
	Hr    winid.Win32Error `evtx:"hr"`
	Extra []Field
}

var _ = declare[BITS64](bits, 64, written{level: 3, keywords: 0x4000000000000000},
	`the BITS job {Job} could not start {Pgm}, status {Hr}`)
