package origin

// rules is the table of all rules, by question, the strongest first. If two find
// answers of the same grade, the first one is the answer.
var rules = []*rule{
	whatContent,
	whatLogged,
	whatScanned,
	whatDetected,
	whatInventoried,
	whatRecycled,

	appearedJournal,
	appearedClocks,
	appearedOrder,

	nameJournal,
	nameCreated,
	nameRenamed,
	nameStated,

	writerSysmon,
	writerObject,
	writerJournal,
	writerShare,
	writerRenamed,
	writerScript,
	writerNaming,
	writerDetected,

	accountShare,
	accountOfJob,
	accountOfClient,
	accountOfWriter,
	accountOfOwner,

	arrivalMark,
	arrivalMarkLogged,
	arrivalArgument,
	arrivalCopy,
	arrivalShare,
	arrivalUpload,
	arrivalBITS,
	arrivalDetected,
	arrivalCryptnet,
	arrivalDocument,
	arrivalWriterMark,
	arrivalKernel,
	arrivalDesktop,
	arrivalTwin,
	arrivalHistory,
	arrivalPackage,
	arrivalConnection,
	arrivalName,
	arrivalJournal,
	arrivalProgram,
	arrivalOperation,

	logonSession,
	logonShare,
	logonMaker,
	logonRegistrar,
	logonTerminal,
	logonOwner,
	logonAgent,

	webEntryProcess,
	webEntryPool,
	webEntrySize,

	executedProcess,
	executedDid,
	executedPrefetch,
	executedLoaded,
	executedHost,
	executedService,
	executedScanned,
	executedTraced,
	executedShimCache,
	executedPresent,
	executedRequest,

	autostartHeld,

	companionsBeside,

	reachSysmon,
	reachFiltered,
}
