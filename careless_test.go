package birthmark_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/winid"
)

// zeros are zero values of the types that have methods.
var zeros = []any{
	&damage.Error{}, &damage.Problem{}, new(damage.Kind),
	&winid.GUID{}, &winid.SID{}, new(winid.LogonType), new(winid.NTStatus), new(winid.Win32Error),
	new(winid.KerberosError), new(winid.EncryptionType), new(winid.TicketOptions), new(winid.PreAuthType),
	new(winid.AccessMask), new(winid.FileAccess), new(winid.ProcessAccess), new(winid.ParameterText), new(winid.ErrorText), new(winid.DefenderText),
	new(winid.DirectoryText),
	new(winid.Privileges), new(winid.AccountControl), new(winid.ServiceStart), new(winid.ServiceType), new(winid.IPProtocol),
	new(winid.FirewallProtocol), new(winid.FirewallDirection), new(winid.FirewallAction), new(winid.FirewallOrigin), new(winid.FirewallProfiles),
	new(winid.DisconnectReason), new(winid.SigningLevel), new(winid.TimeChangeReason), new(winid.ExceptionCode),
	&evtx.Reader{}, &evtx.Chunk{}, &evtx.Record{}, &evtx.Event{}, &evtx.System{}, &evtx.Value{}, &evtx.Kind{}, &evtx.Security4624{}, &evtx.Recovered{}, &evtx.Definitions{}, new(evtx.Grade), new(evtx.Reason), &evtxtest.Log{},
	&mft.Reader{}, &mft.Volume{}, &mft.Record{}, &mft.FileName{}, &mft.Stream{}, &mft.Ref{}, &mft.Path{}, &mft.ZoneIdentifier{},
	&usnjrnl.Reader{}, &usnjrnl.Record{}, &usnjrnl.FileID{}, &usnjrnl.Paths{}, new(usnjrnl.Reason), new(usnjrnl.Source), new(usnjrnl.Confidence),
	&vss.Reader{}, &vss.Snapshot{}, new(vss.Attributes),
	&registry.Reader{}, &registry.Key{}, &registry.Value{}, &registry.Autostart{}, &registry.TypeError{},
	&pe.Reader{}, &pe.Signature{}, &pe.Certificate{}, &pe.VersionInfo{},
	&weblog.Reader{}, &weblog.Request{}, &weblog.Cursor{},
	&task.Reader{}, &task.Task{}, &task.Action{}, &lnk.Reader{}, &lnk.Link{}, &jumplist.Reader{}, &jumplist.Entry{},
	&evidence.Evidence{}, &evidence.Volume{}, &evidence.Partition{}, &evidence.Match{}, &evidence.Search{}, &evidence.Snapshot{},
	&evidence.NotFoundError{}, &evidence.AmbiguousError{},
	&timeline.Timeline{}, &timeline.Event{}, &timeline.Hive{}, &timeline.Coverage{},
	&origin.Report{}, &origin.Answer{}, &origin.Citation{}, &origin.Contradiction{}, new(origin.Question), new(origin.Grade),
}

// The careless line does not panic: every method of a zero value, and of whatever
// a method of one returns, can be called.
func TestCarelessLinesDoNotPanic(t *testing.T) {
	for _, zero := range zeros {
		callAll(t, reflect.ValueOf(zero), 2)
	}
}

// callAll calls all methods of a value with zero arguments, and those of what they
// return.
func callAll(t *testing.T, v reflect.Value, depth int) {
	for i := range v.NumMethod() {
		name := fmt.Sprintf("%s.%s", v.Type(), v.Type().Method(i).Name)
		for _, result := range call(t, name, v.Method(i)) {
			nilAble := []reflect.Kind{reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func}
			switch {
			case result.Kind() == reflect.Pointer && ofModule(result.Type()) && result.IsNil():
				t.Errorf("%s returns nil: whoever goes on with it panics", name)
			case result.Type() == reflect.TypeFor[error](), slices.Contains(nilAble, result.Kind()) && result.IsNil():
			case result.Kind() == reflect.Func:
				rangeOver(t, name, result)
			case depth > 0 && ofModule(result.Type()):
				callAll(t, result, depth-1)
			}
		}
	}
}

// ofModule reports whether a type is one of this module, or a pointer to one.
func ofModule(t reflect.Type) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return strings.HasPrefix(t.PkgPath(), module+"/")
}

// call calls a function with zero arguments; contexts are those of the test, and
// writers drop what they get.
func call(t *testing.T, name string, f reflect.Value) (results []reflect.Value) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%s panics: %v", name, p)
		}
	}()
	var args []reflect.Value
	for i := range f.Type().NumIn() {
		in := f.Type().In(i)
		switch in.String() {
		case "context.Context":
			args = append(args, reflect.ValueOf(t.Context()))
		case "io.Writer":
			args = append(args, reflect.ValueOf(new(strings.Builder)))
		default:
			args = append(args, reflect.Zero(in))
		}
	}
	if f.Type().IsVariadic() {
		return f.CallSlice(args)
	}
	return f.Call(args)
}

// rangeOver ranges over an iterator.
func rangeOver(t *testing.T, name string, seq reflect.Value) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("ranging over %s panics: %v", name, p)
		}
	}()
	switch typ := seq.Type(); {
	case typ.CanSeq():
		for range seq.Seq() {
			break
		}
	case typ.CanSeq2():
		for range seq.Seq2() {
			break
		}
	}
}
