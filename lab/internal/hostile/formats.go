package hostile

// Formats are the kinds of files that can be attacked.
var Formats = []Format{
	{"evtx", logFields, withinChunk, logFootprints},
	{"mft", mftFields, withinBlock, mftFootprints},
	{"ntfs", volumeFields, withinBlock, volumeFootprints},
	{"i30", indexFields, withinBlock, nil},
	{"vss", snapshotFields, nil, nil},
	{"vsscarve", snapshotFields, nil, nil},
	{"registry", hiveFields, withinHive, hiveFootprints},
	{"hivelogs", hiveLogFields, withinHiveLogs, nil},
	{"regtext", regTextFields, nil, nil},
	{"pe", peFields, nil, peFootprints},
	{"catalog", catalogFields, nil, nil},
	{"weblog", webLogFields, nil, webLogFootprints},
	{"task", taskFields, nil, nil},
	{"taskcache", taskCacheFields, withinHive, nil},
	{"cim", cimFields, nil, nil},
	{"logfile", transactionLogFields, withinBlock, nil},
	{"usn", journalFields, nil, nil},
	{"lnk", linkFields, nil, nil},
	{"jumplist", jumpListFields, nil, nil},
	{"mplog", taskFields, nil, nil},
	{"prefetch", prefetchFields, nil, nil},
	{"ese", databaseFields, withinPage, nil},
	{"recyclebin", recycleFields, nil, nil},
	{"pca", taskFields, nil, nil},
	{"detectionhistory", detectionFields, nil, nil},
	{"bits", queueFields, withinPage, nil},
	{"image", diskFields, withinDisk, nil},
	{"archive", archiveFields, withinArchive, nil},
	{"ewf", containerFields, withinContainer, wholeDisk},
	{"vhd", containerFields, withinContainer, wholeDisk},
	{"vhdx", containerFields, withinContainer, wholeDisk},
	{"vmdk", containerFields, withinContainer, wholeDisk},
	{"qcow2", containerFields, withinContainer, wholeDisk},
	{"vdi", containerFields, withinContainer, wholeDisk},
	{"zstd", containerFields, withinContainer, wholeDisk},
	{"recovered", logFields, withinChunk, nil},
}

// FormatNamed returns a format by its name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
