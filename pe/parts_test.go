package pe

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"math/rand/v2"
	"testing"
)

func TestDistinguishedName(t *testing.T) {
	in := "\x30\x49" +
		"\x31\x0b\x30\x09\x06\x03\x55\x04\x06\x13\x02US" +
		"\x31\x15\x30\x13\x06\x03\x55\x04\x0a\x0c\x0c Ex, \"a\" \\b " +
		"\x31\x23\x30\x0a\x06\x03\x55\x04\x03\x0c\x03#\na\x30\x15\x06\x0a\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04\x0c\x07unknown"
	name, common, err := distinguishedName(one(t, in))
	const want = `CN=\#\0aa+1.3.6.1.4.1.311.2.1.4=unknown,O=\ Ex\, \"a\" \\b\ ,C=US`
	if err != nil || name != want || common != "#\na" {
		t.Errorf("got %s, %q, %v; want %s", name, common, err, want)
	}
}

func TestChain(t *testing.T) {
	cert := func(subject, issuer string) Certificate {
		return Certificate{Subject: subject, Issuer: issuer, Thumbprint: subject + issuer, Raw: []byte{1}}
	}
	for _, tt := range []struct {
		name string
		all  certificates
		want string
	}{
		{"up to the root", certificates{cert("root", "root"), cert("ca", "root"), cert("leaf", "ca")}, "leaf ca root "},
		{"root absent", certificates{cert("leaf", "ca"), cert("ca", "root")}, "leaf ca "},
		{"issuer absent", certificates{cert("leaf", "ca"), cert("root", "root")}, "leaf "},
		{"self-issued", certificates{cert("leaf", "leaf")}, "leaf "},
		{"circle", certificates{cert("leaf", "a"), cert("a", "b"), cert("b", "a")}, "leaf a b "},
	} {
		var got string
		for _, c := range tt.all {
			if c.Subject == "leaf" {
				for _, c := range tt.all.chain(c) {
					got += c.Subject + " "
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := (certificates{}).chain(Certificate{Offset: -1}); got != nil {
		t.Errorf("chain of a certificate that is only named: %v", got)
	}
}

func TestImpHash(t *testing.T) {
	for _, tt := range []struct {
		name    string
		imports []Import
		hashed  string
	}{
		{"names", []Import{{"KERNEL32.dll", []string{"ExitProcess", "Sleep"}}}, "kernel32.exitprocess,kernel32.sleep"},
		{"extensions", []Import{{"A.DLL", []string{"x"}}, {"b.ocx", []string{"x"}}, {"c.sys", []string{"x"}}, {"d.exe", []string{"x"}}},
			"a.x,b.x,c.x,d.exe.x"},
		{"dots", []Import{{"api-ms.v1.dll", []string{"x"}}}, "api-ms.v1.x"},
		{"ordinals", []Import{{"WS2_32.dll", []string{"#115", "#999"}}, {"oleaut32.dll", []string{"#2"}}, {"x.dll", []string{"#2"}}},
			"ws2_32.wsastartup,ws2_32.ord999,oleaut32.sysallocstring,x.ord2"},
	} {
		sum := md5.Sum([]byte(tt.hashed))
		if got, want := impHash(tt.imports), hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s: got %s, want %s, the MD5 of %s", tt.name, got, want, tt.hashed)
		}
	}
	if got := impHash(nil); got != "" {
		t.Errorf("without imports: got %s", got)
	}
}

// The sum by wide words, with the field subtracted afterwards, is the sum by
// 16-bit words of a file in which the field is zero, wherever the field is.
func TestCheckSum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := 6; n < 300; n++ {
		b := make([]byte, n)
		switch n % 3 {
		case 0:
			for i := range b {
				b[i] = byte(r.Uint32())
			}
		case 1:
			for i := range b {
				b[i] = 0xff
			}
		}
		copy(b, "MZ")
		at := 2 + r.IntN(n-5)
		var sum checkSum
		cut := r.IntN(n+1) &^ 1
		sum.add(b[:cut])
		sum.add(b[cut:])
		stated := uint32(b[at]) | uint32(b[at+1])<<8 | uint32(b[at+2])<<16 | uint32(b[at+3])<<24
		got := sum.value(int64(at), stated, int64(n))

		clear(b[at : at+4])
		want := uint32(0)
		for i := 0; i < n; i += 2 {
			word := uint32(b[i])
			if i+1 < n {
				word |= uint32(b[i+1]) << 8
			}
			want += word
			want = want&0xffff + want>>16
		}
		if want += uint32(n); got != want {
			t.Errorf("%d bytes, field at %d: got %#x, want %#x", n, at, got, want)
		}
	}
}

// However a file is cut into pieces, the same bytes are covered.
func TestWriteCovered(t *testing.T) {
	const text = "0123456789abcdef"
	spans := []span{{2, 4}, {4, 5}, {9, 12}, {15, 99}}
	const want = "015678cde"
	for size := 1; size <= len(text); size++ {
		var got bytes.Buffer
		for off := 0; off < len(text); off += size {
			writeCovered(&got, []byte(text[off:min(off+size, len(text))]), int64(off), spans)
		}
		if got.String() != want {
			t.Errorf("pieces of %d: got %s, want %s", size, &got, want)
		}
	}
}

func TestVersionTrimsAndKeeps(t *testing.T) {
	v := VersionInfo{}
	v.add(StringPair{"040904b0", "CompanyName", ""})
	v.add(StringPair{"040704b0", "CompanyName", "second"})
	v.add(StringPair{"040704b0", "ProductName", "only here"})
	if v.CompanyName != "" || v.ProductName != "only here" || len(v.Strings) != 3 {
		t.Errorf("got %+v: want the first language that has a string to set the field", v)
	}
}
