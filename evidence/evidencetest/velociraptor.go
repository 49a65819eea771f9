package evidencetest

import (
	"encoding/json"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Velociraptor copies names of vol as Velociraptor's offline collector does, and
// returns the folder. Metadata files are below the accessor ntfs, all others below
// auto, and every name is percent-encoded. A file with holes is without them, and has an
// index. What was uploaded, with the times of the files, is in the results; Zip makes of the
// folder what the collector writes.
func Velociraptor(t testing.TB, vol fs.FS, names ...string) string {
	t.Helper()
	c := collection{t: t, dir: t.TempDir()}
	for _, name := range expand(t, vol, names) {
		c.add(vol, name)
	}
	c.write("uploads.json", c.uploads)
	c.write(filepath.Join("results", "Windows.KapeFiles.Targets%2FAll File Metadata.json"), c.metadata)
	c.write(filepath.Join("results", "Windows.KapeFiles.Targets%2FUploads.json"), c.copied)
	c.write("log.json", []any{map[string]any{"_ts": collectedAt.Unix(), "client_time": collectedAt.Unix(), "level": "DEFAULT", "message": "Selecting _BasicCollection\n"}})
	c.write("collection_context.json", []any{map[string]any{
		"session_id": "F.D0", "create_time": collectedAt.UnixNano(), "start_time": collectedAt.UnixNano(), "total_uploaded_files": len(c.uploads), "state": 2,
		"artifacts_with_results": []string{"Windows.KapeFiles.Targets/All File Metadata", "Windows.KapeFiles.Targets/Uploads"},
	}})
	c.write("requests.json", []any{map[string]any{}})
	return c.dir
}

// collectedAt is when the collector ran.
var collectedAt = time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)

// A collection is a folder that is being filled, with the rows of what is in it.
type collection struct {
	t                         testing.TB
	dir                       string
	uploads, metadata, copied []any
}

// write writes one JSON object a line.
func (c *collection) write(name string, rows []any) {
	c.t.Helper()
	var b strings.Builder
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	for _, row := range rows {
		if err := out.Encode(row); err != nil {
			c.t.Fatal(err)
		}
	}
	write(c.t, filepath.Join(c.dir, name), strings.NewReader(b.String()))
}

// add copies a file.
func (c *collection) add(vol fs.FS, name string) {
	c.t.Helper()
	accessor, device := "auto", "C:"
	if strings.HasPrefix(name, "$") || strings.Contains(name, ":") {
		accessor, device = "ntfs", `\\.\C:`
	}
	components := append([]string{"uploads", accessor, device}, strings.Split(name, "/")...)
	to := []string{c.dir, "uploads", accessor}
	for _, part := range components[2:] {
		to = append(to, encode(part))
	}
	f, err := vol.Open(name)
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		c.t.Fatal(err)
	}
	data, ranges := withoutHoles(c.t, f, info.Size())
	write(c.t, filepath.Join(to...), strings.NewReader(string(data)))
	path := device + `\` + strings.ReplaceAll(name, "/", `\`)
	upload := func(ending, kind string, size, uploaded int) {
		c.uploads = append(c.uploads, map[string]any{
			"Timestamp": collectedAt.Format(time.RFC3339Nano), "started": collectedAt.String(), "vfs_path": path + ending,
			"_Components": components, "file_size": size, "uploaded_size": uploaded, "Type": kind,
		})
	}
	if ranges != nil {
		index, err := json.Marshal(map[string]any{"ranges": ranges})
		if err != nil {
			c.t.Fatal(err)
		}
		write(c.t, filepath.Join(to...)+".idx", strings.NewReader(string(index)))
		upload(".idx", "idx", len(index), len(index))
	}
	upload("", "", int(info.Size()), len(data))
	times := func(row map[string]any) map[string]any {
		row["Modified"] = info.ModTime()
		if b, ok := info.(interface{ BirthTime() time.Time }); ok {
			row["Created"] = b.BirthTime()
		}
		if a, ok := info.(interface{ AccessTime() time.Time }); ok {
			row["LastAccessed"] = a.AccessTime()
		}
		return row
	}
	c.metadata = append(c.metadata, times(map[string]any{"SourceFile": path, "Size": info.Size(), "_Source": "Generic.Collectors.File/All Matches Metadata"}))
	c.copied = append(c.copied, times(map[string]any{"SourceFile": path, "DestinationFile": path, "FileSize": info.Size(),
		"CopiedOnTimestamp": collectedAt.Unix(), "_Source": "Generic.Collectors.File/Uploads"}))
}

// withoutHoles reads a file. If it has holes they are left out, and the ranges are those of
// its index.
func withoutHoles(t testing.TB, f fs.File, size int64) (data []byte, ranges []map[string]int64) {
	t.Helper()
	all, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	holes, ok := f.(interface{ NextData(off int64) int64 })
	if !ok || size == 0 || holes.NextData(0) == 0 {
		return all, nil // only a hole at the beginning is left out, as those of the journal are
	}
	hole := min(holes.NextData(0), size)
	data = all[hole:]
	return data, []map[string]int64{{"length": hole}, {"original_offset": hole, "file_length": int64(len(data)), "length": int64(len(data))}}
}

// encode is Velociraptor's SanitizeString, for one part of a path.
func encode(name string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		plain := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-_~ $", c) >= 0 ||
			c == '.' && i > 0 && i < len(name)-1
		if plain {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hexDigits[c>>4], hexDigits[c&15]})
		}
	}
	return b.String()
}
