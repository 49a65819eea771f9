// Package winid holds the identities and values that Windows writes in its records, and
// what they mean: GUIDs, security identifiers (SIDs), accounts, and the numbers of
// which an analyst wants the words.
//
// [GUID] and [SID] are values: they are compared with ==, may be map keys, and
// are written and read as text by packages such as encoding/json. The parsers of
// this module take them from their binary forms ([DecodeSID]; a GUID's bytes are
// those of the array) and give SIDs as text, as Windows shows them; [ParseSID]
// makes a SID of that text.
//
// # Numbers and their words
//
// A type such as [LogonType], [NTStatus] or [FileAccess] holds a number as Windows
// logs it. Its String method returns the number and, in brackets, the words:
// "10 (RemoteInteractive)", "0xc000006a (wrong password)"; so the number is never lost,
// and an unknown one is alone. Numbers that Windows logs in hexadecimal have 0x. Name
// returns the name that the specification gives the number, Meaning what it means in
// our own words, and Names the names of the bits that are set. To print the number
// alone, convert it: uint32(status).
//
// [ParameterText], [ErrorText], [DefenderText], [DirectoryText], [Privileges],
// [AccountControl], [PreAuthType] and [ExceptionCode] hold text as Windows logs it;
// their String methods return it in words.
//
// The tables are compiled in, and in English whatever the language of the machine was.
package winid
