//go:build unix

package oauth

import (
	"testing"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

func TestTheRecordOfAnotherClientIsNotUsed(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*tokenstore.Record){
		"client":  func(r *tokenstore.Record) { r.ClientID = "client-2" },
		"address": func(r *tokenstore.Record) { r.TokenURL = "https://sepay.example.com/oauth/token" },
	} {
		t.Run("record of another "+name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			f.token(f.source(seed), "")
			f.change(change)

			f.fails(f.source(seed), "", diagnostic.CodeStoreRead)
			f.server.expectRequests(t, 1, 0)
		})

		t.Run("copy of another "+name, func(t *testing.T) {
			t.Parallel()

			f := newFixture(t)
			seed := f.server.authorize()
			path := f.startWithFullDisk(seed)
			foreign := f.readRecord(path)
			change(foreign)
			f.write(path, foreign)

			// Without its copy, the record says that an exchange was interrupted.
			f.fails(f.source(seed), "", diagnostic.CodeInterrupted)

			if copies := f.copies(); len(copies) != 1 {
				t.Errorf("the copies are %v", copies)
			}
		})
	}
}

// A response that is lost is still the reason when SePay is asked again much later.
func TestALostResponseStaysTheReason(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	seed := f.server.authorize()
	f.server.script(fault{dropAfter: true})
	f.fails(f.source(seed), "", diagnostic.CodeResponseLost)
	f.server.expectRequests(t, 2, 1)

	f.advance(2 * rejectionTTL)
	f.fails(f.source(seed), "", diagnostic.CodeResponseLost)
	f.server.expectRequests(t, 3, 2)
}

// After a wait for a lock, the sign-in may be stored under another name, which the lock does not cover.
func TestARecordUnderAnotherNameIsNotExchangedUnderTheLock(t *testing.T) {
	t.Parallel()

	f := newFixture(t)
	s := f.source(f.startExpired())

	at, err := s.find(t.Context())
	if err != nil {
		t.Fatal(err)
	}

	for locked, want := range map[string]bool{at.name: false, "another": true} {
		if found, done, err := s.underLock(t.Context(), locked, "", &peerIntent{}); err != nil || done != want || found.name != at.name {
			t.Errorf("with the lock of %s the exchange of %s is over: %t, %v", locked, found.name, done, err)
		}
	}
}
