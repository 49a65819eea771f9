package origintest_test

import (
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// A scenario is a machine, and what really happened on it.
func ExampleSQLServer() {
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		log.Fatal(err)
	}
	truth, err := s.Truth()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("a disk of %d MiB with %s\n", len(image)>>20, truth.Subject)
	for _, a := range truth.Answers {
		if a.Question == "writer" {
			fmt.Println(a.Grade, a.Groups[0]["image"])
		}
	}
	// Output:
	// a disk of 4 MiB with C:\ProgramData\USOShared\sqlserver.exe
	// recorded C:\Windows\System32\certutil.exe
}

// The answers may be weaker without one of their sources.
func ExampleScenario_Without() {
	s := origintest.SQLServer()
	for _, source := range s.Sources()[:3] {
		fmt.Println(s.Without(source).Name)
	}
	// Output:
	// sqlserver, without Security.evtx
	// sqlserver, without System.evtx
	// sqlserver, without Microsoft-Windows-TerminalServices-LocalSessionManager%4Operational.evtx
}
