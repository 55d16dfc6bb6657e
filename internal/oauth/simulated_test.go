package oauth

import (
	"context"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/system"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
)

// simulated runs a test in a synctest bubble: the clock advances only while all goroutines wait, so that waits take no real time,
// and the load of the machine has no effect.
func simulated(t *testing.T, test func(f *fixture)) {
	t.Helper()

	synctest.Test(t, func(t *testing.T) {
		network := newPipeNetwork()
		f := newFixtureWith(t, startTokenServerOn(t, network))
		f.env.Dial = network.dial
		f.env.Sleep = system.Sleep
		f.env.HoldSignals = func() func() { return func() {} } // signals come from outside the bubble

		test(f)
		time.Sleep(2 * tokenendpoint.ExchangeTimeout) // until the server has finished abandoned requests
	})
}

// pipeNetwork is an in-memory network with one server.
type pipeNetwork struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func newPipeNetwork() *pipeNetwork {
	return &pipeNetwork{connections: make(chan net.Conn), closed: make(chan struct{})}
}

func (p *pipeNetwork) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()

	select {
	case p.connections <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipeNetwork) Accept() (net.Conn, error) {
	select {
	case connection := <-p.connections:
		return connection, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipeNetwork) Close() error {
	p.once.Do(func() { close(p.closed) })

	return nil
}

func (*pipeNetwork) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
