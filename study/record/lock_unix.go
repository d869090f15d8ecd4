//go:build !windows

package record

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the kernel's lock on a file, which ends with the process that holds it, however that
// ends; held says that another process has it.
func lockFile(root *os.Root, name string) (f *os.File, held bool, err error) {
	f, err = root.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, false, err
	}
	if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
		return f, false, nil
	}
	f.Close()
	return nil, errors.Is(err, syscall.EWOULDBLOCK), err
}
