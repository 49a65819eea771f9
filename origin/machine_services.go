package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// clientServices are the programs of Windows that write files for their clients, while
// they run as SYSTEM. The client is whoever asked: an account on another machine, the
// owner of a job or of a task.
var clientServices = map[string]string{
	"SVCHOST.EXE":             "the services in it write for the owners of jobs and tasks",
	"MSIEXEC.EXE":             "the installer service installs what a user asked for",
	"TRUSTEDINSTALLER.EXE":    "the servicing stack installs what an administrator asked for",
	"WSMPROVHOST.EXE":         "the host of WinRM runs what a remote user asked for",
	"WMIPRVSE.EXE":            "the host of WMI runs what a client asked for",
	"SSM-AGENT-WORKER.EXE":    "the agent of AWS Systems Manager runs what its console asked for",
	"SSM-DOCUMENT-WORKER.EXE": "the agent of AWS Systems Manager runs what its console asked for",
}

// kernelPID is the process of the kernel, in which the server of file shares runs.
const kernelPID = 4

// actsForClients reports whether a process writes files for others.
func actsForClients(p *process) bool {
	name := winpath.Fold(winpath.Base(p.image))
	if p.pid == kernelPID && (name == "SYSTEM" || name == "") {
		return true
	}
	return clientServices[name] != "" && (isSystemProgram(p.image) || strings.HasPrefix(name, "SSM-"))
}
