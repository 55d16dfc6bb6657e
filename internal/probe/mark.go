package probe

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

const (
	// markPrefix begins the random mark that identifies the webhook of one run of the probe.
	markPrefix = "probe-"
	markLength = 12

	webhookName    = "sepay-probe, safe to delete"
	webhookRenamed = "sepay-probe, renamed, safe to delete"
	// urlWord is in the URL of each webhook of the probe, so that SePay's filter finds them.
	urlWord = "sepay-probe"
	// defaultURL is at a domain that is reserved for documentation. The service may refuse a host that does not resolve.
	defaultURL = "https://example.com/" + urlWord
)

func newMark() string { return markPrefix + strings.ToLower(rand.Text()[:markLength]) }

// marked returns a name that ends with a mark.
func marked(name, mark string) string { return name + " [" + mark + "]" }

// markedURL returns the URL of the probe's webhook: the mark is in its path, or in the query of a URL that the user chose.
func markedURL(chosen, mark string) (string, error) {
	if chosen == "" {
		return defaultURL + "/" + mark, nil
	}

	address, err := url.Parse(chosen)
	if err != nil || address.Scheme != "https" || address.Hostname() == "" || address.User != nil || address.Fragment != "" {
		return "", errors.New("--url is not an https URL of a host, such as https://shop.example.com/sepay")
	}

	query := address.Query()
	query.Set(urlWord, mark)
	address.RawQuery = query.Encode()

	return address.String(), nil
}

// leftover is a webhook that remains from a run of the probe.
type leftover struct {
	id     int64
	active bool
}

// markOf returns the mark of a webhook that a run of the probe created: its name ends with the mark, and its URL has the
// same one. Other webhooks have "".
func markOf(webhook map[string]any) string {
	form := fmt.Sprintf(`^sepay-probe, .*\[(%s[a-z2-7]{%d})\]$`, markPrefix, markLength)

	found := regexp.MustCompile(form).FindStringSubmatch(strings.TrimSpace(text(webhook["name"])))
	if found == nil {
		return ""
	}

	address := strings.TrimSpace(text(webhook["webhook_url"]))
	if !strings.HasSuffix(address, "/"+urlWord+"/"+found[1]) && !strings.Contains(address, urlWord+"="+found[1]) {
		return ""
	}

	return found[1]
}

// leftovers returns the webhooks in a list that remain from runs of the probe; with a mark, only those of that run.
func leftovers(rows []map[string]any, mark string) []leftover {
	var found []leftover

	for _, row := range rows {
		id, ok := integer(row["id"])
		if own := markOf(row); !ok || own == "" || mark != "" && own != mark {
			continue
		}

		active, known := onOff(row["active"])
		found = append(found, leftover{id: id, active: active || !known})
	}

	return found
}

// isOwn reports whether a webhook is the one that this run created: nothing else has its mark. Until a read has
// confirmed that, the id that SePay returned may be that of another webhook.
func (w *writer) isOwn(webhook map[string]any) bool {
	return strings.Contains(text(webhook["name"]), w.mark) || strings.Contains(text(webhook["webhook_url"]), w.mark)
}
