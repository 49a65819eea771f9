package mft

// sign is a reason of a Timestomp in words.
type sign struct {
	name     string
	meaning  string // what the record shows, as a clause
	innocent string // what else leaves it
}

// signs has all reasons, in the order in which a Timestomp lists them.
var signs = [...]sign{
	{TimestompMovedFAT, "the times have the grain of FAT", "a move from a volume with FAT, such as a USB stick"},
	{TimestompMovedExFAT, "the times have the grain of exFAT", "a move from a volume with exFAT, such as a memory card"},
	{TimestompCreatedBeforeName, "created is before its twin in $FILE_NAME", "a move from another volume, an archive or an installer that sets times, a restored backup, robocopy with times, the image from which Windows was installed"},
	{TimestompModifiedBeforeName, "modified is before its twin in $FILE_NAME", "every copy, archive and installer"},
	{TimestompChangedBeforeName, "changed is before its twin in $FILE_NAME", "a copy or a move from another volume with NTFS, by some versions of Windows"},
	{TimestompAccessedBeforeName, "accessed is before its twin in $FILE_NAME", "a program that keeps the time of access, as backups do"},
	{TimestompCreatedAfterChange, "created is after the last change to the entry, although setting it is a change", "a clock that was set back, a copy that keeps the time of change"},
	{TimestompModifiedAfterChange, "modified is after the last change to the entry", "a clock that was set back, a write through a mapped view that was not flushed"},
	{TimestompAllEqual, "all four times are the same, and differ from those in $FILE_NAME", "a driver or an installer that sets all of them"},
	{TimestompWholeSeconds, "created has no fraction of a second", "archives, FTP and HTTP clients, installers, tools of Unix, volumes written with a coarse clock"},
	{TimestompWholeMilliseconds, "created has whole milliseconds", "programs that keep times in milliseconds, as those in Java and JavaScript"},
	{TimestompBeforeVolume, "created is before the volume was formatted", "whatever sets created to the time of the source"},
	{TimestompNotSet, "a time is 0, and its twin in $FILE_NAME is not", "drivers of other systems"},
	{TimestompEntryOrder, "the entry is in its first use, and the entries around it, which NTFS gave away in order, have other times", "a rename of what an archive or an installer had extracted with its times, a restored or resized volume"},
	{TimestompLSNOrder, "the record was written after others whose last changes are later than all of its times", "a change that sets no time: defragmentation, reading with an update of the time of access, chkdsk"},
	{TimestompSecurityOrder, "created is before all other files with the same security descriptor", "permissions that were set later, the file for which the descriptor was made"},
	{TimestompOlderThanFolder, "created is before the folder of the file", "a move within the volume, an archive or an installer that sets times"},
	{TimestompIndexDiffers, "created differs from that in the index of the folder, which Windows keeps equal", "a name of a hard link that has not been used since, a crash, drivers of other systems"},
	{TimestompJournalDiffers, "created differs from the record of the creation in the change journal", "an archive or an installer that sets times, a move from another volume, a file that took the place of another one"},
	{TimestompSetInJournal, "the change journal records that times or attributes were set", "every copy, archive and installer, and every change of an attribute"},
	{TimestompLogDiffers, "created differs from the time that NTFS wrote with the creation in the transaction log", "an archive or an installer that sets times, a move from another volume, a file that took the place of another one, a clock that was set"},
	{TimestompSetBackInLog, "the transaction log has a later creation time, which was set back", "every archive and installer that sets times, a move from another volume"},
	{TimestompLinkedAfter, "the executable was linked more than a day after it was created", "a link time that the linker made up, an update of the content, a wrong clock"},
}

// Meaning returns what the sign is, as a clause in words, or "" if the name is unknown.
func (r TimestompReason) Meaning() string { return signNamed(r.Name).meaning }

// Innocent returns what else leaves the sign, in words, or "" if the name is unknown.
func (r TimestompReason) Innocent() string { return signNamed(r.Name).innocent }

func signNamed(name string) sign {
	for i := range signs {
		if signs[i].name == name {
			return signs[i]
		}
	}
	return sign{}
}
