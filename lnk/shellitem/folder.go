package shellitem

import "github.com/birthmark-dfir/birthmark/winid"

// folderNames are the class identifiers of folders of the shell, and what Windows calls
// these in English.
var folderNames = [...]struct{ id, name string }{
	{"20D04FE0-3AEA-1069-A2D8-08002B30309D", "My Computer"},
	{"00021400-0000-0000-C000-000000000046", "Desktop"},
	{"450D8FBA-AD25-11D0-98A8-0800361B1103", "My Documents"},
	{"645FF040-5081-101B-9F08-00AA002F954E", "Recycle Bin"},
	{"208D2C60-3AEA-1069-A2D7-08002B30309D", "My Network Places"},
	{"F02C1A0D-BE21-4350-88B0-7367FC96EF3C", "Network"},
	{"871C5380-42A0-1069-A2EA-08002B30309D", "Internet Explorer"},
	{"21EC2020-3AEA-1069-A2DD-08002B30309D", "Control Panel"},
	{"26EE0668-A00A-44D7-9371-BEB064C98683", "Control Panel"},
	{"5399E694-6CE5-4D6C-8FCE-1D8870FDCBA0", "Control Panel"},
	{"031E4825-7B94-4DC3-B131-E946B44C8DD5", "Libraries"},
	{"59031A47-3F72-44A7-89C5-5595FE6B30EE", "Users Files"},
	{"679F85CB-0220-4080-B29B-5540CC05AAB6", "Quick Access"},
	{"018D5C66-4533-4307-9B53-224DE2ED1FE6", "OneDrive"},
	{"B4FB3F98-C1EA-428D-A78A-D1F5659CBA93", "Homegroup"},
	{"9343812E-1C37-4A49-A12E-4B2D810D956B", "Search Results"},
	{"ED228FDF-9EA8-4870-83B1-96B02CFE0D52", "Games"},
	{"2227A280-3AEA-1069-A2DE-08002B30309D", "Printers"},
	{"7007ACC7-3202-11D1-AAD2-00805FC1270E", "Network Connections"},
	{"B4BFCC3A-DB2C-424C-B029-7FE99A87C641", "Desktop"},
	{"FDD39AD0-238F-46AF-ADB4-6C85480369C7", "Documents"},
	{"A8CDFF1C-4878-43BE-B5FD-F8091C1C60D0", "Documents"},
	{"D3162B92-9365-467A-956B-92703ACA08AF", "Documents"},
	{"374DE290-123F-4565-9164-39C4925E467B", "Downloads"},
	{"088E3905-0323-4B02-9826-5D99428E115F", "Downloads"},
	{"1CF1260C-4DD0-4EBB-811F-33C572699FDE", "Music"},
	{"3DFDF296-DBEC-4FB4-81D1-6A3438BCF4DE", "Music"},
	{"3ADD1653-EB32-4CB0-BBD7-DFA0ABB5ACCA", "Pictures"},
	{"24AD3AD4-A569-4530-98E1-AB02F9417AA8", "Pictures"},
	{"A0953C92-50DC-43BF-BE83-3742FED03C9C", "Videos"},
	{"F86FA3AB-70D2-4FC7-9C99-FCBF05467F3A", "Videos"},
	{"7B0DB17D-9CD2-4A93-9733-46CC89022E7C", "Documents"}, // the libraries
	{"2112AB0A-C86A-4FFE-A368-0DE96E47012E", "Music"},
	{"A990AE9F-A03B-4E80-94BC-9912D7504104", "Pictures"},
	{"491E922F-5643-4AF4-A7EB-4E7A138D8174", "Videos"},
	{"0DB7E03F-FC29-4DC6-9020-FF41B59E513A", "3D Objects"},
}

// FolderName returns what Windows calls a folder of the shell, or "".
func FolderName(id winid.GUID) string {
	text := id.String()
	for _, f := range folderNames {
		if f.id == text {
			return f.name
		}
	}
	return ""
}
