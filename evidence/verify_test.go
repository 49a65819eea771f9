package evidence

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// acquired lets ewfacquire write a disk in segments, with MD5 and SHA-1.
func acquired(t *testing.T, format string) (parts []string) {
	t.Helper()
	tool := disktest.Tool(t, "ewfacquire")
	volume, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/notepad.exe", Data: append([]byte("MZ"), disktest.Disk(9<<20)...)},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	source := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(source, volume, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(tool, "-u", "-q", "-d", "sha1", "-t", filepath.Join(dir, "disk"), "-f", format, "-c", "deflate:best", "-S", "1048576", "-b", "64", source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("ewfacquire: %v: %s", err, out)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) < 2 {
		t.Skipf("ewfacquire wrote %d files: %v", len(list), err)
	}
	for _, d := range list {
		parts = append(parts, filepath.Join(dir, d.Name()))
	}
	return parts
}

// verified returns what VerifyImage says of an image, and whether it is what was acquired.
func verified(t *testing.T, name string, workers int) (sentences []string, sound bool, err error) {
	t.Helper()
	e, err := Open(name)
	if err != nil {
		return nil, false, err
	}
	defer e.Close()
	hashes, err := e.VerifyImage(t.Context(), workers)
	sound = err == nil && len(hashes) > 0
	for _, h := range hashes {
		sentences = append(sentences, strings.TrimPrefix(h.String(), name+": "))
		sound = sound && h.Matches()
	}
	return sentences, sound, err
}

// The verdict on an image, whole and damaged, is that of ewfverify.
func TestVerifyImage(t *testing.T) {
	tool := disktest.Tool(t, "ewfverify")
	algorithms := regexp.MustCompile(`(MD5|SHA1)[^:\n]* data:\s+([0-9a-f]+)`)
	parts := acquired(t, "encase6")
	first := parts[0]
	whole := map[string][]byte{}
	for _, name := range parts {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		whole[name] = b
	}
	last := parts[len(parts)-1]
	flip := func(name string, at int) func() {
		return func() {
			b := bytes.Clone(whole[name])
			b[at] ^= 1
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		name   string
		damage func()
		sound  bool
	}{
		{"as acquired", func() {}, true},
		{"a chunk", flip(parts[1], 500_000), false},
		{"a chunk of the last segment", flip(last, bytes.Index(whole[last], []byte("sectors\x00"))+200), false},
		{"a lost segment", func() { os.Remove(parts[1]) }, false},
	} {
		for name, b := range whole {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		tt.damage()
		out, err := exec.Command(tool, "-q", "-d", "sha1", first).CombinedOutput()
		if theirs := err == nil && bytes.Contains(out, []byte("SUCCESS")); theirs != tt.sound {
			t.Errorf("%s: ewfverify says %v: %s", tt.name, theirs, out)
		}
		for _, workers := range []int{1, 3} {
			sentences, sound, err := verified(t, first, workers)
			if sound != tt.sound {
				t.Errorf("%s: sound is %v, %q, %v", tt.name, sound, sentences, err)
			}
			if !tt.sound {
				continue
			}
			if want := `^the image's stored MD5 [0-9a-f]{32} matches its content;the image's stored SHA-1 [0-9a-f]{40} matches its content$`; !regexp.MustCompile(want).MatchString(strings.Join(sentences, ";")) {
				t.Errorf("%s: %q", tt.name, sentences)
			}
			for _, m := range algorithms.FindAllSubmatch(out, -1) {
				if !strings.Contains(strings.Join(sentences, ";"), " "+string(m[2])+" ") {
					t.Errorf("%s: ewfverify has %s %s, and we have %q", tt.name, m[1], m[2], sentences)
				}
			}
		}
	}
}

// An image that was changed, and its checksums with it, has another hash than it stores.
func TestVerifyImageOfAnother(t *testing.T) {
	parts := acquired(t, "encase6")
	others := acquired(t, "encase5")
	e, err := Open(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	e.verifiable[0].hashes[0].Sum = bytes.Repeat([]byte{0xab}, 16)
	hashes, err := e.VerifyImage(t.Context(), 1)
	if err != nil || len(hashes) != 2 || hashes[0].Matches() || !hashes[1].Matches() {
		t.Fatalf("%v, %v", hashes, err)
	}
	if got, want := hashes[0].String(), fmt.Sprintf("%s: the image's stored MD5 %s does not match its content, which has %s", parts[0], strings.Repeat("ab", 16), hashes[0].Computed); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if sentences, sound, err := verified(t, others[0], 1); err != nil || !sound {
		t.Errorf("%q, %v", sentences, err)
	}
}

// A damaged section with a hash is a problem, and the hash of another section counts.
// (ewfverify does not open such an image.)
func TestVerifyDamagedHash(t *testing.T) {
	parts := acquired(t, "encase6")
	last := parts[len(parts)-1]
	b, err := os.ReadFile(last)
	if err != nil {
		t.Fatal(err)
	}
	b[bytes.Index(b, []byte("hash\x00"))+80] ^= 1
	if err := os.WriteFile(last, b, 0o600); err != nil {
		t.Fatal(err)
	}
	e := open(t, parts[0])
	var problems []string
	for p := range e.TableProblems() {
		problems = append(problems, p.String())
	}
	if len(problems) != 1 || !strings.Contains(problems[0], "checksum of the section with the hash of the disk at ") {
		t.Errorf("problems %q", problems)
	}
	if sentences, sound, err := verified(t, parts[0], 2); !sound || len(sentences) != 2 || err != nil {
		t.Errorf("%q, %v", sentences, err)
	}
}

// What has no container, or one without a hash, has nothing to verify.
func TestVerifyNothing(t *testing.T) {
	b := newDisk(64, 512).entry(0, 0, 0, 7, 8, 16).b
	for name, content := range map[string][]byte{"disk.dd": b, "disk.dd.gz": zip(t, b)} {
		e, err := New(name, bytes.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		if hashes, err := e.VerifyImage(t.Context(), 2); err != nil || hashes != nil {
			t.Errorf("%s: %v, %v", name, hashes, err)
		}
	}
	var none *Evidence
	if hashes, err := none.VerifyImage(t.Context(), 0); err != nil || hashes != nil {
		t.Errorf("%v, %v", hashes, err)
	}
}

func TestVerifyIsInterrupted(t *testing.T) {
	parts := acquired(t, "encase6")
	e, err := Open(parts[0])
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.VerifyImage(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// An image of something that is not recognized can be opened and verified: it has a volume
// that is not read. The ewfx format stores its hashes as XML.
func TestVerifyUnknownContent(t *testing.T) {
	tool := disktest.Tool(t, "ewfacquire")
	dir := t.TempDir()
	source := filepath.Join(dir, "source")
	if err := os.WriteFile(source, append([]byte("unknown."), disktest.Disk(300_024)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "-u", "-q", "-d", "sha1,sha256", "-f", "ewfx", "-c", "deflate:fast", "-t", filepath.Join(dir, "image"), source).CombinedOutput(); err != nil {
		t.Skipf("ewfacquire: %v: %s", err, out)
	}
	name := filepath.Join(dir, "image.e01")
	e, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if v := e.Volumes(); e.Kind() != "volume image, EnCase image (E01)" || len(v) != 1 || v[0].Kind != Unknown || !errors.Is(v[0].Err, ErrUnsupported) {
		t.Errorf("%s: %+v", e.Kind(), v)
	}
	hashes, err := e.VerifyImage(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range hashes {
		if !h.Matches() {
			t.Error(h)
		}
		got = append(got, h.Algorithm)
	}
	if s := strings.Join(got, " "); s != "MD5 SHA-1 SHA-256" {
		t.Errorf("verified %s", s)
	}

	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, []byte("xhash\x00")) + 76 // behind the header of the section
	for what, change := range map[string]func(b []byte){
		"its beginning": func(b []byte) { b[at] ^= 0xff },
		"its content":   func(b []byte) { b[at+20] ^= 0xff },
		"its checksum":  func(b []byte) { b[at+len("xhash")+150] ^= 0xff },
	} {
		b := bytes.Clone(whole)
		change(b)
		e, err := New("image.e01", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		hashes, err := e.VerifyImage(t.Context(), 1)
		problems := 0
		for p := range e.Problems() {
			if strings.Contains(p.Err.Error(), "section xhash") {
				problems++
			}
		}
		if err != nil || len(hashes) == 0 || hashes[0].Algorithm != "MD5" || !hashes[0].Matches() || problems != 1 {
			t.Errorf("damage to %s: %v, %v, %d problems", what, hashes, err, problems)
		}
	}
}
