// Package ese reads databases of the Extensible Storage Engine, which is also called
// ESENT and JET Blue: SRUDB.dat of the System Resource Usage Monitor, Current.mdb of User
// Access Logging, WebCacheV01.dat, qmgr.db, ntds.dit and many more.
//
// A [Reader] has the [Table]s that the catalogue of the database names. [Table.Rows] yields
// the rows of one, and [Row.Value] the [Value] of a [Column]:
//
//	r, err := ese.Open("SRUDB.dat")
//	…
//	t := r.Table("SruDbIdMapTable")
//	blob := t.Column("IdBlob")
//	for row, err := range t.Rows() {
//		if err != nil {
//			continue // damage, which cost a part of the table; or the last error
//		}
//		v, err := row.Value(blob)
//		…
//	}
//
// # Terminology
//
// A database consists of pages of one size. Its first two hold the header and a copy of it,
// the shadow header; page 1 is the third. Each table is a B+ tree of pages with an object
// identifier. A column is fixed (identifiers 1 to 127), variable (128 to 255) or tagged
// (from 256), and tagged ones may have several values. A value that does not fit into its
// record is a long value, which the table has a second tree for.
//
// # What is read
//
//   - pages of 2 to 32 KiB, in the formats 0x620 revision 2 and later, with the checksums of
//     all of them: XOR, XOR with ECC, and one for each quarter of a page of 16 KiB or more
//   - fixed, variable and tagged columns, columns of template tables, defaults
//   - values that are compressed with 7 bits per character or with XPRESS
//   - long values
//
// Indexes, transaction logs, XPRESS9, XPRESS10 and encrypted values are not read. A value
// that needs one of the latter is an error. A database that was not shut down is read as it
// is: [Header.State] says so, and so does a Problem. Its newest rows may be in its logs.
//
// # Specifications
//
//   - Microsoft, Extensible Storage Engine (the source code that Microsoft published)
//   - libyal, Extensible Storage Engine (ESE) Database File (EDB) format
//   - [MS-XCA] Xpress Compression Algorithm, for the plain LZ77 variant
//
// # Damage
//
// Damage costs the rows of the damaged page. If a page that leads to others is damaged, the
// leaves of its tree are looked for in the whole file by its object identifier. A row of a
// page with a wrong checksum is returned. [Reader.Problems] says what was found so far.
//
// # Security
//
// Databases can be written by the attacker. No input makes this package panic or hang:
// every page of a tree is visited once, and trees have a maximum depth. Memory is bounded by
// a page for each level of a tree and by the size of the value that is asked for, which is
// bounded by the size of the file and by the limits of its compression. Rows may share one
// long value: a caller that keeps values reads them with a [Budget]. Texts are returned as
// the file has them: whoever shows them must escape them.
package ese
