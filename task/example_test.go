package task_test

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/task"
)

func ExampleParse() {
	const content = `<?xml version="1.0" encoding="UTF-16"?>
<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><BootTrigger/></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Actions Context="Author"><Exec><Command>C:\Windows\Temp\up.exe</Command><Arguments>-q</Arguments></Exec></Actions>
</Task>`
	t, _, err := task.Parse(content)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range t.Actions {
		fmt.Println(t.Triggers[0].Kind, "runs", a.CommandLine(), "as", t.RunsAs().UserID)
	}
	// Output: BootTrigger runs C:\Windows\Temp\up.exe -q as S-1-5-18
}
