package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// Error is an output that cannot be written, or a result that cannot be read.
type Error struct {
	Path   string
	Err    error
	Remedy string // what its reader can do about it; "" where that is not known
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %v", e.Path, e.Err)
	var op *fs.PathError
	if errors.As(e.Err, &op) {
		text = fmt.Sprintf("%s: %s: %v", e.Path, op.Op, op.Err)
	}
	if e.Remedy != "" {
		text += " (" + e.Remedy + ")"
	}
	return text
}

func (e *Error) Unwrap() error { return e.Err }

// Remedy is what can be done where something cannot be written; "" where that is not known.
func Remedy(err error) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "make room there"
	case errors.Is(err, syscall.EFBIG):
		return "allow larger files: ulimit -f"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "allow more open files: ulimit -n; or merge fewer folders at once"
	case errors.Is(err, syscall.EROFS), errors.Is(err, fs.ErrPermission):
		return "make that writable, or name another place"
	}
	return ""
}

// removed is what can be done where the folder is there no more that something was to be written to, or read from.
func removed(dir string, err error) string {
	if _, gone := os.Stat(dir); errors.Is(err, fs.ErrNotExist) && errors.Is(gone, fs.ErrNotExist) {
		return "somebody removed the folder: begin again"
	}
	return ""
}
