package origin

// rules is the table of all rules, by question, the strongest first. If two find
// answers of the same grade, the first one is the answer.
var rules = []*rule{
	whatContent,
	whatLogged,

	appearedClocks,
	appearedOrder,

	nameCreated,
	nameStated,

	writerSysmon,
	writerNaming,

	accountOfClient,
	accountOfWriter,
	accountOfOwner,

	arrivalMark,
	arrivalMarkLogged,
	arrivalArgument,
	arrivalUpload,
	arrivalWriterMark,
	arrivalKernel,
	arrivalDesktop,
	arrivalConnection,
	arrivalProgram,

	logonSession,
	logonTerminal,
	logonOwner,

	webEntryProcess,

	executedProcess,
	executedDid,
	executedLoaded,
	executedHost,

	autostartHeld,

	companionsBeside,

	reachSysmon,
}
