// Package bits reads the queue of the Background Intelligent Transfer Service (BITS), which
// downloads and uploads files for Windows Update, for programs, and for attackers: qmgr.db
// of Windows 10 1709 and later, and qmgr0.dat and qmgr1.dat of earlier versions, in
// ProgramData\Microsoft\Network\Downloader.
//
// # Terminology
//
// A job transfers files for its owner. Each file has a remote URL and a local path. The job
// may have a notify command, which BITS runs as the owner when the job is transferred or has
// failed. BITS downloads into a temporary file beside the local path, and gives it its name
// when the program that made the job completes it. A completed or cancelled job is taken out
// of the queue.
//
// # What is read
//
//   - the tables Jobs and Files of qmgr.db: each row is a GUID and a blob, and the blob of a
//     job has the GUIDs of its files
//   - the list of jobs in qmgr0.dat and qmgr1.dat, which BITS writes in turn; their files are
//     in the jobs
//   - jobs and files that are no longer in the queue, in the bytes of the same file that
//     still hold them. They are carved: found by the GUID that each begins with, and checked
//     field by field. See [Recovery].
//
// Access tokens, access control lists, credentials and custom headers are passed over.
//
// # Specifications
//
// Microsoft does not document the files. The layout is what BitsParser (Mandiant),
// bits_parser (ANSSI), BITSInject (SafeBreach), dissect.target (Fox-IT) and artemis found
// out, compared with databases of Windows 10 and 11 and with jobs of Windows 7 and of early
// versions of Windows 10. Uploads, errors in qmgr0.dat, and what Windows XP and Vista wrote
// are read as those tools describe them. The meaning of the numbers is that of the
// documentation of IBackgroundCopyJob.
//
// # Damage
//
// Damage costs a job or a file. [Reader.Problems] has it, and that of the database: BITS
// keeps the database open, so that one of a running machine was not shut down.
//
// # Security
//
// A program that makes a job chooses its texts, and an administrator can write the files. No
// input makes this package panic or hang. Up to 256 MiB of a file are read, and 64 MiB of it
// are searched for what is no longer in the queue. Texts are returned as the file has them:
// whoever shows them must escape them.
package bits
