// Package registry reads Windows registry hives: keys, values, and what they
// make Windows start by itself.
package registry
