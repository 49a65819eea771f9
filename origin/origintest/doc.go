// Package origintest provides whole scenarios: a machine in memory, and the truth
// about where one file on it came from.
//
// [SQLServer] is the case that birthmark started from: a cloud web server launched a
// process named sqlserver.exe, while Microsoft's program is sqlservr.exe. In its
// variants the intruder hides better: no Sysmon, a cleared Security log, stomped
// times. [Scenario.Without] removes one source, to test what an answer is worth
// without it.
//
// Everything is made by the writers of this module (mfttest, evtxtest, registrytest,
// petest, weblogtest), so a Scenario has the same bytes on every machine. People and
// addresses are invented: the addresses are those that RFC 5737 reserves for
// documentation.
package origintest
