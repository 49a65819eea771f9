package timeline

import "github.com/birthmark-dfir/birthmark/weblog"

// WebConfig is the configuration of IIS, and where it was read.
type WebConfig struct {
	Artifact string // slash-separated path in the volume; "" if the volume has none
	weblog.Config
}
