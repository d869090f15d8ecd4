package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

const lockName = partsDir + "/lock"

// Held is a directory that another process is writing to.
type Held struct {
	Dir string
	PID int // of that process; 0 if it has not said so yet
}

func (h *Held) Error() string {
	who := "another process"
	if h.PID > 0 {
		who = fmt.Sprintf("process %d", h.PID)
	}
	return fmt.Sprintf("%s: %s is writing to it: wait for its end, or name another folder with -o", h.Dir, who)
}

// lock takes the directory for this process. A lock that has just been removed with the directory's
// other unfinished work locks nothing, and is taken anew.
func lock(dir string, root *os.Root) (*os.File, error) {
	const attempts = 5
	for attempt := 1; ; attempt++ {
		f, held, err := lockFile(root, lockName)
		switch {
		case err == nil:
			mine, err := f.Stat()
			if err == nil {
				var there fs.FileInfo
				if there, err = root.Stat(lockName); err == nil && os.SameFile(mine, there) {
					return f, errors.Join(f.Truncate(0), sign(f))
				}
			}
			f.Close()
			if attempt == attempts {
				return nil, err
			}
		case !held:
			return nil, err
		case attempt == attempts:
			return nil, &Held{dir, holder(root)}
		default:
			time.Sleep(20 * time.Millisecond) // whoever only asks for the state of things is done by then
		}
	}
}

func sign(f *os.File) error {
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func holder(root *os.Root) int {
	data, err := root.ReadFile(lockName)
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return 0
	}
	return pid
}
