package velociraptor

import (
	"bufio"
	"encoding/json"
	"io"
	"io/fs"
	"path"
)

// Client is the machine that was collected.
type Client struct {
	Host string // "" if it is unknown
	FQDN string
	OS   string // as Velociraptor writes it: "windows"
}

// clientFiles have the machine in their first row, below the folder of a collection. The
// first is written by a server, the others by the artifact Generic.Client.Info.
var clientFiles = []string{
	"client_info.json",
	"results/Generic.Client.Info%2FBasicInformation.json",
	"Generic.Client.Info/BasicInformation.json",
}

// maxClient bounds what is read of such a file.
const maxClient = 64 << 10

// ReadClient reads which machine the collection in a folder is of. It is empty if no file
// says so.
func ReadClient(fsys fs.FS, dir string) Client {
	for _, name := range clientFiles {
		f, err := fsys.Open(path.Join(dir, name))
		if err != nil {
			continue
		}
		c := readClient(f)
		f.Close()
		if c.Host != "" {
			return c
		}
	}
	return Client{}
}

// readClient reads the first JSON value.
func readClient(r io.Reader) Client {
	var row struct {
		Hostname, Fqdn, OS string
		Info               struct {
			Hostname, Fqdn, System string
		} `json:"os_info"`
	}
	err := json.NewDecoder(bufio.NewReader(io.LimitReader(r, maxClient))).Decode(&row)
	switch {
	case err != nil:
		return Client{}
	case row.Hostname != "":
		return Client{row.Hostname, row.Fqdn, row.OS}
	}
	return Client{row.Info.Hostname, row.Info.Fqdn, row.Info.System}
}

// Metadata is the file of an encrypted collection that has the password of its data.zip,
// encrypted itself.
const Metadata = "metadata.json"

// EncryptedPassword returns the scheme with which the password of a collection is
// encrypted, such as "X509" or "PGP", or "" if the collection does not have it.
func EncryptedPassword(fsys fs.FS) string {
	f, err := fsys.Open(Metadata)
	if err != nil {
		return ""
	}
	defer f.Close()
	var m struct{ EncryptedPass, Scheme string }
	if err := json.NewDecoder(io.LimitReader(f, maxClient)).Decode(&m); err != nil || m.EncryptedPass == "" {
		return ""
	}
	return m.Scheme
}
