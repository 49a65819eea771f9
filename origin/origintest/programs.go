package origintest

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// A program is an executable on the volume.
type program struct {
	path    string // as Windows writes it
	version pe.VersionInfo
	data    []byte
}

// windowsPrograms are the programs of Windows that the story needs. The strings are
// those of the version resources of Windows Server 2022; the company is Microsoft's.
var windowsPrograms = [...]struct{ path, description, original, version, product string }{
	{`C:\Windows\explorer.exe`, "Windows Explorer", "EXPLORER.EXE", "10.0.20348.3692", ""},
	{system32 + `cmd.exe`, "Windows Command Processor", "Cmd.Exe", "10.0.20348.3932", ""},
	{system32 + `certutil.exe`, "CertUtil.exe", "CertUtil.exe", "10.0.20348.4163", ""},
	{system32 + `services.exe`, "Services and Controller app", "services.exe", "10.0.20348.1", ""},
	{system32 + `svchost.exe`, "Host Process for Windows Services", "svchost.exe", "10.0.20348.1", ""},
	{webServer, "IIS Worker Process", "w3wp.exe", "10.0.20348.1", "Internet Information Services"},
	{system32 + `wininit.exe`, "Windows Start-Up Application", "WinInit.exe", "10.0.20348.1", ""},
	{system32 + `wbem\WmiPrvSE.exe`, "WMI Provider Host", "Wmiprvse.exe", "10.0.20348.1", ""},
	{system32 + `sc.exe`, "Service Control Manager Configuration Tool", "sc.exe", "10.0.20348.1", ""},
	{system32 + `reg.exe`, "Registry Console Tool", "reg.exe", "10.0.20348.1", ""},
	{system32 + `notepad.exe`, "Notepad", "NOTEPAD.EXE", "10.0.20348.1", ""},
	{system32 + `WindowsPowerShell\v1.0\powershell.exe`, "Windows PowerShell", "PowerShell.EXE", "10.0.20348.1", ""},
	{edge, "Microsoft Edge", "msedge.exe", "141.0.3537.99", "Microsoft Edge"},
}

// programs are the executables on the volume, by path.
type programs map[string]*program

// newPrograms makes a substitute for every executable. It does nothing, but has the
// version resource that Sysmon reads, and imports and a signature if those matter.
func newPrograms() (programs, error) {
	images := map[string]petest.Image{}
	for _, w := range windowsPrograms {
		images[w.path] = petest.Image{Version: pe.VersionInfo{
			CompanyName: "Microsoft Corporation", FileDescription: w.description, OriginalFilename: w.original,
			FileVersion: fileVersion(w.path, w.version), ProductName: cmp.Or(w.product, "Microsoft® Windows® Operating System"), ProductVersion: w.version,
		}}
	}
	database := pe.VersionInfo{
		CompanyName: "Microsoft Corporation", FileDescription: "SQL Server Windows NT - 64 Bit", FileVersion: "2022.160.1000.6",
		InternalName: "SQLSERVR", OriginalFilename: "SQLSERVR.EXE", ProductName: "Microsoft SQL Server", ProductVersion: "16.0.1000.6",
	}
	sockets := []petest.Import{{DLL: "ws2_32.dll", Functions: []string{"WSAStartup", "connect", "send", "recv"}}, {DLL: "kernel32.dll", Functions: []string{"CreateProcessW", "ExitProcess"}}}
	authority := petest.NewCA("Birthmark Test Root")
	signed := func(name string, i petest.Image) petest.Image {
		i.Signature = petest.Signature{Signer: authority.Issue(name), SigningTime: i.LinkTime.Add(time.Hour)}
		return i
	}
	images[subject] = petest.Image{LinkTime: linked, Version: database, Imports: sockets, Padding: 48 << 10}
	images[companion] = petest.Image{LinkTime: linked, DLL: true, ExportName: "sqlhelper.dll", Imports: sockets, Padding: 12 << 10}
	images[genuine] = signed("Stand-in for Microsoft Corporation", petest.Image{LinkTime: installed.AddDate(-1, 0, 0), Version: database, Padding: 64 << 10})
	images[installer] = signed("Stand-in for Igor Pavlov", petest.Image{LinkTime: installed.AddDate(0, -3, 0), Padding: 16 << 10,
		Version: pe.VersionInfo{CompanyName: "Igor Pavlov", FileDescription: "7-Zip Installer", OriginalFilename: "7zipInstall.exe", ProductName: "7-Zip"}})
	images[backup] = signed("Example Backup Ltd", petest.Image{LinkTime: installed.AddDate(0, -2, 0), Padding: 8 << 10,
		Version: pe.VersionInfo{CompanyName: "Example Backup Ltd", FileDescription: "Backup agent", OriginalFilename: "agent.exe"}})

	all := programs{}
	for path, image := range images {
		data, err := image.Bytes()
		if err != nil {
			return nil, err
		}
		all[path] = &program{path, image.Version, data}
	}
	return all, nil
}

// fileVersion is the FileVersion of a program of Windows, which names its branch. Edge
// is not built with Windows.
func fileVersion(path, version string) string {
	if path == edge {
		return version
	}
	return version + " (WinBuild.160101.0800)"
}

// hashes is the Hashes field of Sysmon for the program.
func (p *program) hashes() string { return fmt.Sprintf("SHA256=%X", sha256.Sum256(p.data)) }
