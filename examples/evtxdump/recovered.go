package main

import (
	"bytes"
	"fmt"
	"iter"
	"os"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// recovered writes records that a log does not list, each marked as such.
func (d *dumper) recovered(p *cli.Program, records iter.Seq2[evtx.Recovered, error]) error {
	var text []byte
	var rec evtx.Recovered // declared once, since its address escapes
	for next, err := range records {
		if err != nil {
			return named(d.log, err)
		}
		rec = next
		if text, err = d.mark(text[:0], &rec); err != nil {
			p.Problem(err)
			continue
		}
		if _, err := p.Out.Write(text); err != nil {
			return writeError{err}
		}
	}
	return nil
}

// mark appends a recovered record: an object gets a member for what is known of its
// recovery, and XML a comment.
func (d *dumper) mark(dst []byte, rec *evtx.Recovered) ([]byte, error) {
	start := len(dst)
	out, err := d.encode(dst, &rec.Record)
	if d.typed {
		if out, err = rec.AppendTyped(dst); err == nil {
			out = append(out, '\n')
		}
	}
	if err != nil {
		return dst, err
	}
	out = bytes.TrimSuffix(out, []byte("\n"))
	if bytes.HasPrefix(out[start:], []byte("{")) {
		name := "Recovered"
		if d.typed {
			name = "recovered"
		}
		out = fmt.Appendf(out[:len(out)-1], `,%q:{"grade":%q,"reason":%q,"offset":%d,"borrowed":%t}}`, name, rec.Grade, rec.Reason, rec.Offset, rec.Borrowed)
	} else {
		out = fmt.Appendf(out, "<!-- recovered: %s, %s, offset %d", rec.Grade, rec.Reason, rec.Offset)
		if rec.Borrowed {
			out = append(out, ", borrowed"...)
		}
		out = append(out, " -->"...)
	}
	return append(out, '\n'), nil
}

// carve writes the records in a file that is not a log.
func (d *dumper) carve(p *cli.Program, opts []evtx.Option) error {
	f, err := os.Open(d.log)
	if err != nil {
		return err
	}
	defer f.Close()
	size, err := f.Seek(0, 2)
	if err != nil {
		return err
	}
	return d.recovered(p, evtx.Carve(f, size, append(opts, evtx.WithName(d.log))...))
}
