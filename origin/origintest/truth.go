package origintest

import (
	"crypto/sha256"
	"encoding/hex"
)

// Truth is what really happened, in the terms of package origin's facts: what an
// investigation of the Scenario's subject must find, and how firmly.
type Truth struct {
	Subject        string   `json:"subject"`
	Answers        []Answer `json:"answers"`        // to every question, in its order
	Contradictions []string `json:"contradictions"` // the kinds, in their order
	Innocent       []string `json:"innocent"`       // what no answer may name
}

// Answer is the true answer to a question, as far as the evidence of the Scenario
// supports it.
type Answer struct {
	Question       string `json:"question"`
	Grade          string `json:"grade"`
	UnknownBecause string `json:"unknown_because,omitempty"`
	// Groups has the facts of each thing that the answer names, in the order of the
	// answer. Most answers name one.
	Groups []Facts `json:"groups"`
}

// Facts are parts of an answer by their names in package origin.
type Facts map[string]string

func answer(question, grade string, groups ...Facts) Answer {
	return Answer{Question: question, Grade: grade, Groups: append([]Facts{}, groups...)}
}

// unknown is the answer that no evidence gives, with what is known all the same.
func unknown(question, because string, groups ...Facts) Answer {
	a := answer(question, "unknown", groups...)
	a.UnknownBecause = because
	return a
}

// Truth returns what an investigation of one of the Variants must find. What Without
// removes is not removed from it.
func (s *Scenario) Truth() (Truth, error) {
	b, err := s.build()
	if err != nil {
		return Truth{}, err
	}
	sum := sha256.Sum256(b.programs[subject].data)
	writer := b.processes.at(5532, created)
	t := Truth{
		Subject: subject,
		Answers: []Answer{
			answer("what", "recorded", Facts{"sha256": hex.EncodeToString(sum[:]), "company": "Microsoft Corporation",
				"original_name": "SQLSERVR.EXE", "signed": "no", "lookalike_of": "sqlservr.exe"}),
			answer("appeared", "recorded", Facts{"time": "2026-03-02T13:42:09.2134567Z", "si_created": "2026-03-02T13:42:09.2134567Z",
				"fn_created": "2026-03-02T13:42:09.2134567Z", "logged": "2026-03-02T13:42:09.213Z"}),
			answer("original_name", "recorded", Facts{"path": subject, "stated_name": "SQLSERVR.EXE"}),
			answer("writer", "recorded", Facts{"image": system32 + "certutil.exe", "pid": "5532", "process_guid": writer.guid().String(),
				"command_line": writer.line, "parent_image": system32 + "cmd.exe", "parent_pid": "5404"}),
			answer("account", "recorded", Facts{"user": portalAdmin.String(), "sid": portalAdmin.sid, "logon_id": "0x4c1a9"}),
			answer("arrival", "recorded", Facts{"kind": "download", "url": depotURL, "address": depotIP}),
			answer("logon", "recorded",
				Facts{"logon_id": "0x4c1a9", "logon_type": "4", "time": "2026-03-02T04:02:11.391Z", "user": portalAdmin.String()},
				Facts{"logon_id": "0x8f2a41", "logon_type": "10", "time": "2026-03-02T13:52:16.551Z", "user": portalAdmin.String(),
					"address": strangerIP, "session_end": "2026-03-02T14:10:31.902Z"}),
			answer("web_entry", "corroborated", Facts{"image": webServer, "pid": "4380", "method": "POST", "url": "/portal/upload.aspx",
				"address": strangerIP, "time": "2026-03-02T13:42:11Z", "status": "200", "user_agent": "python-requests/2.31.0"}),
			answer("executed", "recorded", Facts{"time": "2026-03-02T22:04:02.733Z", "count": "1", "parent_image": system32 + "services.exe",
				"user": localSystem.String(), "pid": "2216", "logon_id": "0x3e7"}),
			answer("autostart", "recorded",
				Facts{"category": "service", "name": "SQLServerSvc", "location": `ControlSet001\Services\SQLServerSvc`,
					"written": "2026-03-02T13:54:05.311Z", "command": subject, "state": "held"},
				Facts{"category": "run", "name": "SQLServerUpdate", "location": `Microsoft\Windows\CurrentVersion\Run`,
					"written": "2026-03-02T13:55:12.300512Z", "command": subject, "state": "held"}),
			answer("companions", "recorded", Facts{"file": companion}),
			answer("reach", "recorded", Facts{"address": depotIP, "port": "443"}),
		},
		Contradictions: []string{"logon_id_reused"},
		Innocent:       []string{"7z2409", "Example Backup", "ExampleBackup", "notepad.exe", "WmiPrvSE.exe", adminIP, "svcadmin", `MSSQL\Binn`},
	}
	change := func(a Answer) {
		for i := range t.Answers {
			if t.Answers[i].Question == a.Question {
				t.Answers[i] = a
			}
		}
	}
	infer := func(question string, drop ...string) {
		for i := range t.Answers {
			if a := &t.Answers[i]; a.Question == question {
				a.Grade = "inferred"
				for _, name := range drop {
					delete(a.Groups[0], name)
				}
			}
		}
	}
	if s.noSysmon {
		// No record names the writer together with the file. Only a command line at
		// that time names both.
		infer("writer", "process_guid")
		for _, question := range []string{"account", "logon", "web_entry", "companions"} {
			infer(question)
		}
		change(answer("appeared", "inferred", Facts{"time": "2026-03-02T13:42:09.2134567Z", "si_created": "2026-03-02T13:42:09.2134567Z",
			"fn_created": "2026-03-02T13:42:09.2134567Z"}))
		change(answer("original_name", "inferred", Facts{"stated_name": "SQLSERVR.EXE"}))
		change(answer("executed", "recorded", Facts{"time": "2026-03-02T22:04:02.733417Z", "count": "1", "parent_image": system32 + "services.exe",
			"user": localSystem.String(), "pid": "2216", "logon_id": "0x3e7"}))
		change(unknown("reach", "source_absent"))
	}
	if s.unaudited {
		// The owner and his sessions are known, and what is on the disk.
		change(unknown("writer", "source_absent"))
		infer("account", "logon_id")
		change(answer("logon", "inferred", Facts{"logon_id": "0x4c1a9", "logon_type": "4", "time": "2026-03-02T04:02:11.391Z", "user": portalAdmin.String()}))
		change(unknown("web_entry", "partly_searched"))
		change(unknown("executed", "partly_searched"))
		t.Contradictions = []string{"no_process_audit"}
		t.Innocent = []string{"Example Backup", "ExampleBackup", adminIP, "svcadmin"}
	}
	if s.cleared {
		change(unknown("logon", "outside_retention", Facts{"logon_id": "0x4c1a9"}))
		t.Contradictions = []string{"log_cleared", "log_starts_after"}
	}
	if s.stomped {
		change(answer("appeared", "corroborated", Facts{"time": "2026-03-02T13:42:09.2134567Z", "si_created": "2019-03-19T04:44:12Z",
			"fn_created": "2026-03-02T13:42:09.2134567Z", "logged": "2026-03-02T13:42:09.213Z"}))
		t.Contradictions = []string{"si_before_fn", "zero_subseconds", "creation_differs", "time_changed", "entry_order", "times_suspect", "logon_id_reused"}
	}
	return t, nil
}
