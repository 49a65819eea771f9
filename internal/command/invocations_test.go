package command

import "testing"

func TestInvocations(t *testing.T) {
	for _, tt := range []struct{ name, payload, want string }{
		{"a download", "CommandInvocation(Invoke-WebRequest): \"Invoke-WebRequest\"\r\n" +
			"ParameterBinding(Invoke-WebRequest): name=\"Uri\"; value=\"http://192.0.2.7/a.exe\"\r\n" +
			"ParameterBinding(Invoke-WebRequest): name=\"OutFile\"; value=\"C:\\a b.exe\"\r\n",
			`Invoke-WebRequest -Uri 'http://192.0.2.7/a.exe' -OutFile 'C:\a b.exe'`},
		{"in German", "CommandInvocation(Copy-Item): \"Copy-Item\"\r\nParameterBinding(Copy-Item): Name = \"Path\"; Wert = \"D:\\it's.exe\"\r\n",
			`Copy-Item -Path 'D:\it''s.exe'`},
		{"a pipeline", "CommandInvocation(Get-Item): \"Get-Item\"\nParameterBinding(Get-Item): name=\"Path\"; value=\"C:\\a\"\nCommandInvocation(Copy-Item): \"Copy-Item\"\nParameterBinding(Copy-Item): name=\"Destination\"; value=\"C:\\b\"\n",
			"Get-Item -Path 'C:\\a'\nCopy-Item -Destination 'C:\\b'"},
		{"a value with quotes", "CommandInvocation(Set-Content): \"Set-Content\"\nParameterBinding(Set-Content): name=\"Value\"; value=\"a \"b\" c\"\n", `Set-Content -Value 'a "b" c'`},
		{"a binding of no command", "ParameterBinding(Copy-Item): name=\"Path\"; value=\"C:\\a\"\n", ""},
		{"other text", "TerminatingError(Copy-Item): \"Access is denied\" at \"x\"\n\"\n(\n", ""},
		{"nothing", "", ""},
	} {
		if got := Invocations(tt.payload); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}
