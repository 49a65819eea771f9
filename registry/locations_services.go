package registry

// serviceLocations hold the services and drivers, and the programs that hosts of services
// start (srvany, NSSM). The tasks are listed behind all other locations.
var serviceLocations = []location{
	{"service", system, services, named("ImagePath", "FailureCommand", "ServiceDll"), serviceKeys, byServiceStart, 0, "NT 3.1"},
	{"service", system, services + `\Parameters`, named("ServiceDll"), texts, byServiceStart, marks, "2000"},
	{"service", system, services + `\Parameters`, named("Application"), applications, byServiceStart, 0, "NT 4.0"},
	{"task", machine, windowsNT + `Schedule\TaskCache\Tasks\*`, named("Actions"), taskKeys, never, marks, "Vista"},
}
