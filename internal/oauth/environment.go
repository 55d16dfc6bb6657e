package oauth

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"time"
)

// environment is what the world outside gives to a Source, so that tests can bend it.
type environment struct {
	now     func() time.Time
	sleep   func(ctx context.Context, d time.Duration) error
	tempDir func() string
	pid     int
	host    string
	process *process
	dial    func(ctx context.Context, network, address string) (net.Conn, error)
	step    func(step)
	// holdSignals keeps the process alive until release is called.
	holdSignals func() (release func())
}

// step is a point in the algorithm at which a process may die.
type step string

const (
	stepLocked      step = "locked"
	stepIntent      step = "intent"
	stepAnswered    step = "answered"
	stepTempWritten step = "temp written"
	stepSaved       step = "saved"
)

func realEnvironment() environment {
	return environment{
		now:     func() time.Time { return time.Now().UTC().Round(0) }, // the wall clock: a laptop that sleeps ages tokens
		sleep:   sleep,
		tempDir: os.TempDir,
		pid:     os.Getpid(),
		host:    hostName(),
		process: thisProcessState,
		dial:    (&net.Dialer{Timeout: connectTimeout}).DialContext,
		step:    func(step) {},

		holdSignals: holdSignals,
	}
}

// jittered spreads waits over half to one and a half of d, so that many processes do not ask in step.
func jittered(d time.Duration) time.Duration { return d/2 + rand.N(d) } //nolint:gosec // not a secret

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
