package sepay

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// registry is a service with many webhooks, in its own order.
type registry struct {
	mu      sync.Mutex
	order   []int64
	rows    map[int64]map[string]any
	reverse bool
	max     int
	latency time.Duration
	noMeta  bool
	empty   bool // all pages are
	// row changes the rows of the list, single changes single reads.
	row, single func(map[string]any)
	fail        func(r *http.Request) int
}

func newRegistry(ids []int64) *registry {
	r := &registry{rows: map[int64]map[string]any{}, max: 100}
	for _, id := range ids {
		r.put(id, map[string]any{"name": fmt.Sprintf("Webhook %d", id), "authen_type": AuthenTypeNone})
	}

	return r
}

// sparse returns ids with gaps.
func sparse(count int64) []int64 {
	ids, id := make([]int64, count), int64(40_000)
	for i := range ids {
		id += 1 + rand.Int64N(50)
		ids[i] = id
	}

	return ids
}

func (g *registry) put(id int64, row map[string]any) {
	row["id"] = id
	if _, ok := g.rows[id]; !ok {
		g.order = append(g.order, id)
	}

	g.rows[id] = row
}

func (g *registry) handle(w http.ResponseWriter, r *http.Request, _ int) {
	time.Sleep(g.latency)

	code, body := g.respond(r)

	time.Sleep(g.latency)
	respond(w, code, body)
}

func (g *registry) respond(r *http.Request) (int, string) {
	g.mu.Lock()
	defer g.mu.Unlock()

	if g.fail != nil {
		if code := g.fail(r); code != 0 {
			return code, `{"message":"failed"}`
		}
	}

	id, _ := strconv.ParseInt(path.Base(r.URL.Path), 10, 64)
	if _, exists := g.rows[id]; id != 0 && !exists {
		return 404, `{"message":"not found"}`
	}

	var body map[string]any
	_ = json.NewDecoder(r.Body).Decode(&body)

	switch {
	case r.Method == http.MethodPost:
		id = 1
		for _, other := range g.order {
			id = max(id, other+1)
		}

		g.put(id, body)

		return 200, fmt.Sprintf(`{"data":{"id":%d}}`, id)
	case r.Method == http.MethodPatch:
		maps.Copy(g.rows[id], body)

		return 200, `{"status":"success"}`
	case r.Method == http.MethodDelete:
		delete(g.rows, id)
		g.order = slices.DeleteFunc(g.order, func(other int64) bool { return other == id })

		return 200, `{}`
	case id != 0:
		return 200, `{"data":` + show(g.rows[id], g.single) + `}`
	default:
		return 200, g.page(r)
	}
}

func (g *registry) page(r *http.Request) string {
	number, _ := strconv.Atoi(r.URL.Query().Get("page"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	limit = min(limit, g.max)

	order := slices.DeleteFunc(slices.Clone(g.order), func(id int64) bool {
		address, _ := g.rows[id]["webhook_url"].(string)

		return !strings.Contains(address, r.URL.Query().Get("webhook_url"))
	})
	if g.reverse {
		slices.Reverse(order)
	}

	from := min((number-1)*limit, len(order))

	var rows []string
	for _, id := range order[from:min(from+limit, len(order))] {
		rows = append(rows, show(g.rows[id], g.row))
	}

	if g.empty {
		rows = nil
	}

	if g.noMeta {
		return `{"data":[` + strings.Join(rows, ",") + `]}`
	}

	return fmt.Sprintf(`{"data":[%s],"meta":{"pagination":{"total":%d,"per_page":%d,"current_page":%d,"last_page":%d}}}`,
		strings.Join(rows, ","), len(order), limit, number, (len(order)+limit-1)/limit)
}

func show(row map[string]any, change func(map[string]any)) string {
	shown := map[string]any{}
	maps.Copy(shown, row)

	if change != nil {
		change(shown)
	}

	text, err := json.Marshal(shown)
	if err != nil {
		panic(err)
	}

	return string(text)
}

// refresh reads ids as Terraform does: in any order, with the given parallelism.
func refresh(t *testing.T, client *Client, ids []int64, parallelism int) {
	t.Helper()

	ids = slices.Clone(ids)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })

	inParallel(parallelism, len(ids), func(i int) {
		webhook, err := client.Webhook(t.Context(), ids[i])
		if err != nil || webhook.ID != ids[i] || webhook.Name.Or("") != fmt.Sprintf("Webhook %d", ids[i]) {
			t.Errorf("webhook %d: got %d (%q), %v", ids[i], webhook.ID, webhook.Name.Or(""), err)
		}

		// Terraform has other work between two reads.
		_ = transport.Pause(t.Context(), time.Duration(rand.IntN(5))*time.Millisecond)
	})

	// A page that is no longer needed may still be in flight.
	_ = transport.Pause(t.Context(), time.Second)
}

func inParallel(parallelism, count int, do func(i int)) {
	var (
		group sync.WaitGroup
		next  = make(chan int)
	)

	for range parallelism {
		group.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}

	for i := range count {
		next <- i
	}

	close(next)
	group.Wait()
}

func pick(ids []int64, count int) []int64 {
	ids = slices.Clone(ids)
	rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })

	return ids[:count]
}
