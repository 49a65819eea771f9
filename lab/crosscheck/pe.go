package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	rival "github.com/saferwall/pe"
	rivallog "github.com/saferwall/pe/log"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/pe"
)

// Both sides give an executable as one record. The validity that saferwall/pe reports
// for signatures is not compared, since package pe does not verify signatures.

func ourPE(path string, emit func(child.Record)) (int, error) {
	p, err := pe.Open(path)
	if err != nil {
		return 0, err
	}
	var l list
	l.add("size", strconv.FormatInt(p.Size, 10))
	l.add("sha256", p.SHA256)
	l.set("imphash", p.ImpHash)
	l.set("rich hash", p.RichHash)
	l.set("authentihash", p.AuthentihashSHA256)
	l.set("link time", records.Time(p.LinkTime))
	l.set("export name", p.ExportName)
	l.set("pdb", p.PDBPath)
	for _, dll := range p.Imports {
		l.add("import of "+strings.ToLower(dll.DLL), strings.Join(dll.Functions, " "))
	}
	for _, s := range p.Version.Strings {
		l.add("version "+s.Name, s.Value)
	}
	l.add("signatures", strconv.Itoa(len(p.Signatures)))
	for _, s := range p.Signatures {
		l.add("signer", s.StatedSigner.Serial)
		l.add("signed digest", s.StatedDigest)
	}
	emit(child.Record{Key: "file", Offset: 0, Fields: l})
	problems := 0
	for range p.Problems() {
		problems++
	}
	return problems, nil
}

func saferwallPE(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	// Its default logger writes to standard output, where the answer goes.
	quiet := rivallog.NewStdLogger(os.Stderr)
	f, err := rival.NewBytes(data, &rival.Options{Logger: quiet})
	if err != nil {
		return 0, err
	}
	if err := f.Parse(); err != nil {
		return 0, err
	}
	sum := sha256.Sum256(data)
	var l list
	l.add("size", strconv.Itoa(len(data)))
	l.add("sha256", hex.EncodeToString(sum[:]))
	if hash, err := f.ImpHash(); err == nil {
		l.set("imphash", hash)
	}
	l.set("rich hash", f.RichHeaderHash())
	l.set("authentihash", hex.EncodeToString(f.Authentihash()))
	if t := f.NtHeader.FileHeader.TimeDateStamp; t != 0 {
		l.set("link time", records.Time(time.Unix(int64(t), 0)))
	}
	l.set("export name", f.Export.Name)
	l.set("pdb", firstPDB(f.Debugs))
	for _, dll := range f.Imports {
		var functions []string
		for _, fn := range dll.Functions {
			if fn.ByOrdinal {
				fn.Name = fmt.Sprintf("#%d", fn.Ordinal)
			}
			functions = append(functions, fn.Name)
		}
		l.add("import of "+strings.ToLower(dll.Name), strings.Join(functions, " "))
	}
	if strings, err := f.ParseVersionResources(); err == nil {
		for _, name := range slices.Sorted(maps.Keys(strings)) {
			l.add("version "+name, strings[name])
		}
	}
	l.add("signatures", strconv.Itoa(len(f.Certificates.Certificates)))
	for _, c := range f.Certificates.Certificates {
		l.add("signer", c.Info.SerialNumber)
		l.add("signed digest", hex.EncodeToString(c.SignatureContent.HashResult))
	}
	emit(child.Record{Key: "file", Offset: 0, Fields: l})
	return len(f.Anomalies), nil
}

// firstPDB returns the path in the first CodeView record.
func firstPDB(debugs []rival.DebugEntry) string {
	for _, d := range debugs {
		switch cv := d.Info.(type) {
		case rival.CVInfoPDB70:
			return cv.PDBFileName
		case rival.CVInfoPDB20:
			return cv.PDBFileName
		}
	}
	return ""
}
