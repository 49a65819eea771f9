package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strconv"
	"time"

	rival "github.com/saferwall/pe"

	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/internal/records"
)

func saferwallPE(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	f, err := rival.NewBytes(data, &rival.Options{})
	if err != nil {
		return 0, err
	}
	if err := f.Parse(); err != nil {
		return 0, err
	}
	sum := sha256.Sum256(data)
	fields := []child.Field{
		{Name: "size", Value: strconv.Itoa(len(data))},
		{Name: "sha256", Value: hex.EncodeToString(sum[:])},
	}
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, child.Field{Name: name, Value: value})
		}
	}
	if hash, err := f.ImpHash(); err == nil {
		add("imphash", hash)
	}
	add("authentihash_sha256", hex.EncodeToString(f.Authentihash()))
	if t := f.NtHeader.FileHeader.TimeDateStamp; t != 0 {
		add("link_time", records.Time(time.Unix(int64(t), 0)))
	}
	add("export_name", f.Export.Name)
	add("signatures", strconv.Itoa(len(f.Certificates.Certificates)))
	strings, err := f.ParseVersionResources()
	if err == nil {
		for name, value := range strings {
			add("version "+name, value)
		}
	}
	emit(child.Record{Key: "file", Offset: -1, Fields: fields})
	return len(f.Anomalies), nil
}

// peRules make the two readings of an executable comparable.
var peRules = []rule{}
