package registry_test
import ("testing";"fmt";"os";"github.com/birthmark-dfir/birthmark/registry";"time")
func TestZZ(t *testing.T){
 for _, f := range os.Args[len(os.Args)-1:] { _ = f }
 for _, f := range zzFiles() {
  s:=time.Now()
  r, err := registry.Open(f)
  open:=time.Since(s)
  if err!=nil { fmt.Println(f, err); continue }
  s=time.Now()
  k,v,e,b:=0,0,0,0
  for key, err := range r.Keys() { if err!=nil {e++; fmt.Println("   K", err); continue}; k++
   for val, err := range key.Values() { if err!=nil {e++; fmt.Println("   V", err);continue}; v++; d,err:=val.Data(); if err!=nil {e++;fmt.Println("   D", err)}; b+=len(d)}}
  fmt.Println(f, r.Type(), "keys",k,"values",v,"errors",e,"bytes",b, "open",open,"walk",time.Since(s))
  n:=0
  for p := range r.Problems() { if n++; n<6 {fmt.Println("     P", p)}}
  if n>5 {fmt.Println("     P total", n)}
 }
}
func zzFiles() []string { b,_:=os.ReadFile("/tmp/hives.txt"); var l []string; s:=""; for _,c:=range string(b){ if c=='\n'{l=append(l,s);s=""}else{s+=string(c)}}; return l}
func TestYY(t *testing.T){
 for _, f := range zzFiles() {
  r, err := registry.Open(f)
  if err!=nil { continue }
  n:=map[string]int{}
  for a, err := range registry.Autostarts(&r.Reader) { if err!=nil {fmt.Println("E", err); continue}; n[a.Category]++
    if a.Category!="driver" && a.Category!="service" || n[a.Category]%60==0 { fmt.Printf("%s|%s|%s|%s|%s|%v|%s|%s\n", a.Category,a.Location,a.Name,a.Command,a.Path,a.Enabled,a.User,a.ServiceDll)}
  }
  if len(n)>0 {fmt.Println(f,n)}
 }
}
