package evidence

// AssignLetters gives the volumes of an image the drive letters that Windows
// used. Devices holds the values of the key MountedDevices of the SYSTEM hive, by
// value name (`\DosDevices\C:`, `\??\Volume{…}`). Entries of other disks are
// ignored. Volumes that get none keep what the default rules gave: the volume
// that holds Windows, else the only one, is C.
func (e *Evidence) AssignLetters(devices map[string][]byte) {}
