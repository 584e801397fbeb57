package host

import "runtime/debug"

// VersionText returns the version that the linker gave a program, else the commit
// that Go recorded, else "dev".
func VersionText(linked string) string {
	if linked != "" {
		return linked
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return "dev-" + setting.Value[:min(len(setting.Value), 12)]
			}
		}
	}
	return "dev"
}
