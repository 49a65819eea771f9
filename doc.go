// Package birthmark parses Windows evidence offline and reports where a file came
// from.
//
// [Investigate] is the entry point. Given evidence, opened by package evidence, and
// one file of it, it reports what the file is, when it appeared, who wrote it, under
// which account, from where that account was logged on, what runs it, and what
// contradicts these answers. It finds the volume by its drive letter and reads the
// logs and the registry on whichever volume they are. If the file is deleted or was
// not collected, it works from the records alone. The report has an [origin.Answer]
// to every question, with its grade and the records it rests on.
//
// Every step has its own package. Bytes become records (mft, evtx, registry, pe,
// weblog, task, lnk, prefetch, ese, cim, bits, mplog, detectionhistory, recyclebin, pca), records become events (timeline), and events
// become answers (origin). Package evidence opens a disk image, a triage folder or a single artifact
// and presents its volumes as [io/fs.FS].
//
// Every parser has a companion package that writes its format for tests: mft/mfttest,
// evtx/evtxtest, registry/registrytest, pe/petest, weblog/weblogtest,
// task/tasktest, lnk/lnktest, mplog/mplogtest, prefetch/prefetchtest and
// ese/esetest. Package origin/origintest has whole machines in memory, with the truth
// about them.
//
// # Errors
//
// Every parser reports damage with the same two types. A FormatError locates it: the
// artifact, the path inside it, the absolute byte offset, what was being read, what
// was found and what was expected. A Problem is a FormatError that did not stop the
// reading, with its kind. An iterator that yields a FormatError continues with the
// next item; any other error is final.
//
// # Security
//
// Evidence is written by the attacker. Whatever the bytes, no package panics, hangs,
// or takes memory out of proportion to the input. Fuzz targets and mutated real files
// test this.
package birthmark
