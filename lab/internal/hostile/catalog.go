package hostile

import (
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// catalogFields finds the ASN.1 elements of a catalog.
func catalogFields(data []byte) []field { return derFields(nil, data, 0, len(data), 0) }

// sampleCatalogs returns catalogs of both versions, and one that is not signed.
func sampleCatalogs() (map[string][]byte, error) {
	image, err := petest.Image{Padding: 100}.Bytes()
	if err != nil {
		return nil, err
	}
	ca := petest.NewCA("Birthmark Test Root")
	catalog := petest.Catalog{
		Made: sampleTime, Version: 1,
		Members:   []petest.Member{{Content: image, File: "a.exe"}, {Content: []byte("a text")}, {Content: []byte("another text"), TagOnly: true}},
		Signature: petest.Signature{Signer: ca.Intermediate("Birthmark Test Issuer").Issue("Example Software Ltd"), SigningTime: sampleTime, Timestamper: ca.IssueTimestamper("Example Timestamps")},
	}
	list := map[string][]byte{}
	if list["v1.cat"], err = catalog.Bytes(); err != nil {
		return nil, err
	}
	catalog.Version = 2
	if list["v2.cat"], err = catalog.Bytes(); err != nil {
		return nil, err
	}
	catalog.Signature = petest.Signature{}
	list["unsigned.cat"], err = catalog.Bytes()
	return list, err
}
