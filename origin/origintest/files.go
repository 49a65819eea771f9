package origintest

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The marks of the web.
const (
	subjectMark   = "[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=" + depotURL + "\r\n"
	installerMark = "[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://www.7-zip.org/download.html\r\nHostUrl=https://www.7-zip.org/a/7z2409-x64.exe\r\n"
)

// lived returns the times of a file that was created at one time and written at
// another.
func lived(created, written time.Time) mfttest.Times {
	return mfttest.Times{Created: created, Modified: written, Changed: written, Accessed: written}
}

// files is the content of the volume, in the order in which it was created, which is
// the order of the $MFT.
func (b *build) files(partition int64) ([]mfttest.File, error) {
	var list []mfttest.File
	for _, w := range windowsPrograms {
		list = append(list, mfttest.File{Path: volumePath(w.path), Data: b.programs[w.path].data})
	}
	add := func(path string, owner string, t mfttest.Times, data []byte, err error, streams ...mfttest.Stream) error {
		if err == nil && !b.absent[path] {
			list = append(list, mfttest.File{Path: path, Data: data, Owner: owner, Times: t, Streams: streams})
		}
		return err
	}
	traces, err := b.trace()
	if err != nil {
		return nil, err
	}
	hives, err := b.hives(partition, traces)
	if err != nil {
		return nil, err
	}
	for _, h := range hives {
		add(h.path, h.owner, lived(installed, h.written), h.data, nil)
	}
	sessions, connections := b.terminal()
	logs := []struct {
		path string
		log  *logFile
	}{{securityLog, b.security()}, {systemLog, b.system()}, {sessionLog, sessions}, {remoteLog, connections}}
	if !b.noSysmon {
		logs = append(logs, struct {
			path string
			log  *logFile
		}{sysmonLog, b.sysmon()})
	}
	for _, l := range logs {
		data, err := l.log.bytes()
		if err := add(l.path, "", lived(installed, at("23:30:00.2200518")), data, err); err != nil {
			return nil, err
		}
	}
	add(volumePath(genuine), "", lived(installed.Add(time.Hour), installed.Add(time.Hour)), b.programs[genuine].data, nil)
	web, err := requests()
	if err := add(iisLog, "", lived(at("04:02:12.0441920"), at("22:02:50.7119003")), web, err); err != nil {
		return nil, err
	}
	add("Windows/Temp/cleanup.log", "", lived(at("05:00:00.1108210"), at("05:00:00.1108210")), []byte("done\r\n"), nil)
	add(volumePath(installer), svcAdmin.sid, lived(at("13:14:02.1187730"), at("13:14:02.8811200")), b.programs[installer].data, nil, mfttest.Stream{Name: "Zone.Identifier", Data: []byte(installerMark)})
	add(volumePath(backup), svcAdmin.sid, lived(at("13:20:31.5529014"), at("13:20:31.5529014")), b.programs[backup].data, nil)
	var marks []mfttest.Stream
	if !b.absent[subjectStream] {
		marks = []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte(subjectMark)}}
	}
	add(volumePath(subject), portalAdmin.sid, lived(created, at("13:42:09.6610021")), b.programs[subject].data, nil, marks...)
	add(volumePath(companion), portalAdmin.sid, lived(companionCreated, at("13:42:10.5118834")), b.programs[companion].data, nil)
	list = append(list, traceFiles(traces)...)
	for i := range list {
		f := &list[i]
		if f.Path == volumePath(companion) || b.stomped && f.Path == volumePath(subject) {
			// Programs set the times of $STANDARD_INFORMATION, but not those of
			// $FILE_NAME.
			real := mfttest.AllAt(f.Times.Created)
			f.FileNameTimes = &real
			f.Times = mfttest.Times{Created: stomped, Modified: stomped, Changed: at("13:43:31.6561288"), Accessed: stomped}
		}
	}
	return list, nil
}
