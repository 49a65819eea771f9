// Package mft reads NTFS.
package mft
