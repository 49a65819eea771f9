// Package birthmark parses Windows evidence offline and says where a file came
// from.
//
// [Investigate] is the door: given the evidence that an analyst holds, opened by
// package evidence, and one file of it, it reports what the file is, when it
// appeared, who wrote it, under which account, from where that account was logged
// on, what runs it, and what contradicts all that. It finds the volume by its drive
// letter, reads the logs and the registry wherever they are, and goes on by the
// records alone if the file is gone or was not collected. The report has an
// [origin.Answer] to every question, with its grade and the records it rests on.
//
// Everything on the way is a package of its own. Bytes become records (mft, evtx,
// registry, pe, weblog), records become events (timeline), events become answers (origin).
// Package evidence opens a disk image, a triage folder or a single artifact and
// gives its volumes as [io/fs.FS].
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
