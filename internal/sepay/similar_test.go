package sepay

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func planned() WebhookBody {
	return WebhookBody{
		Name: new("Shop"), WebhookURL: new(hook), EventType: new(EventTypeInOnly), BankAccountID: new(int64(19)),
	}
}

func TestWebhooksThatDeliverTheSameAreFound(t *testing.T) {
	t.Parallel()

	several := func(ids ...int64) WebhookBody {
		body := planned()
		body.BankAccountID, body.BankMode, body.BankAccountIDs = nil, new(BankModeMulti), &ids

		return body
	}
	all := planned()
	all.BankAccountID, all.BankMode = nil, new(BankModeAll)

	tests := map[string]struct {
		row      string // what differs from the planned one
		body     WebhookBody
		found    bool
		same     bool
		leftover bool
	}{
		"equal":                    {row: `"id":1`, found: true, same: true},
		"spaces and case":          {row: `"webhook_url":" https://SHOP.example/hook ","name":" Shop"`, found: true, same: true},
		"another path":             {row: `"webhook_url":"https://shop.example/hook/2"`},
		"another case in the path": {row: `"webhook_url":"https://shop.example/Hook"`},
		"another name":             {row: `"name":"Books"`, found: true},
		"all events":               {row: `"event_type":"All"`, found: true, same: true},
		"other events":             {row: `"event_type":"Out_only"`},
		"another account":          {row: `"bank_account_id":20`},
		"the whole company":        {row: `"bank_account_id":0`, found: true, same: true},
		"every account":            {row: `"bank_mode":"all"`, found: true, same: true},
		"several, one of them":     {row: `"bank_mode":"multi","bank_account_ids":[19,20]`, found: true, same: true},
		"several, none of them":    {row: `"bank_mode":"multi","bank_account_ids":[20,21]`},
		"several, not shown":       {row: `"bank_mode":"multi"`, found: true, same: true},
		"several are planned":      {row: `"id":1`, body: several(18, 19), found: true, same: true},
		"several others":           {row: `"id":1`, body: several(17, 18)},
		"all are planned":          {row: `"id":1`, body: all, found: true, same: true},
		"a mark":                   {row: `"name":"Shop [tf-abcdefgh23]","active":false`, found: true, same: true, leftover: true},
		"a mark, switched on":      {row: `"name":"Shop [tf-abcdefgh23]"`, found: true, same: true},
		"no mark":                  {row: `"name":"Shop [tf-abcdefgh2!]","active":false`, found: true},
	}

	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			row := `{"id":1,"name":"Shop","webhook_url":"` + hook + `","event_type":"In_only","bank_account_id":19,"active":true,` + test.row + `}`
			_, client := serve(t, status(200, `{"data":[`+row+`],"meta":{"pagination":{"total":1,"per_page":100,"current_page":1,"last_page":1}}}`))

			body := test.body
			if body.Name == nil {
				body = planned()
			}

			found, err := client.SimilarWebhooks(t.Context(), body)
			if err != nil {
				t.Fatal(err)
			}

			if len(found) != 1 && test.found || len(found) != 0 && !test.found {
				t.Fatalf("found %v", found)
			}

			if test.found && (found[0].SameName != test.same || found[0].Leftover() != test.leftover) {
				t.Errorf("same name %t, leftover %t", found[0].SameName, found[0].Leftover())
			}
		})
	}
}

func TestTheLongestNameIsRecognizedWithItsMark(t *testing.T) {
	t.Parallel()

	name := strings.Repeat("ế", NameMaxLength)
	if !sameName(name, withMark(name, newMark())) || sameName(name, withMark("Shop", newMark())) {
		t.Error("a shortened name is not recognized")
	}
}

func TestTheRequestsOfTheSearchForSimilarWebhooks(t *testing.T) {
	t.Parallel()

	for _, size := range []struct {
		webhooks int64
		most     int
	}{{0, 1}, {100, 1}, {250, 101}} {
		t.Run(fmt.Sprint(size.webhooks), func(t *testing.T) {
			t.Parallel()

			g := newRegistry(numbers(1, size.webhooks))
			for id := range g.rows {
				g.rows[id]["webhook_url"] = fmt.Sprintf("https://shop.example/%d", id)
			}

			underFakeTime(t, g.handle, func(b fakeTimeTest) {
				t, s, client := b.T, b.service, b.client

				inParallel(10, 100, func(i int) {
					body := planned()
					body.WebhookURL = new(fmt.Sprintf("https://shop.example/new/%d", i))
					_, _ = client.SimilarWebhooks(t.Context(), body)
				})

				if got := len(s.log()); got > size.most {
					t.Errorf("%d requests, want at most %d", got, size.most)
				}
			})
		})
	}
}

// With as many webhooks, the newest ones are on the second page of the whole list.
func TestASimilarWebhookIsFoundWhereverItIsInTheList(t *testing.T) {
	t.Parallel()

	for _, id := range []int64{1, 50, 100, 101, 150} {
		t.Run(fmt.Sprint(id), func(t *testing.T) {
			t.Parallel()

			g := newRegistry(numbers(1, 150))
			for other := range g.rows {
				g.rows[other]["webhook_url"] = fmt.Sprintf("https://shop.example/%d", other)
			}

			underFakeTime(t, g.handle, func(b fakeTimeTest) {
				body := planned()
				body.WebhookURL = new(fmt.Sprintf("https://shop.example/%d", id))
				body.BankMode, body.BankAccountID = new(BankModeAll), nil

				found, err := b.client.SimilarWebhooks(b.Context(), body)
				if err != nil || len(found) != 1 || found[0].ID != id {
					b.Errorf("found %v, %v", found, err)
				}
			})
		})
	}
}

func TestAFailureEndsTheSearchForSimilarWebhooks(t *testing.T) {
	t.Parallel()

	s, client := serve(t, status(403, `{}`))

	for range 10 {
		if found, err := client.SimilarWebhooks(t.Context(), planned()); found != nil || err == nil {
			t.Errorf("found %v", found)
		}
	}

	if len(s.log()) != 1 {
		t.Errorf("requests: %q", s.lines())
	}
}

func TestManagedWebhooksAreMarkedAndWrittenOnesLeftOut(t *testing.T) {
	t.Parallel()

	g := newRegistry(nil)
	s, client := serve(t, g.handle)

	body := planned()
	body.AuthenType, body.Active = new(AuthenTypeNone), new(Flag(true))

	theirs, err := client.CreateWebhook(t.Context(), body)
	if err != nil {
		t.Fatal(err)
	}

	if found, err := client.SimilarWebhooks(t.Context(), body); err != nil || len(found) != 0 {
		t.Errorf("a webhook that this client created was found: %v", found)
	}

	other := New(Config{BaseURL: client.BaseURL(), Tokens: &tokens{}})
	defer other.CloseIdleConnections()

	other.ManageWebhook(theirs)

	if found, err := other.SimilarWebhooks(t.Context(), body); err != nil || len(found) != 1 || !found[0].Managed {
		t.Errorf("found %v", found)
	}

	if err := other.DeleteWebhook(t.Context(), theirs, hook); err != nil {
		t.Fatal(err)
	}

	if found, err := other.SimilarWebhooks(t.Context(), body); err != nil || len(found) != 0 {
		t.Errorf("a webhook that this client deleted was found: %v", found)
	}

	if slices.Contains(s.lines(), "GET /webhooks/1") {
		t.Errorf("requests: %q", s.lines())
	}
}
