// Package pe says what a Windows executable states about itself: its hashes, its
// headers, its version resource, and who is said to have signed it, when.
//
// It verifies nothing. Names, times and certificates are those that the file
// states; whoever wrote the file may have chosen them. The one thing compared is
// the digest of the image with the digest that a signature states
// ([Signature.DigestMatches]): a difference proves that the file was changed
// after it was signed, a match proves nothing about the signer.
//
// # Terminology
//
//   - An image is an executable file as the linker wrote it: a program, a DLL or
//     a driver. RVAs are addresses relative to where it is loaded.
//   - The import hash (imphash) is the MD5 of the names of the imported
//     functions in order; files built from the same source often share it.
//   - The authentihash is the digest that Authenticode signs: of the file
//     without its checksum, the entry of the certificate table and that table.
//   - A countersignature is the statement of a timestamp authority that a
//     signature existed at a time, as a PKCS #9 attribute or an RFC 3161 token.
//   - A nested signature is a further one of the same image, often with
//     another digest algorithm, inside the unsigned attributes of the first.
//
// # Specifications
//
//   - PE Format, Microsoft Learn: headers, directories, attribute certificates
//   - Windows Authenticode Portable Executable Signature Format, version 1.0
//   - VS_VERSIONINFO, Microsoft Learn
//   - RFC 2315 (PKCS #7), RFC 5652 (CMS), RFC 2985 (PKCS #9), RFC 3161
//     (timestamps), RFC 5280 (certificates), RFC 4514 (names as text)
//
// Headers, sections, the Rich header and the names of ordinals come from
// github.com/saferwall/pe. Imports, resources and signatures are decoded here,
// because their cost has to stay in proportion to the file.
//
// The names of ordinals in the import hash are those of its first definition,
// where wsock32.dll shares the names of ws2_32.dll; pefile since 2023 uses others
// for wsock32.dll and gives another hash for the few files that import its
// ordinals 10 to 12 or above 23.
//
// # Security
//
// A file may be made to harm who reads it. Whatever its bytes, this package does
// not panic, takes time and memory in proportion to the size of the file, reads
// nothing but the file, and writes nothing. Tables that refer to each other have
// fixed limits, which give findings of the kind limit. Strings are not cleaned:
// escape them before they reach a terminal or a browser.
package pe
