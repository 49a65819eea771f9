package origin_test

import (
	"context"
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// The built-in machine replaces an image: evidence.Open("disk.raw") opens one.
func ExampleInvestigate() {
	ev, err := origintest.SQLServer().Evidence()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	vol, name, err := ev.Resolve(`C:\ProgramData\USOShared\sqlserver.exe`)
	if err != nil {
		log.Fatal(err)
	}
	report, err := origin.Investigate(context.Background(), vol.FS, name, origin.WithDrive(vol.Letter))
	if err != nil {
		log.Fatal(err)
	}
	writer := report.Answer(origin.Writer)
	fmt.Println(writer.Fact("image"), writer.Grade)
	for _, c := range writer.Evidence {
		fmt.Println(c.Artifact, "record", c.Record)
	}
	// Output:
	// C:\Windows\System32\certutil.exe recorded
	// Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx record 90571
	// Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx record 90569
	// Windows/System32/winevt/Logs/Security.evtx record 814251
}

// investigate reports on the subject of a scenario.
func investigateScenario(s *origintest.Scenario) *origin.Report {
	ev, err := s.Evidence()
	if err != nil {
		log.Fatal(err)
	}
	defer ev.Close()
	vol, name, err := ev.Resolve(s.Subject)
	if err != nil {
		log.Fatal(err)
	}
	report, err := origin.Investigate(context.Background(), vol.FS, name, origin.WithDrive(vol.Letter))
	if err != nil {
		log.Fatal(err)
	}
	return report
}

// The verdict is the short form of the answers. The contradictions are what to be
// careful with.
func ExampleReport() {
	report := investigateScenario(origintest.SQLServer().TimesStomped())
	for _, s := range report.Verdict[:3] {
		fmt.Printf("%s: %s\n", s.Grade, s.Text)
	}
	for _, c := range report.Contradictions {
		fmt.Println(c.Kind)
	}
	// Output:
	// recorded: sqlserver.exe has a name that resembles sqlservr.exe, claims to be SQLSERVR.EXE by Microsoft Corporation and has no embedded signature; no catalogs were read.
	// corroborated: It appeared on 2026-03-02T13:42:09.2134567Z.
	// recorded: C:\Windows\System32\certutil.exe (PID 5532, a child of cmd.exe) wrote it.
	// si_before_fn
	// zero_subseconds
	// creation_differs
	// time_changed
	// entry_order
	// times_suspect
	// logon_id_reused
}

// An Unknown has a reason: the evidence was searched, does not cover the time, or is
// not available.
func ExampleAnswer() {
	report := investigateScenario(origintest.SQLServer().NoSysmon())
	for _, question := range []origin.Question{origin.Writer, origin.Executed, origin.Reach} {
		a := report.Answer(question)
		fmt.Printf("%-8s %s", a.Question, a.Grade)
		if a.Grade == origin.Unknown {
			fmt.Printf(", %s", a.UnknownBecause)
		}
		fmt.Println()
	}
	// Output:
	// writer   inferred
	// executed recorded
	// reach    unknown, source_absent
}
