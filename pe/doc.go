// Package pe reads Windows executables: their hashes, their headers, their version
// resource, and who claims to have signed them, and when.
//
// It verifies nothing. Names, times and certificates are claims of the file;
// whoever wrote the file may have chosen them. Only digests are compared: that of the
// image with the one in a signature ([Signature.DigestMatches]), and that of the
// signed content with the one in the signed attributes ([Signature.ContentMatches]).
// A difference proves that this is not the image that was signed: it was changed,
// or has the signature of another file. A match proves nothing about the signer.
//
// A file without a signature of its own may be signed in a catalog, as most files of
// Windows are: [OpenCatalogs] reads those of a machine, and [Catalogs.Find] finds a file in
// them by [Reader.CatalogDigests].
//
// # Terminology
//
//   - An image is an executable file as the linker wrote it: a program, a DLL or
//     a driver. RVAs are addresses relative to the address at which it is loaded.
//   - The import hash (imphash) is the MD5 of the names of the imported
//     functions in order; files built from the same source often share it.
//   - The authentihash is the digest that Authenticode signs: of the file
//     without its checksum, the entry of the certificate table and that table. What
//     is added to the table is outside of it: a problem says so, and the state is
//     [Uncovered] if the loader maps any of it.
//   - A countersignature is the statement of a timestamp authority that a
//     signature existed at a time, as a PKCS #9 attribute or an RFC 3161 token.
//   - A catalog lists the digests of files under one signature.
//   - A nested signature is a further signature of the same image, often with
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
// github.com/saferwall/pe. This package decodes imports, resources and signatures
// itself, because their cost has to stay in proportion to the file.
//
// The import hash replaces some ordinals by names, from the tables of
// saferwall/pe. pefile 2024.8.26 has other names for wsock32.dll 10 to 12, for
// ws2_32.dll and wsock32.dll from 24 on (but not 51 to 57 and 101 to 116), and for
// 32 ordinals of oleaut32.dll from 144 on. It therefore computes another hash for
// the rare files that import these without a name.
//
// # Security
//
// A file may be made to harm whoever reads it. Whatever its bytes, this package
// does not panic, takes time and memory in proportion to the size of the file,
// reads nothing but the file, and writes nothing. Tables that refer to each other
// have fixed limits; a file that exceeds one has a problem of the kind limit.
// Strings are not cleaned: escape them before they reach a terminal or a browser.
package pe
