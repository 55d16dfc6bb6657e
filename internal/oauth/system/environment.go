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

// Environment holds what a Source uses of the operating system and the process. Tests replace parts of it.
type Environment struct {
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	TempDir func() string
	PID     int
	Host    string
	Process *Process
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
	Step    func(Step)
	// HoldSignals defers signals that would end the process until release is called.
	HoldSignals func() (release func())
}

// Step is a point in the algorithm at which tests end the process.
type Step string

// The steps, in the order of the algorithm.
const (
	StepLocked      Step = "locked"
	StepIntent      Step = "intent"
	StepResponded   Step = "responded"
	StepTempWritten Step = "temp written"
	StepSaved       Step = "saved"
)

// NewEnvironment returns the environment of this process.
func NewEnvironment() Environment {
	return Environment{
		Now:     func() time.Time { return time.Now().UTC().Round(0) }, // wall clock: tokens expire while a laptop sleeps
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

// Jitter returns a random duration between d/2 and 3d/2, so that many processes do not poll in step.
func Jitter(d time.Duration) time.Duration { return d/2 + rand.N(d) } //nolint:gosec // not a secret

// Sleep waits for d. If the context ends first, it returns the context's error.
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
