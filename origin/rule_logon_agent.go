package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var logonAgent = &rule{
	name: "logon.agent", question: Logon, best: Unknown,
	after:   []Question{Writer},
	finds:   "an agent of remote management among the writer and its ancestors: whoever gave the command did so elsewhere, and only that service records it",
	reads:   []*source{auditProcess},
	against: "a command that a program on the machine itself gave the agent",
	apart:   "the records of the service that the agent works for",
	find:    (*inquiry).findAgent,
}

// agents are the agents of remote management that run commands as SYSTEM, and what
// records who gave these.
var agents = map[string]struct{ name, records string }{
	"SSM-AGENT-WORKER.EXE":                                 {"AWS Systems Manager", "SendCommand and StartSession in CloudTrail"},
	"SSM-DOCUMENT-WORKER.EXE":                              {"AWS Systems Manager", "SendCommand and StartSession in CloudTrail"},
	"SSM-SESSION-WORKER.EXE":                               {"AWS Systems Manager", "StartSession in CloudTrail"},
	"AMAZON-SSM-AGENT.EXE":                                 {"AWS Systems Manager", "SendCommand and StartSession in CloudTrail"},
	"WINDOWSAZUREGUESTAGENT.EXE":                           {"the Azure guest agent", "the activity log of the subscription"},
	"CUSTOMSCRIPTHANDLER.EXE":                              {"the Azure guest agent", "the activity log of the subscription"},
	"RUNCOMMANDEXTENSION.EXE":                              {"the Azure guest agent", "the activity log of the subscription"},
	"GCE_WINDOWS_AGENT.EXE":                                {"the guest agent of Google Compute Engine", "the audit logs of the project"},
	"GCEMETADATASCRIPTS.EXE":                               {"the guest agent of Google Compute Engine", "the audit logs of the project"},
	"CCMEXEC.EXE":                                          {"Configuration Manager", "the status messages of its site"},
	"MICROSOFT.MANAGEMENT.SERVICES.INTUNEWINDOWSAGENT.EXE": {"Intune", "the audit log of the tenant"},
	"AGENTEXECUTOR.EXE":                                    {"Intune", "the audit log of the tenant"},
}

// findAgent leads from a writer that an agent started to what records who asked for it.
func (q *inquiry) findAgent() []candidate {
	if q.writer == nil {
		return nil
	}
	for _, p := range append([]*process{q.writer}, q.processes.ancestors(q.writer)...) {
		agent, ok := agents[winpath.Fold(winpath.Base(p.image))]
		if !ok {
			continue
		}
		a := lead()
		a.Answer.Answer = fmt.Sprintf("%s acts for %s: %s shows who gave the command, and from where.", p, agent.name, strings.ToUpper(agent.records[:1])+agent.records[1:])
		a.other = "whoever gave the command through " + agent.name
		a.cite(p.cite()...)
		return []candidate{a}
	}
	return nil
}
