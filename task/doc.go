// Package task reads scheduled tasks: what the Task Scheduler starts, when, and under
// which account. It reads the XML of Windows Vista and later, which is in
// Windows\System32\Tasks, in exports, and in the events of registered tasks; and the older
// format, which is in files with the extension .job in Windows\Tasks.
//
// A [Reader] has one [Task]. [Parse] reads the XML of an event, which is text
// without an encoding (TaskContent of the Security events 4698 and 4702).
//
// # Terminology
//
// A trigger is a time or an event at which a task starts. An action is what it then
// does: it executes a command, or calls a COM handler; two more kinds, which send
// mail or show a message, no longer work since Windows 8. A principal is the account
// under which actions run. Settings may disable a task as a whole, and each trigger
// may be disabled too.
//
// A job, as the older format is called, becomes a task with one action and with triggers by
// the names of the XML; [Task.Job] has the rest. It has no principal: the account is kept
// elsewhere, and that of at.exe is the system. Times are those of the clock of the machine.
//
// Since Windows Vista the Task Scheduler starts what the registry holds below Schedule\TaskCache, and
// rejects a task whose file does not match it. So a file by itself does not prove that
// the task was registered. Before, it starts what is in Windows\Tasks.
//
// # Specifications
//
//   - [MS-TSCH] Task Scheduler Service Remoting Protocol, sections 2.4 (the file format of
//     jobs) and 2.5 (the XML schema)
//   - Extensible Markup Language (XML) 1.0
//
// # Damage
//
// A damaged file opens as long as its element Task begins; [Reader.Problems] says what
// could not be read. What comes before the damage is kept.
//
// # Security
//
// Tasks are written by the attacker. No input makes this package panic or hang. It
// reads up to 4 MiB of a file, and up to 256 principals, triggers and actions, which is
// far more than Windows accepts. External entities and document types are ignored.
// Strings are returned as the file has them: whoever shows them must escape them.
package task
