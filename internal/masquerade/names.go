package masquerade

// The folders of several groups.
var (
	system32 = []string{`\Windows\System32`, `\Windows\Sysnative`}
	systems  = []string{`\Windows\System32`, `\Windows\SysWOW64`, `\Windows\SysArm32`, `\Windows\Sysnative`}
	anywhere []string
)

// below returns the places below System32 and its siblings.
func below(folder string) []string {
	var list []string
	for _, s := range systems {
		list = append(list, s+`\`+folder)
	}
	return list
}

// groups is the table of well-known names: first the programs that disguises imitate,
// then others that are only known so that nobody takes them for a disguise.
var groups = []group{
	// What every Windows runs, from one folder only.
	{own | imitated | placed | distinct, system32, `csrss lsass lsaiso smss winlogon wininit spoolsv lsm conhost taskhost taskhostw taskhostex dwm sihost
		audiodg logonui wudfhost`},
	{own | imitated | placed | distinct | word, system32, `services`},
	{own | imitated | placed | distinct, systems, `svchost dllhost rundll32 userinit ctfmon fontdrvhost runtimebroker searchindexer searchprotocolhost searchfilterhost
		werfault msdtc dashost backgroundtaskhost smartscreen securityhealthservice securityhealthsystray`},
	{own | imitated | placed | distinct, append([]string{`\Windows\System32`, `\Windows\UUS\**`}, systems...), `wuauclt usoclient mousocoreworker musnotification`},
	{own | imitated | placed | distinct | word, []string{`\Windows`, `\Windows\SysWOW64`, `\Windows\SysArm32`}, `explorer`},
	{own | imitated | placed | distinct, below("wbem"), `wmiprvse wmiadap wmiapsrv`},
	{own | imitated | placed | distinct, below("inetsrv"), `w3wp inetinfo`},
	{own | imitated | placed, append([]string{`\Program Files*\Internet Explorer`}, system32...), `iexplore`},
	{own | imitated | placed, []string{`\ProgramData\Microsoft\Windows Defender\Platform\**`, `\Program Files*\Windows Defender`, `\Program Files*\Microsoft Security Client`},
		`msmpeng nissrv mpdefendercoreservice`},

	// Tools of Windows that attackers copy, rename and imitate.
	{own | imitated | placed, systems, `cmd mshta regsvr32 certutil certreq schtasks taskmgr bitsadmin cscript wscript msiexec mstsc
		wevtutil vssadmin bcdedit wbadmin ntdsutil nltest tasklist taskkill systeminfo ipconfig whoami eventvwr fodhelper computerdefaults
		cmstp odbcconf forfiles pcalua presentationhost mavinject esentutl diskshadow bthudtask cleanmgr sdclt sethc displayswitch atbroker
		pkgmgr makecab extrac32 rasphone rasdial icacls takeown fsutil gpupdate gpresult auditpol secedit ntoskrnl credwiz winrs wsmprovhost
		verclsid xwizard`},
	{own | placed, systems, `control netsh cipher magnify narrator osk utilman mmc perfmon dxdiag dism wusa winver logoff tscon rwinsta cacls cttune
		ntprint dfrgui syskey`},
	{own | imitated | placed, append([]string{`\Windows\System32`, `\Windows`, `\Program Files\WindowsApps\Microsoft.WindowsNotepad_*\**`}, systems...), `notepad`},
	{own | imitated | placed, append([]string{`\Windows\System32`, `\Program Files\WindowsApps\Microsoft.*Calculator_*\**`, `\Windows\SystemApps\**`}, systems...), `calc`},
	{own | imitated | placed, append([]string{`\Windows`}, systems...), `regedit`},
	{own | imitated | placed, below(`WindowsPowerShell\v1.0`), `powershell powershell_ise`},
	{own | imitated | placed, below("wbem"), `wmic scrcons mofcomp unsecapp`},
	{own | imitated | placed, []string{`\Windows\Microsoft.NET\Framework*\*`, `\Program Files*\**\MSBuild\**`, `\**\MSBuild\**`}, `msbuild`},
	{own | imitated | placed, []string{`\Windows\Microsoft.NET\Framework*\*`, `\Program Files*\**\NETFX*Tools\**`}, `installutil regasm regsvcs`},
	{own | imitated | placed, systems, `ntdll.dll kernel32.dll kernelbase.dll user32.dll advapi32.dll`},
	{own | imitated, systems, `shell32.dll ws2_32.dll wininet.dll crypt32.dll secur32.dll netapi32.dll ole32.dll oleaut32.dll gdi32.dll samlib.dll
		comctl32.dll shlwapi.dll urlmon.dll winhttp.dll dbghelp.dll wtsapi32.dll bcrypt.dll ncrypt.dll amsi.dll mscoree.dll`},

	// Programs of others that disguises imitate.
	{imitated | placed | distinct, []string{`\Program Files*\Microsoft SQL Server\**\Binn`, `\**\MSSQL*\MSSQL\Binn`}, `sqlservr sqlagent`},
	{imitated | placed, []string{`\Program Files*\Microsoft SQL Server\*\Shared`}, `sqlwriter sqlbrowser`},
	{imitated | placed, []string{`\Program Files*\VMware\VMware Tools\**`}, `vmtoolsd`},
	{imitated | placed, []string{`\Program Files*\Google\Chrome*\Application\**`, `\Users\*\AppData\Local\Google\Chrome*\Application\**`,
		`\Documents and Settings\*\Local Settings\Application Data\Google\Chrome*\Application\**`}, `chrome`},
	{imitated | placed, []string{`\Program Files*\Google\Update\**`, `\Users\*\AppData\Local\Google\Update\**`, `\Program Files*\GUM*.tmp`,
		`\Users\*\AppData\Local\Temp\GUM*.tmp`}, `googleupdate`},
	{imitated | placed, []string{`\Program Files*\Microsoft\Edge*\**`, `\Users\*\AppData\Local\Microsoft\Edge*\**`, `\Windows\SystemApps\**`}, `msedge`},
	{imitated | placed, []string{`\Program Files*\Microsoft\EdgeUpdate\**`, `\Users\*\AppData\Local\Microsoft\EdgeUpdate\**`}, `microsoftedgeupdate`},
	{imitated, anywhere, `firefox onedrive acrord32 winword outlook psexesvc anydesk sqlcmd msedgewebview2
		tomcat9 tomcat8 nginx httpd mysqld postgres filezilla thunderbird dropbox javaw winrar`},

	// Names that are near one of those above, and are not theirs.
	{0, anywhere, `adexplorer qqbrowser mavinject32 mavinject64 teamviewer ccleaner mpiexec service servicehost ssms notepad2 notepad3 notepad++
		explorer++ chroma chromium mysql java javac javaws postgresql comhost firefoxportable dropboxupdate certtool openconsole brave opera
		tomcat tomcat7 tomcat10 tomcat7w tomcat8w tomcat9w tomcat10w msedge_proxy mscopilot unrar sysmon sysmon64 vboxservice vboxtray
		vmwareresolutionset vmacthlp mscoreei.dll`},
	{own, anywhere, windowsNames},
}

// windowsNames are other programs that come with Windows.
const windowsNames = `
	adamsync addinprocess addinprocess32 addinutil adfs agentactivationruntimestarter agentservice aitstatic alg appcmd
	apphostregistrationverifier appidcertstorecheck appidpolicyconverter appidtel applicationframehost applysettingstemplatecatalog
	applytrustoffline approvechildrequest appvclient appvdllsurrogate appvlp appvnice appvshnotify arp aspnet_compiler aspnet_regiis
	aspnet_state assignedaccessguard at attrib audit aurora.scr autochk autoconv autofmt autolfn axinstui baaupdate backgroundtransferhost bash
	bcdboot bdechangepin bdehdcfg bdeuisrv bdeunlock bioiso bitlockerdeviceencryption bitlockerwizard bitlockerwizardelev bootcfg bootim
	bootsect browser_broker browserexport bubbles.scr bytecodegenerator calcs calculatorapp camerasettingsuihost caspol castsrv certenrollctrl
	change changepk charmap chcp.com checknetisolation chglogon chgport chgusr chkdsk chkntfs choice clip cliprenew clipsvc clipup
	cloudexperiencehostbroker cloudnotifications clussvc cmdkey cmdl32 cmmon32 cofire colorcpl comp compact compare compattelrunner comppkgsrv
	comrepl comrereg configsecuritypolicy consent convert convertvhd coredpussvr cortana credentialenrollmentmanager credentialuibroker csc
	csvde csvfs custominstallexec customshellhost cvtres dataexchangehost datastorecachedumptool datasvcutil datausagelivetiletask dccw dcdiag
	dcomcnfg dcpromo ddodiag defrag deploymentcsphelper desktopimgdownldr devicecensus devicecredentialdeployment deviceeject deviceenroller
	devicepairingwizard deviceproperties devicesflowuserbroker devtoolslauncher dfsrdiag dfsrs dfssvc dfsvc
	diagnosticshub.standardcollector.service dialer diantz directxdatabaseupdater diskcomp.com diskcopy.com diskpart diskperf diskraid dispdiag
	djoin dllhst3g dmcertinst dmcfghost dmclient dmnotificationbroker dmomacpmo dns dnscacheugc dnscmd doskey dpapimig dpiscaling dplaysvr
	dpnsvr driverquery drvcfg drvinst dsacls dsadd dsdbutil dsget dsmgmt dsmod dsmove dsmusertask dsquery dsregcmd dsrm dstokenclean dtdump
	dumpchk dusmtask dvdplay dwwin dxcap dxgiadaptercache dxpserver eap3host easeofaccessdialog easinvoker easpolicymanagerbrokerhost edmgen
	edpcleanup edpnotify eduprintprov efsui ehstorauthn embeddedapplauncher eoaexperiences eudcedit eventcreate evntcmd evntwin expand
	explorerframe.dll extexport familysafety fc find findstr finger fixmapi fltmc fondue fontview format.com fsavailux fsiso fsquirt fsrm ftp
	fvenotify fveprompt gamebar gamebarftserver gamebarpresencewriter gamepanel genvalobj getmac gpfixup gpscript grpconv hdwwiz help helppane
	hh hostguardianservice hostname hvax64 hvix64 hvloader hvsirdpclient hvsirpcd icsentitlementhost icsunattend ie4uinit ie4ushowie iediagcmd
	ieetwcollector ieexec ieinstal ielowutil ieunatt iexpress iisreset iisrstas iissetup ilasm imagingdevices immersivetpmvscmgrsvr
	infdefaultinstall inputpersonalization instnm iotstartup irftp iscsicli iscsicpl ismserv isoburn journal jsc klist ktmutil label
	languagecomponentsinstallercomhandler launchtm launchwinapp ldifde ldp legacynetuxhost licensemanagershellext licensingdiag licensingui
	licensingwinrt licmgr livecaptions locationnotificationwindows locator lockapp lockapphost lockscreencontentserver lodctr logagent logman
	logon.scr lpkinstall lpksetup lpq lpr lserver lsm.dll mbaeparsertask mblctr mbr2gpt mcbuilder mdeserver mdmagent mdmappinstaller
	mdmdiagnosticstool mdres mdsched mfpmp microsoft.workflow.compiler microsoftedgebchost microsoftedgecp microsoftedgedevtools
	microsoftedgesh mighost migwiz mip mixedrealitycapture.broker mobsync mode.com more.com mountvol mpcmdrun mpdlpcmd mpnotify mpsigstub
	mqbkup mqsvc mqtgsvc mrinfo mrt mrt-kb890830 msconfig mscorsvw msdeploy msdt msfeedssync msg msinfo32 msmpengcp mspaint mspub msra
	mssecflt.sys mssense mtedit mtstocom muiunattend multidigimon musnotificationux musnotifyicon mystify.scr narratorhome narratorquickstart
	nbtstat ndadmin ndkperf ndkping net net1 netbtugc netcfg netcfgnotifyobjecthost netdom netevtfwdr netiougc netplwiz netproj netstat newdev
	nfsadmin nfsclnt nfsd nfssvc nfsumgr ngciso nslookup ntfrs ntfrsutl ntsd nvspinfo ocsetup offlinescannershell openfiles openwith
	optionalfeatures passwordonwakesettingflyout pathping pcwrun peopleexperiencehost perfhost phoneactivate phoneactivation
	phoneexperiencehost photoscreensaver.scr photoviewer.dll pickerhost pinenrollmentbroker ping pipanel pktmon plasrv pnpunattend pnputil
	poqexec pospaymentsworker powercfg print printbrmui printfilterpipelinesvc printisolationhost printui proquota provlaunch provtool
	proximityuxhost prproc psr pwlauncher qappsrv qprocess query quickassist quser qwinsta rasautou rasdlui raserver rdms rdpclip rdpinit
	rdpinput rdpsa rdpsaproxy rdpsauachelper rdpshell rdpsign rdrleakdiag rdvghelper reagentc recdisc recover recoverydrive refsutil reg
	regedt32 regini register-cimprovider rekeywiz relog relpost remoteapplifetimemanager remoteposworker repadmin repair-bde replace reset
	resetengine resmon rhs ribbons.scr rmactivate rmactivate_isv rmactivate_ssp rmactivate_ssp_isv rmclient rmttpmvscmgrsvr robocopy route
	rpcdump rpcping rrinstaller rsmux rstrui runas runexehelper runlegacycplelevated runonce runscripthelper sc scriptrunner scrnsave.scr
	sdbinst sdchange seaport searchapp searchhost searchui securebootencodeuefi securekernel securityhealthhost securityhealthsetup
	sensecncproxy senseir sensendr sensesampleuploader sensetvm sensordataservice servicemodelreg sessionmsg setieinstalleddate setres setspn
	settingsynchost setup setup_wm setupcl setuprepair setuputc setx sfc sgrmbroker sgrmlpac shapecollector shellexperiencehost shrpubw
	shutdown sidebar sigverif simplifiedchinesequickoptions slidetoshutdown slui smphost smsvchost sndvol snippingtool snmp snmptrap sort
	spaceagent spaceman spatialaudiolicensesrv spectrum splwow64 sppextcomobj sppsvc srdelayed srmhost srtasks sstext3d.scr
	startmenuexperiencehost stikynot stordiag storrept subst surfaceservice svcs swriter sxstrace syncappvpublishingserver synchost sysreseterr
	systempropertiesadvanced systempropertiescomputername systempropertiesdataexecutionprevention systempropertieshardware
	systempropertiesperformance systempropertiesprotection systempropertiesremote systemreset systemsettingsadminflows systemsettingsbroker
	systemsettingsremovedevice systemuwplauncher systray tabcal tabtip tapiunattend tar taskeng tcblaunch tcmsetup tcpsvcs telnet textinputhost
	tftp thumbnailextractionhost tieringengineservice tiworker tokenbrokercookies tpminit tpmtool tpmvscmgr tpmvscmgrsvr tracerpt tracert
	tree.com trustedinstaller tsdiscon tsecimp tskill tssdis tstheme tswbprxy tswpfwrp ttdinject ttdrecord tttracer typeperf tzsync tzutil
	ucsvc uevagentpolicygenerator uevappmonitor uevtemplatebaselinegenerator uevtemplateconfigitemgenerator ui0detect uifwp uimgrbroker umpdc
	unlodctr unregmp2 upfc upgraderesultsui upnpcont upprinterinstaller useraccountbroker useraccountcontrolsettings usocoreworker
	utcdecoderhost vaultcmd vbc vds vdsldr verifier verifiergui vmcompute vmms vmplatformca vmwp vssvc w32tm waasmedicagent wab wabmig waitfor
	wallpaperhost wbemtest wbengine wecutil werfaultsecure wermgr wextract wfs where wiaacmgr wiawow64 widgets widgetservice wifitask wimserv
	winbio windeploy windowsactiondialog windowsterminal windowsupdateelevatedinstaller winhlp32 winload winmgmt winpredvd winresume winrm.cmd
	winrmsrv winrshost winsat wkspbroker wksprt wlanext wlms wlrmdr wmlaunch wmpconfig wmplayer wmpnetwk wmpshare wordpad workflowcompiler
	workfolders wowreg32 wpcmon wpctok wpdshextautoplay wpnpinst wpr write wsatconfig wscadminui wscollect wsl wslconfig wslhost
	wsmanhttpconfig wsqmcons wsreset wsusservice wt wuapihost wudfcompanionhost wwahost xblgamesavetask xcopy xpsrchvw yourphone
`
