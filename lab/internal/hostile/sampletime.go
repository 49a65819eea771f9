package hostile

import "time"

// sampleTime is the time in all samples.
var sampleTime = time.Date(2026, 3, 4, 5, 6, 7, 891234500, time.UTC)
