package hostile

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// indexFields finds the fields of an index that is a file.
func indexFields(data []byte) []field {
	var list []field
	for at := 0; at < len(data); {
		size := blockSize(data, at)
		if size == 0 || size > len(data)-at {
			at += 512
			continue
		}
		list = blockFields(list, data, at, size)
		at += size
	}
	return list
}

// sampleIndexes returns the blocks of the index of a folder, with names in slack.
func sampleIndexes() (map[string][]byte, error) {
	var v mfttest.Volume
	for i := range 60 {
		f := mfttest.File{Path: fmt.Sprintf("kit/a file with a long name %02d.exe", i)}
		if i%3 == 0 {
			f.Deleted, f.IndexSlack = true, mft.EntryState(1+i/3%3)
		}
		v.Files = append(v.Files, f)
	}
	image, err := v.Bytes()
	if err != nil {
		return nil, err
	}
	var blocks []byte
	for at := 0; at+4096 <= len(image); at += 4096 {
		if string(image[at:at+4]) == "INDX" {
			blocks = append(blocks, image[at:at+4096]...)
		}
	}
	return map[string][]byte{"index": blocks}, nil
}
