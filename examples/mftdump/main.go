// Mftdump prints the files of an $MFT, existing and deleted, with all their names,
// times and streams.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const notes = `
csv has the columns of MFTECmd, then OwnerSID, TimestompScore,
TimestompReasons and ShortName, the 8.3 name beside a long one, which deleted files
have too. It has one row for each name of a file and each alternate data
stream. jsonl has the same fields. bodyfile has the lines of "fls -r -m C:".
Every format lists deleted files too; -deleted lists only those.

With -usn, csv and jsonl have a row for each record of the change journal, with
the path that the file had at that time: PathUnknown begins one of which a folder
is gone. EVIDENCE may then also be a journal itself.

-extract writes the content of files into the folder of -to, which then is laid out
like the drives of the evidence, and prints a row for each with its hashes. WHAT is a
path, a name, a wildcard, a hash, or an entry of the $MFT (68, or 68-2 with the
sequence number), and may name a stream: C:\Users\a\x.exe:Zone.Identifier. A
deleted file is read from where its record says; Extents has the state of each part:
free clusters may still have the content, those in use belong to another file.
Nothing is overwritten. What could act in a name is written as %3A.

With -i30, csv and jsonl have a row for each name in the index of a folder, then
for the names in its slack and in that of records, which the folders had before.
State has what is left of a name: in_use, whole (with its file), no_file,
no_folder, record_whole, record_value. Copied is True if the folder still has it.
-deleted lists only names in slack. EVIDENCE may then also be a file $I30.

With -snapshots, csv and jsonl have a row for each shadow copy of a volume, the
oldest first, with what vssadmin shows of it. With -snapshot N the files, or with
-usn the journal, or with -i30 the names, are those of shadow copy N. With -carved
both have those that the catalog does not list too, such as deleted ones: Carved is
then True, Created the birth of the file of the store, and what no store keeps is
read as it is on the volume now.

With -timestomp N, csv and jsonl have a row for each file whose times score N or
more, with what the order of entries, the log numbers and the permissions add to
the record, and of a volume also the indexes of its folders, its change
journal and its transaction log. A score is a reason to look, and each reason has its innocent
explanations: "go doc mft.Reader.TimestompWith" says how often they are met.

With -logfile, csv and jsonl have a row for each event that the transaction log
proves: a file was created, deleted or renamed, its times were set (with those
before), a stream was added. SetBack names the times that got an earlier value.
NotBefore and NotAfter are the nearest times in the log. EVIDENCE may then also be a
$LogFile.

EVIDENCE is an $MFT, the image of a volume or disk (all of these may be gzipped),
or a folder that holds an $MFT, as triage tools write it.`

// formats lists the values of -format, with the function that makes each writer.
var formats = []struct {
	name string
	make func() writer
}{
	{"csv", newCSV},
	{"jsonl", newJSONL},
	{"bodyfile", newBodyfile},
}

// writer writes records in a format. It may keep what it needs between two records.
type writer interface {
	header() string // before the first record
	append(b []byte, s *source, f *file) []byte
}

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("mftdump", "[-format csv|jsonl|bodyfile] [-deleted] [-usn|-logfile|-i30] [-timestomp N] [-snapshots] [-snapshot N] [-carved] [-extract WHAT -to FOLDER] [-verify-image] [-workers N] $MFT|EVIDENCE", stdout, stderr)
	format := p.String("format", "csv", "write `F`: csv, jsonl, bodyfile")
	deleted := p.Bool("deleted", false, "list only deleted files")
	journal := p.Bool("usn", false, "list the records of the change journal ($UsnJrnl:$J) instead")
	transactions := p.Bool("logfile", false, "list the events of the transaction log ($LogFile) instead")
	index := p.Bool("i30", false, "list the names in the indexes of folders ($I30) and in slack instead")
	snapshots := p.Bool("snapshots", false, "list the shadow copies instead")
	carved := input.Carved(p)
	snapshot := p.Int("snapshot", 0, "read shadow copy `N` of each volume, which -snapshots numbers, instead of the volume as it is now")
	var wanted []string
	p.Func("extract", "write the content of `WHAT` into the folder of -to instead; may be repeated", func(s string) error {
		wanted = append(wanted, s)
		return nil
	})
	to := p.String("to", "", "the `FOLDER` for what is extracted; it is made if needed")
	score := p.Int("timestomp", 0, "list the files whose times score `N` of 100 or more as set by a program instead, with the reasons (0: do not)")
	workers := p.Int("workers", 0, "read `N` parts of the $MFT at a time (0: as many as the machine has processors)")
	verify := input.VerifyImage(p)
	usage := p.Usage
	p.Usage = func() { usage(); fmt.Fprintln(stderr, notes) }
	return p.Run(args, func() error {
		if p.NArg() != 1 {
			return cli.Usagef("want one $MFT or EVIDENCE, got %d", p.NArg())
		}
		if *workers < 0 || *workers > 1024 {
			return cli.Usagef("workers %d: want 0 to 1024", *workers)
		}
		if *workers == 0 {
			*workers = runtime.GOMAXPROCS(0)
		}
		if *score < 0 || *score > 100 {
			return cli.Usagef("timestomp %d: want 0 to 100", *score)
		}
		if *score > 0 && (*journal || *deleted || wanted != nil || *snapshots || *snapshot > 0) {
			return cli.Usagef("-timestomp lists files by their score: leave out -usn, -deleted, -extract, -snapshots and -snapshot")
		}
		if err := verifyImage(p, verify); err != nil {
			return err
		}
		switch {
		case *carved && !*snapshots && *snapshot == 0:
			return cli.Usagef("-carved looks for shadow copies: want -snapshots or -snapshot N too")
		case *snapshot < 0:
			return cli.Usagef("snapshot %d: want a number that -snapshots lists", *snapshot)
		case wanted != nil && *snapshot > 0:
			return cli.Usagef("-extract reads the volume as it is now, not a shadow copy: leave out -snapshot")
		case wanted != nil:
			return extract(p, wanted, *to, *format)
		case *to != "":
			return cli.Usagef("-to %s: want -extract WHAT", *to)
		case *snapshots:
			return listSnapshots(p, *format)
		case *score > 0:
			return dumpScores(p, *format, *score)
		case *journal && *index:
			return cli.Usagef("want -usn or -i30, got both")
		case *index:
			return dumpIndexes(p, *format, *deleted, *snapshot)
		case *transactions && *journal || *transactions && *snapshot != 0:
			return cli.Usagef("-logfile: want neither -usn nor -snapshot")
		case *transactions:
			return dumpLogs(p, *format)
		case *journal:
			return dumpJournals(p, *format, *snapshot)
		}
		var names []string
		for _, f := range formats {
			if f.name == *format {
				return dump(p, f.make, *deleted, *snapshot, *workers)
			}
			names = append(names, f.name)
		}
		return cli.Usagef("format %q: want one of %s", *format, strings.Join(names, ", "))
	})
}

// verifyImage verifies the evidence if -verify-image asks for it. What comes through a pipe can
// be read only once.
func verifyImage(p *cli.Program, verify func(context.Context, ...*evidence.Evidence) error) error {
	switch {
	case p.Lookup("verify-image").Value.String() != "true":
		return nil
	case p.Arg(0) == cli.StandardInput:
		return cli.Usagef("-verify-image reads the evidence twice: give a file, not standard input")
	}
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	return verify(context.Background(), ev)
}

// dump writes the records of every $MFT in the evidence.
func dump(p *cli.Program, make func() writer, deleted bool, snapshot, workers int) error {
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	sources, err := find(p, ev, snapshot)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return errors.New("no $MFT found: want an $MFT, the image of an NTFS volume or of a disk with one, or a folder that holds an $MFT")
	}
	if _, err := io.WriteString(p.Out, make().header()); err != nil {
		return err
	}
	for _, s := range sources {
		if err := s.dump(p, make, deleted, workers); err != nil {
			return err
		}
	}
	return nil
}
