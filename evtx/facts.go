package evtx

import "sync"

// builtin returns the definitions of the kinds of this package. They are shared.
var builtin = sync.OnceValue(NewDefinitions)

func facts() []*definition { return nil }
