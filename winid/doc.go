// Package winid holds the identities that Windows writes in its records: GUIDs,
// security identifiers (SIDs), accounts and types of logon.
//
// [GUID] and [SID] are values: they are compared with ==, may be map keys, and
// are written and read as text by packages such as encoding/json. The parsers of
// this module take them from their binary forms ([DecodeSID]; a GUID's bytes are
// those of the array) and give SIDs as text, as Windows shows them; [ParseSID]
// makes a SID of that text.
package winid
