// Package configs holds the scenarios and studies that tripwire carries with it. A bare name on the
// command line, such as baseline, is one of these files.
package configs

import "embed"

// FS holds the files, NAME.toml each.
//
//go:embed *.toml
var FS embed.FS
