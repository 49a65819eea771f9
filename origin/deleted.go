package origin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/mft"
)

// recovered is where the content of a deleted file was read.
type recovered string

const (
	inRecord   recovered = "in its deleted record, which still holds it"
	inClusters recovered = "in the clusters of its deleted record, which are free now"
)

// readDeleted reads the content of a deleted file. It is as good as that of a file which
// exists if the record holds it. Clusters that belong to another file now are not read, and
// those that were erased are not its content.
func readDeleted(ctx context.Context, on fs.FS, rec *mft.Record) (*content, recovered, error) {
	var stream *mft.Stream
	for i := range rec.Streams {
		if rec.Streams[i].Name == "" {
			stream = &rec.Streams[i]
		}
	}
	switch {
	case stream == nil, stream.Size == 0: // as after programs that overwrite a file before they delete it
		return nil, "", nil
	case stream.Resident:
		c, err := contentOf(ctx, bytes.NewReader(stream.Value), int64(len(stream.Value)))
		return c, inRecord, err
	}
	vol, ok := on.(*mft.Volume)
	if !ok {
		return nil, "", errors.New("its clusters are not in the evidence")
	}
	state, err := vol.Allocation(rec, "")
	if err != nil {
		return nil, "", err
	}
	if total := state.Free + state.InUse + state.Unknown; state.Free < total {
		return nil, "", fmt.Errorf("it was deleted, and %d of the %d bytes of its clusters are no longer free", total-state.Free, total)
	}
	r, err := vol.OpenStream(rec, "")
	if err != nil {
		return nil, "", err
	}
	c, err := contentOf(ctx, io.NewSectionReader(r, 0, r.Size()), r.Size())
	if err == nil && c.blank && state.Free > 0 {
		return nil, "", errors.New("it was deleted, and its clusters hold only zeros: a solid-state drive erases what is deleted (TRIM), or a program wiped them")
	}
	return c, inClusters, err
}

// existedAs returns the reference that a file had while it existed: deleting it adds one to
// its sequence number.
func existedAs(rec *mft.Record) mft.Ref {
	ref := rec.Ref
	if !rec.InUse() {
		if ref.Seq--; ref.Seq == 0 {
			ref.Seq--
		}
	}
	return ref
}
