package registry

import "slices"

// locations is the one table, in the order in which Autostarts yields what it finds.
var locations = slices.Concat(logonLocations, explorerLocations, classLocations, programLocations, bootLocations, securityLocations, networkLocations, serviceLocations)
