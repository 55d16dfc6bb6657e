package simulator

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// Pipe serves a simulator without a network, for tests under simulated time, in which real connections would stop the
// clock. dial connects to it, regardless of the address; stop ends it and waits for its goroutines.
func Pipe(simulator *Simulator) (dial func(ctx context.Context, network, address string) (net.Conn, error), stop func()) {
	listener := &pipe{connections: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: simulator, ReadHeaderTimeout: time.Hour}
	done := make(chan struct{})

	go func() {
		defer close(done)

		_ = server.Serve(listener)
	}()

	return listener.dial, func() {
		simulator.Close()

		_ = server.Shutdown(context.Background())

		<-done
	}
}

type pipe struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (p *pipe) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	// As in net.Dialer, no connection is opened after the end of the context. The select below would choose at random.
	if err := ctx.Err(); err != nil {
		return nil, err
	}

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

// Accept implements net.Listener.
func (p *pipe) Accept() (net.Conn, error) {
	select {
	case connection := <-p.connections:
		return connection, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipe) Close() error {
	p.once.Do(func() { close(p.closed) })

	return nil
}

// Addr implements net.Listener.
func (p *pipe) Addr() net.Addr { return &net.IPAddr{} }
