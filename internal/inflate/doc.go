// Package inflate reads deflate, Deflate64 and gzip streams at any offset.
//
// Such a stream can only be decoded from its beginning, but evidence is read at any
// offset. Therefore the stream is decoded once, which checks its checksum and finds its
// size, and on the way an index of checkpoints is made: places where a decoder can
// continue, with the 32 KiB of output before each. A read then decodes from the
// checkpoint before it, at most some MiB.
//
// The output before a checkpoint is kept compressed, and the distance between
// checkpoints doubles whenever the index reaches 128 MiB. So it takes at most about
// four hundredths of the compressed size, and never more than 128 MiB, whatever the
// stream expands to.
//
// The decoder is our own because that of compress/flate cannot be stopped and
// continued elsewhere. It accepts the same streams.
//
// # Specifications
//
//   - deflate: RFC 1951
//   - Deflate64: PKWARE, APPNOTE.TXT, section 5.5: a window of 64 KiB, lengths of up to
//     65,538 bytes, and two more distances
//   - zlib: RFC 1950
//   - gzip: RFC 1952
package inflate
