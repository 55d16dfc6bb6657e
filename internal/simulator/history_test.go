package simulator_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestHistoryKeepsEveryVersionWithItsTime(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	began := time.Now()
	id := c.create(nil)
	created := time.Now()

	if err := c.server.ChangeWebhook(id, map[string]any{"name": "Two", "prefix_filters": []string{"DH"}}); err != nil {
		t.Fatal(err)
	}

	changed := time.Now()

	c.server.DeleteWebhook(id)

	ended := time.Now()

	versions := c.server.History(id)
	if len(versions) != 2 || versions[0].Webhook.Name != "Shop" || versions[1].Webhook.Name != "Two" ||
		versions[0].Until != versions[1].From || versions[1].Until.IsZero() || versions[0].Number >= versions[1].Number {
		t.Fatalf("versions %v", versions)
	}

	for _, test := range []struct {
		from, until time.Time
		want        string
	}{
		{began, ended, "2 true"},
		{began, began, "0 true"},
		{created, created, "1 false"},
		{created, changed, "2 false"},
		{changed, changed, "1 false"},
		{changed, ended, "1 true"},
		{ended, ended, "0 true"},
	} {
		held, absent := c.server.HeldBetween(id, test.from, test.until)
		if got := fmt.Sprint(len(held), " ", absent); got != test.want {
			t.Errorf("%s to %s: %s, want %s", test.from.Sub(began), test.until.Sub(began), got, test.want)
		}
	}
}

func TestReturnedVersionsAreCopies(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(map[string]any{"prefix_filters": []string{"A", "B"}})

	webhook, _ := c.server.Webhook(id)
	webhook.PrefixFilters[0] = "changed"

	if err := c.server.ChangeWebhook(id, map[string]any{"prefix_filters": []string{"C"}}); err != nil {
		t.Fatal(err)
	}

	if got := c.server.History(id)[0].Webhook.PrefixFilters; fmt.Sprint(got) != "[B A]" {
		t.Errorf("first version has %v", got)
	}
}

func TestReadsReturnAVersionThatWasCurrentDuringTheRead(t *testing.T) {
	t.Parallel()

	c := start(t, "")
	id := c.create(map[string]any{"name": "0"})

	var writers sync.WaitGroup

	for i := range 20 {
		writers.Go(func() { c.do("PATCH", fmt.Sprint("webhooks/", id), map[string]any{"name": fmt.Sprint(i)}) })
	}

	for range 50 {
		from := time.Now()
		name := c.do("GET", fmt.Sprint("webhooks/", id), nil).data()["name"]

		held, _ := c.server.HeldBetween(id, from, time.Now())
		found := false

		for _, version := range held {
			found = found || version.Webhook.Name == name
		}

		if !found {
			t.Errorf("read %v, held %v", name, held)
		}
	}

	writers.Wait()
}
