// Package origin says where a file came from.
package origin
