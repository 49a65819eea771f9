package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the Windows Installer, in the Application log.

var msiInstaller = source{
	name: "msiinstaller", provider: "MsiInstaller",
	channel: "Application",
}

// MsiInstaller1033 records that a product was installed, or failed to.
//
// Policy: none; always written.
type MsiInstaller1033 struct {
	System
	Product        string          `evtx:"#0"`
	ProductVersion string          `evtx:"#1"`
	Language       string          `evtx:"#2"`
	Status         winid.ErrorText `evtx:"#3"`
	Manufacturer   string          `evtx:"#4"`
	Text5          string          `evtx:"#5"`
	Text6          string          `evtx:"#6"`
	Binary         []byte          // the code of the product, and a hash
	Extra          []Field
}

var _ = declare[MsiInstaller1033](msiInstaller, 1033, written{level: 4, keywords: 0x80000000000000},
	`{Product} {ProductVersion} of {Manufacturer} was installed, status {Status}`)

// MsiInstaller1034 records that a product was removed, or failed to be.
//
// Policy: none; always written.
type MsiInstaller1034 struct {
	System
	Product        string          `evtx:"#0"`
	ProductVersion string          `evtx:"#1"`
	Language       string          `evtx:"#2"`
	Status         winid.ErrorText `evtx:"#3"`
	Manufacturer   string          `evtx:"#4"`
	Text5          string          `evtx:"#5"`
	Text6          string          `evtx:"#6"`
	Binary         []byte          // the code of the product, and a hash
	Extra          []Field
}

var _ = declare[MsiInstaller1034](msiInstaller, 1034, written{level: 4, keywords: 0x80000000000000},
	`{Product} {ProductVersion} of {Manufacturer} was removed, status {Status}`)

// MsiInstaller1040 records that a transaction of the installer began.
//
// Policy: none; always written.
type MsiInstaller1040 struct {
	System
	Package         string `evtx:"#0"` // its path or URL
	ClientProcessID string `evtx:"#1"`
	Text2           string `evtx:"#2"`
	Text3           string `evtx:"#3"`
	Text4           string `evtx:"#4"`
	Text5           string `evtx:"#5"`
	Text6           string `evtx:"#6"`
	Extra           []Field
}

var _ = declare[MsiInstaller1040](msiInstaller, 1040, written{level: 4, keywords: 0x80000000000000},
	`process {ClientProcessID} began to install {Package}`)

// MsiInstaller1042 records that a transaction of the installer ended.
//
// Policy: none; always written.
type MsiInstaller1042 struct {
	System
	Package         string `evtx:"#0"` // its path or URL
	ClientProcessID string `evtx:"#1"`
	Text2           string `evtx:"#2"`
	Text3           string `evtx:"#3"`
	Text4           string `evtx:"#4"`
	Text5           string `evtx:"#5"`
	Text6           string `evtx:"#6"`
	Extra           []Field
}

var _ = declare[MsiInstaller1042](msiInstaller, 1042, written{level: 4, keywords: 0x80000000000000},
	`process {ClientProcessID} ended the installation of {Package}`)

// MsiInstaller11707 records that an installation succeeded.
//
// Policy: none; always written.
type MsiInstaller11707 struct {
	System
	Message string `evtx:"#0"`
	Text1   string `evtx:"#1"`
	Text2   string `evtx:"#2"`
	Text3   string `evtx:"#3"`
	Text4   string `evtx:"#4"`
	Text5   string `evtx:"#5"`
	Text6   string `evtx:"#6"`
	Binary  []byte // the code of the product, and a hash
	Extra   []Field
}

var _ = declare[MsiInstaller11707](msiInstaller, 11707, written{level: 4, keywords: 0x80000000000000},
	`{Message}`)

// MsiInstaller11708 records that an installation failed.
//
// Policy: none; always written.
type MsiInstaller11708 struct {
	System
	Message string `evtx:"#0"`
	Text1   string `evtx:"#1"`
	Text2   string `evtx:"#2"`
	Text3   string `evtx:"#3"`
	Text4   string `evtx:"#4"`
	Text5   string `evtx:"#5"`
	Text6   string `evtx:"#6"`
	Binary  []byte // the code of the product, and a hash
	Extra   []Field
}

var _ = declare[MsiInstaller11708](msiInstaller, 11708, written{level: 4, keywords: 0x80000000000000},
	`{Message}`)

// MsiInstaller11724 records that a removal succeeded.
//
// Policy: none; always written.
type MsiInstaller11724 struct {
	System
	Message string `evtx:"#0"`
	Text1   string `evtx:"#1"`
	Text2   string `evtx:"#2"`
	Text3   string `evtx:"#3"`
	Text4   string `evtx:"#4"`
	Text5   string `evtx:"#5"`
	Text6   string `evtx:"#6"`
	Binary  []byte // the code of the product, and a hash
	Extra   []Field
}

var _ = declare[MsiInstaller11724](msiInstaller, 11724, written{level: 4, keywords: 0x80000000000000},
	`{Message}`)
