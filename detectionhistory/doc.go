// Package detectionhistory reads the detection history of Windows Defender: what it found,
// in which files, with which hashes, who had to do with it, and from where a file was
// downloaded.
//
// The files are in ProgramData/Microsoft/Windows Defender/Scans/History/Service, in folders
// DetectionHistory/NN, with a GUID as name. They outlive the event log, and are kept for 30
// days by default.
//
// # Terminology
//
// A detection has resources: file, containerfile, webfile, process, service, regkey and
// others. The path of a resource may have parts with a bar between them: that of a webfile
// is the file, the URL, and the process that saved it.
//
// # Specifications
//
//   - libyal, Windows Defender scan DetectionHistory file format
//
// # Damage
//
// A file is a list of values. What follows a damaged one is lost, and [Reader.Problems] says
// so.
//
// # Security
//
// The texts in a file are the attacker's: names of files, URLs. No input makes this package
// panic or hang. Texts are returned as the file has them: whoever shows them must escape
// them.
package detectionhistory
