package simulator

import (
	"net/http"
	"slices"
	"strings"
)

func listWebhooks(s *Simulator, c *call) answer {
	query := c.request.URL.Query()
	active := query.Get("active")

	if active != "" && active != "0" && active != "1" {
		return invalid(problems{{"active", "must be 0 or 1"}}, c.dialect)
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	ids := make([]int64, 0, len(s.book.ids))

	for _, id := range s.book.ids {
		w := s.book.current[id]
		if strings.Contains(w.WebhookURL, query.Get("webhook_url")) &&
			(active == "" || (active == "1") == w.Active) &&
			(query.Get("api_key") == "" || query.Get("api_key") == w.APIKey) {
			ids = append(ids, id)
		}
	}

	if c.dialect.ListOrder == ListOrderDescending {
		slices.Reverse(ids)
	}

	return paged(c, ids, func(id int64) map[string]any { return renderRow(s.book.current[id], c.dialect) })
}

func readWebhook(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	w, found := s.book.current[c.id]
	if !found {
		return missingWebhook(c.dialect)
	}

	return success(http.StatusOK, renderWebhook(w, c.dialect), c.dialect)
}

func createWebhook(s *Simulator, c *call) answer {
	body, refused := c.jsonObject()
	if refused != nil {
		return *refused
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	w := newWebhook()

	found, refused := s.readBody(c, body, &w)
	if refused != nil {
		return *refused
	}

	missing := missingKeys(body, w.AuthenType, c.dialect.Form)
	if found = append(missing, found...); len(found) > 0 {
		return invalid(found, c.dialect)
	}

	if c.dialect.CreateActive == CreateActiveIgnored {
		w.Active = true
	}

	w.CreatedAt = s.clock()
	w.ID = s.book.put(w)

	return createAnswer(w, c.dialect).commit()
}

func updateWebhook(s *Simulator, c *call) answer {
	body, refused := c.jsonObject()
	if refused != nil {
		return *refused
	}

	s.mu.Lock()
	defer s.mu.Unlock()

	before, exists := s.book.current[c.id]
	if !exists {
		return missingWebhook(c.dialect)
	}

	if len(body) == 0 {
		return invalid(problems{{"body", "must have a key to update"}}, c.dialect)
	}

	asked := before.clone()

	found, refused := s.readBody(c, body, &asked)
	if refused != nil {
		return *refused
	}

	if c.dialect.Names == NamesRefused && asked.Name != before.Name {
		found.add("name", "cannot be changed")
	}

	if len(found) > 0 {
		return invalid(found, c.dialect)
	}

	kept := asked.clone()
	if c.dialect.Names == NamesIgnored {
		kept.Name = before.Name
	}

	if c.dialect.Patch == PatchIgnored {
		takeBack(&kept, before, body)
	}

	s.book.put(kept)

	return updateAnswer(asked, c.dialect).commit()
}

func deleteWebhook(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	if _, exists := s.book.current[c.id]; !exists {
		return missingWebhook(c.dialect)
	}

	s.book.remove(c.id)

	if c.dialect.DeleteAnswer == DeleteAnswerNoContent {
		return answer{status: http.StatusNoContent}.commit()
	}

	return jsonAnswer(http.StatusOK, map[string]any{"status": "success", "message": "Webhook deleted"}).commit()
}
