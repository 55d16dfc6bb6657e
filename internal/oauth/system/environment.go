package system

import (
	"context"
	"math/rand/v2"
	"net"
	"os"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// Environment is what the world outside gives to a Source, so that tests can bend it.
type Environment struct {
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	TempDir func() string
	PID     int
	Host    string
	Process *Process
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Step    func(Step)
	// HoldSignals keeps the process alive until release is called.
	HoldSignals func() (release func())
}

// Step is a point in the algorithm at which a process may die.
type Step string

// The steps, in their order.
const (
	StepLocked      Step = "locked"
	StepIntent      Step = "intent"
	StepAnswered    Step = "answered"
	StepTempWritten Step = "temp written"
	StepSaved       Step = "saved"
)

// NewEnvironment is the real one.
func NewEnvironment() Environment {
	return Environment{
		Now:     func() time.Time { return time.Now().UTC().Round(0) }, // the wall clock: a laptop that sleeps ages tokens
		Sleep:   Sleep,
		TempDir: os.TempDir,
		PID:     os.Getpid(),
		Host:    tokenstore.HostName(),
		Process: thisProcessState,
		Dial:    (&net.Dialer{Timeout: tokenendpoint.ConnectTimeout}).DialContext,
		Step:    func(Step) {},

		HoldSignals: holdSignals,
	}
}

// Jitter spreads waits over half to one and a half of d, so that many processes do not ask in step.
func Jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) } //nolint:gosec // not a secret

// Sleep waits for d, or until the context ends, whose error it returns then.
func Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()

	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
