package evtx

import "github.com/birthmark-dfir/birthmark/winid"

// The events of the print spooler.

var printService = source{
	name: "printservice", provider: "Microsoft-Windows-PrintService",
	guid: "{747ef6fd-e535-4d16-b510-42c90f6873a1}", channel: "Microsoft-Windows-PrintService/Operational",
}

// PrintService307 records that a document was printed.
//
// Policy: none; the log Microsoft-Windows-PrintService/Operational must be enabled.
type PrintService307 struct {
	System
	Job      string `evtx:"Param1"` // its number
	Document string `evtx:"Param2"`
	User     string `evtx:"Param3"`
	Machine  string `evtx:"Param4"`
	Printer  string `evtx:"Param5"`
	Port     string `evtx:"Param6"` // a path, if it prints to a file
	Size     string `evtx:"Param7"`
	Pages    string `evtx:"Param8"`
	Extra    []Field
}

var _ = declare[PrintService307](printService, 307, written{level: 4, opcode: 11, task: 26, keywords: 0x4000000000000840, element: "DocumentPrinted", namespace: "http://manifests.microsoft.com/win/2005/08/windows/printing/spooler/core/events"},
	`{User} on {Machine} printed {Document} on {Printer} through {Port}: {Pages} pages, {Size} bytes`)

// PrintService316 records that a printer driver was added or updated.
//
// Policy: none; the log Microsoft-Windows-PrintService/Operational must be enabled.
type PrintService316 struct {
	System
	Driver        string `evtx:"Param1"`
	Environment   string `evtx:"Param2"`
	DriverVersion string `evtx:"Param3"`
	Files         string `evtx:"Param4"`
	Extra         []Field
}

var _ = declare[PrintService316](printService, 316, written{level: 4, opcode: 11, task: 8, keywords: 0x4000000000000900, element: "DriverAdded", namespace: "http://manifests.microsoft.com/win/2005/08/windows/printing/spooler/core/events"},
	`the printer driver {Driver} was added for {Environment}: {Files}`)

// PrintService808 records that the spooler failed to load a module, such as the DLL of an
// exploit.
//
// Policy: none; always written.
type PrintService808 struct {
	System
	PluginDllName string
	ErrorCode     winid.Win32Error `evtx:",hex"`
	Context       int32
	Extra         []Field
}

var _ = declare[PrintService808](printService, 808, written{channel: "Microsoft-Windows-PrintService/Admin", level: 2, opcode: 12, task: 36, keywords: 0x8000000000020000, element: "LoadPluginFailed", namespace: "http://manifests.microsoft.com/win/2005/08/windows/printing/spooler/core/events"},
	`the spooler failed to load {PluginDllName}, error {ErrorCode}`)
