package registry

// emit yields an autostart of a key, and of a value of it unless that is nil.
func (a *autostarts) emit(l *location, k *Key, v *Value, f found) {
	if a.stopped {
		return
	}
	s := Autostart{
		Category:  l.category,
		Location:  k.Path(),
		Name:      k.Name,
		Command:   f.command,
		Path:      f.path,
		Use:       f.use,
		Class:     f.class,
		Shadows:   f.shadows,
		MovedTo:   f.movedTo,
		User:      a.user,
		Link:      a.link,
		LastWrite: k.LastWrite,
		Newest:    k.LastWrite,
		Hive:      a.r.Name(),
		Offset:    k.Offset,
	}
	a.switches(l, k, v, &f, &s)
	if v != nil {
		s.Name, s.Offset = v.Name, v.Offset
		if a.all {
			a.emitted[v.Offset] = true
		}
	}
	if !a.stopped {
		a.stopped = !a.yield(s, nil)
	}
}
