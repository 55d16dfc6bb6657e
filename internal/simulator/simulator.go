package simulator

import (
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/api"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/authserver"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/control"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/delivery"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/fault"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/journal"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/playground"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/route"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// Simulator is a SePay with its state. It is an http.Handler and safe for concurrent use. Make one with New.
//
// Its methods are those of the dashboard, the tokens, the deliveries, and this package.
type Simulator struct {
	state.Dashboard
	authserver.Tokens
	*delivery.Sender
	*conditions

	store   *state.Store
	auth    *authserver.Server
	routes  []route.Route
	control http.Handler
	page    http.Handler // nil without WithPage
	journal journal.Log
	faults  fault.List
	window  window

	closeOnce sync.Once
	closing   chan struct{} // closed by Close; ends all delays
}

// New returns a simulator that holds the published samples: the bank accounts, sub-accounts, user, company and transaction,
// but no webhook unless an option asks for one.
func New(options ...Option) *Simulator {
	settings := defaultSettings()
	for _, option := range options {
		option(&settings)
	}

	now := &conditions{dialect: settings.dialect.Complete(), latency: settings.latency, advanced: make(chan struct{})}
	store := state.New(settings.role, now.Now)
	settings.auth.Subject = strconv.Itoa(state.UserID)
	auth := authserver.New(settings.auth, now.Now)

	rest := api.New(store, api.Settings{AlertChannels: settings.alertChannels, LoopbackReceivers: settings.delivery.Loopback})

	s := &Simulator{
		Dashboard:  store.Dashboard(),
		Tokens:     auth.Tokens(now.Dialect),
		Sender:     delivery.New(store, now, settings.delivery),
		conditions: now,
		store:      store,
		auth:       auth,
		routes:     slices.Concat(auth.Routes(), rest.Routes()),
		closing:    make(chan struct{}),
	}

	s.control = control.Handler(control.Parts{
		Dashboard: s.Dashboard, Tokens: s.Tokens, Conditions: now, Faults: &s.faults, Log: &s.journal,
		Sender: s.Sender, Arrive: s.AddTransaction, Receive: s.Receive,
		Counters: func() any { return s.Counters() },
	})

	if settings.page {
		s.page = playground.Handler(playground.Parts{
			Dashboard: s.Dashboard, Sender: s.Sender, Log: &s.journal, Dialect: now.Dialect, Receive: s.Receive,
		})
	}

	if settings.sampleWebhook {
		s.PutWebhook(state.SampleWebhook())
	}

	return s
}

// Close ends all delays of faults and latency and all deliveries, so that a server in front of the simulator can stop.
func (s *Simulator) Close() {
	s.closeOnce.Do(func() { close(s.closing) })
	s.Sender.Close()
}
