package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"tripwire/input"
	"tripwire/report"
	"tripwire/report/figure"
	"tripwire/study"
	"tripwire/study/record"
)

// exitCodes is what the numbers mean; exitCode below makes them.
var exitCodes = []struct {
	Code    int    `json:"code"`
	Meaning string `json:"meaning"`
}{
	{0, "done"},
	{1, "a fault of tripwire itself"},
	{2, "misused flags"},
	{3, "bad input file"},
	{4, "--exit-code found a difference, an [[expect]] failed, or verify found a miss"},
	{5, "some replications failed; everything else is written"},
	{6, "stopped early, can resume"},
	{7, "output cannot be written or read"},
	{8, "another process holds the directory"},
	{130, "interrupted (SIGINT)"},
	{143, "terminated (SIGTERM)"},
}

// The kinds of error that this package makes itself.
type (
	usage       struct{ error } // the command line asks for what cannot be
	output      struct{ error } // what is to be written cannot be, or what is to be read is not there
	mismatch    struct{ error } // what was verified comes out otherwise
	stopped     struct{ error } // a limit of the user's was reached; what was played is kept
	interrupted struct{ signal syscall.Signal }
)

// Error says too what its reader can do about it, unless that is said already. A permission that is missing may be
// that of a port as well.
func (o output) Error() string {
	text, remedy := o.error.Error(), record.Remedy(o.error)
	if remedy == "" || errors.Is(o.error, fs.ErrPermission) || errors.As(o.error, new(*record.Error)) {
		return text
	}
	return text + " (" + remedy + ")"
}

func (i interrupted) Error() string { return i.signal.String() }

// usagef is an error of the user's at the command line.
func usagef(format string, args ...any) error { return usage{fmt.Errorf(format, args...)} }

// exitCode is the one place where errors become exit codes.
func exitCode(err error) int {
	var (
		bad    usage
		faults input.Faults
		failed *study.Failed
		write  output
		disk   *record.Error
		signal interrupted
		ask    *report.Ask
		cannot *figure.Ask
		missed mismatch
		limit  stopped
		held   *record.Held
	)
	switch {
	case err == nil:
		return 0
	case errors.As(err, &signal):
		return 128 + int(signal.signal)
	case errors.As(err, &limit):
		return 6
	case errors.As(err, &held):
		return 8
	case errors.As(err, &bad), errors.As(err, &ask), errors.As(err, &cannot):
		return 2
	case errors.As(err, &faults):
		return 3
	case errors.As(err, &write), errors.As(err, &disk):
		return 7
	case errors.As(err, &missed):
		return 4
	case errors.As(err, &failed):
		return 5
	}
	return 1
}

// signalled is a context that the first SIGINT or SIGTERM cancels, with [interrupted] as its cause; the
// second ends the process at once.
func signalled(parent context.Context) (ctx context.Context, release func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			cancel(interrupted{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel(nil)
	}
}
