package evidence

import (
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// mmls returns the partitions of an image according to The Sleuth Kit, as
// "first+sectors", in the order of their offsets.
func mmls(t *testing.T, name string) []string {
	t.Helper()
	out, err := exec.Command(testenv.Tool(t, "mmls"), name).Output()
	if err != nil {
		t.Fatalf("mmls: %v", err)
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		// 002:  000:000   0000002048   0000165887   0000163840   NTFS / exFAT (0x07)
		f := strings.Fields(line)
		if len(f) < 6 || !strings.HasSuffix(f[0], ":") || f[1] == "Meta" || strings.HasPrefix(f[1], "-") {
			continue
		}
		first, err1 := strconv.ParseUint(f[2], 10, 64)
		count, err2 := strconv.ParseUint(f[4], 10, 64)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatalf("mmls: %q: %v", line, err)
		}
		list = append(list, fmt.Sprintf("%d+%d", first, count))
	}
	return list
}

func TestCorpusPartitions(t *testing.T) {
	for _, tt := range []struct {
		file   string
		peer   bool // compare with mmls, which does not support bare volumes
		opened string
	}{
		{"images/tsk_volume_system.raw", true,
			"disk image (MBR); partition 1 unknown  512+179200; partition 5 unknown ext 180224+1294336"},
		{"images/gpt-512-3p.raw.gz", true,
			"disk image (GPT); partition 1 unknown  17408+15872; partition 2 unknown  33280+32768; partition 3 unknown  66048+965632"},
		{"cases/winlogon-shell/disk.raw.zst", true,
			"disk image (MBR); partition 1 ntfs NTFS 1048576+83886080"},
		// Only two sectors of this disk are left, on which mmls fails.
		{"images/mbr-512-p4.bin", false,
			"disk image (MBR); partition 1 unknown  512+512; partition 2 unknown  1536+0; partition 3 unknown  2560+0; partition 4 unknown LVM2 3584+0"},
		{"images/go-ntfs_test.ntfs.dd", false, "volume image; volume ntfs NTFS 0+10485760"},
		{"images/colinfinck_testfs1", false, "volume image; volume ntfs NTFS 0+2097152"},
	} {
		t.Run(tt.file, func(t *testing.T) {
			name := testenv.Unpacked(t, tt.file)
			e := open(t, name)
			if got := describe(e); got != tt.opened {
				t.Errorf("got\n%s\nwant\n%s", got, tt.opened)
			}
			if tt.peer {
				var got []string
				for _, v := range e.Volumes() {
					got = append(got, fmt.Sprintf("%d+%d", v.Partition.Start/512, v.Partition.Size/512))
				}
				if want := mmls(t, name); !slices.Equal(got, want) {
					t.Errorf("got %q, mmls says %q", got, want)
				}
			}
		})
	}
}

// A gzip image opens as its contents.
func TestCorpusGzip(t *testing.T) {
	const file = "images/gpt-512-3p.raw.gz"
	packed, plain := open(t, testenv.Corpus(t, file)), open(t, testenv.Unpacked(t, file))
	if a, b := describe(packed), describe(plain); a != b {
		t.Errorf("packed\n%s\nplain\n%s", a, b)
	}
}
