// Package birthmark is the root of a library that parses Windows evidence
// offline and says where a file came from. It holds no code: import the
// packages below it.
//
// Evidence flows one way, and each arrow is a package: bytes become records
// (mft, evtx, registry, pe, weblog), records become events (timeline), events become
// answers (origin). Package evidence opens what an analyst holds (a disk image,
// a triage folder, a single artifact) and gives its volumes as [io/fs.FS].
//
// Beside every parser stands the package that writes its format for tests:
// mft/mfttest, evtx/evtxtest, registry/registrytest, pe/petest,
// weblog/weblogtest, and origin/origintest with whole machines in memory and the
// truth about them.
//
// # Errors
//
// Every parser reports damage with the same two types. A FormatError says what
// lies where: the artifact, the path inside it, the absolute byte offset, what
// was read, what was wanted and what was there. A Problem is a FormatError that
// did not stop the reading, with its kind. An iterator that yields a
// FormatError goes on with the next item; any other error is final.
//
// # Security
//
// Evidence is written by the attacker. Whatever the bytes, no package panics,
// hangs, or takes memory out of proportion to the input; fuzz targets and
// mutated real files hold that promise.
package birthmark
