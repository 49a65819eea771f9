package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	saferwall "github.com/saferwall/pe"
	saferlog "github.com/saferwall/pe/log"
	velocidex "www.velocidex.com/golang/evtx"
	gontfs "www.velocidex.com/golang/go-ntfs/parser"
	"www.velocidex.com/golang/regparser"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/registry"
)

// The benchmarks run Go packages over the same bytes in memory, which are files of the
// corpus or, if it lacks them, of testdata. Each asks all packages for the same data, as
// far as they provide it, and reports the number of records. The command bench runs the
// benchmarks and puts them into its report by their names: BenchmarkWork/package.

// measure runs one package.
func measure(b *testing.B, name string, size int, read func() (records int, err error)) {
	b.Run(name, func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		records := 0
		for b.Loop() {
			n, err := read()
			if err != nil {
				b.Fatal(err)
			}
			records = n
		}
		b.ReportMetric(float64(records), "records/op")
	})
}

func given(b *testing.B, inCorpus, inTestdata string) []byte {
	b.Helper()
	in := newInputs("", corpusDir(b), testenv.Root(b), 1)
	name, err := in.given(inCorpus, inTestdata)
	if err != nil {
		b.Skip(err)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func BenchmarkEVTX_to_JSON(b *testing.B) {
	log := given(b, "evtx/evtx-rs/security.evtx", "C/Windows/System32/winevt/Logs/Security.evtx")
	measure(b, "birthmark", len(log), func() (records int, err error) {
		r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			return 0, err
		}
		var text []byte
		for rec, err := range r.Records() {
			if err != nil {
				return 0, err
			}
			if text, err = rec.AppendJSON(text[:0]); err != nil {
				return 0, err
			}
			records++
		}
		return records, nil
	})
	measure(b, "Velocidex/evtx", len(log), func() (records int, err error) {
		chunks, err := velocidex.GetChunks(bytes.NewReader(log))
		if err != nil {
			return 0, err
		}
		for _, c := range chunks {
			all, err := c.Parse(0)
			if err != nil {
				return 0, err
			}
			for _, rec := range all {
				if _, err := json.Marshal(rec.Event); err != nil {
					return 0, err
				}
				records++
			}
		}
		return records, nil
	})
}

func BenchmarkMFT_names_times_and_paths(b *testing.B) {
	in := newInputs("", corpusDir(b), testenv.Root(b), 1)
	name, err := in.given("mft/xw.mft", "disk.raw.gz")
	if err != nil {
		b.Skip(err)
	}
	real, err := readMFT(name)
	if err != nil {
		b.Fatal(err)
	}
	var made bytes.Buffer
	if err := repeatMFT(&made, real, 20000); err != nil {
		b.Fatal(err)
	}
	table := made.Bytes()
	measure(b, "birthmark", len(table), func() (records int, err error) {
		r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)))
		if err != nil {
			return 0, err
		}
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			// As in go-ntfs, a record is a file or one of its named streams.
			if !rec.StandardInformation.Present || len(rec.FileNames) == 0 {
				continue
			}
			records++
			for _, s := range rec.Streams {
				if s.Name != "" {
					records++
				}
			}
			r.Paths(rec)
		}
		return records, nil
	})
	measure(b, "go-ntfs", len(table), func() (records int, err error) {
		for row := range gontfs.ParseMFTFile(b.Context(), bytes.NewReader(table), int64(len(table)), 4096, 1024) {
			row.Links()
			records++
		}
		return records, nil
	})
}

func BenchmarkHive_keys_values_and_data(b *testing.B) {
	hive := given(b, "registry/regipy_SYSTEM_B", "C/Windows/System32/config/SYSTEM")
	measure(b, "birthmark", len(hive), func() (records int, err error) {
		r, err := registry.NewReader(bytes.NewReader(hive), int64(len(hive)))
		if err != nil {
			return 0, err
		}
		for key, err := range r.Keys() {
			if err != nil {
				return 0, err
			}
			records++
			for v, err := range key.Values() {
				if err != nil {
					return 0, err
				}
				if _, err := v.Data(); err != nil {
					return 0, err
				}
				records++
			}
		}
		return records, nil
	})
	measure(b, "regparser", len(hive), func() (records int, err error) {
		r, err := regparser.NewRegistry(bytes.NewReader(hive))
		if err != nil {
			return 0, err
		}
		var walk func(*regparser.CM_KEY_NODE)
		walk = func(key *regparser.CM_KEY_NODE) {
			key.Name()
			key.LastWriteTime()
			records++
			for _, v := range key.Values() {
				v.ValueName()
				v.ValueData()
				records++
			}
			for _, sub := range key.Subkeys() {
				walk(sub)
			}
		}
		walk(r.OpenKey(""))
		return records, nil
	})
}

// Package pe uses saferwall/pe for headers, and decodes imports, resources and
// signatures itself. Both packages compute these and the imphash; ours also hashes the
// file.
func BenchmarkExecutable_imports_version_and_signers(b *testing.B) {
	exe := given(b, "pe/kernel32.dll", "")
	measure(b, "birthmark", len(exe), func() (records int, err error) {
		_, err = pe.NewReader(bytes.NewReader(exe), int64(len(exe)))
		return 1, err
	})
	measure(b, "saferwall/pe", len(exe), func() (records int, err error) {
		f, err := saferwall.NewBytes(exe, &saferwall.Options{Logger: silent{}, DisableCertValidation: true})
		if err != nil {
			return 0, err
		}
		if err := f.Parse(); err != nil {
			return 0, err
		}
		if _, err := f.ParseVersionResources(); err != nil {
			return 0, err
		}
		f.Authentihash()
		_, err = f.ImpHash()
		return 1, err
	})
}

type silent struct{}

func (silent) Log(saferlog.Level, ...any) error { return nil }
