// Package petest writes small valid executables for tests: with imports, a
// version resource, a debug directory and Authenticode signatures by throw-away
// authorities.
//
// The output depends only on the input: the same Image gives the same bytes on
// every machine. The private keys are part of the package and so known to
// everyone; certificates made with them prove nothing.
//
// pefile reads the images, and osslsigncode verifies the signatures against
// [CA.PEM].
package petest
