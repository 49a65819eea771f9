// Package origintest holds whole scenarios: a machine in memory, and the truth
// about where one file on it came from.
//
// [SQLServer] is the case that birthmark starts from: a cloud web server launched
// a process named sqlserver.exe, and Microsoft's is sqlservr.exe. Its variants
// are what an intruder does to hide: no Sysmon, a cleared Security log, stomped
// times. [Scenario.Without] takes away one source, to test what an answer is
// worth without it.
//
// Everything is made by the writers of this module (mfttest, evtxtest,
// registrytest, petest), so a Scenario is the same bytes on every machine. People
// and addresses are invented: the addresses are those that RFC 5737 sets aside
// for documentation.
package origintest
