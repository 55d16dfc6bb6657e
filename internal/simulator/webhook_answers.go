package simulator

import "net/http"

// missingWebhook answers for a webhook that does not exist.
func missingWebhook(d Dialect) answer {
	if d.Missing == MissingHTML {
		return htmlAnswer(http.StatusNotFound, []byte("<html><body><h1>404 Not Found</h1></body></html>"))
	}

	return notFound()
}

func createAnswer(w Webhook, d Dialect) answer {
	status := http.StatusOK
	if d.CreateStatus == CreateStatusCreated {
		status = http.StatusCreated
	}

	switch d.CreateAnswer {
	case CreateAnswerRoot:
		return jsonAnswer(status, map[string]any{
			"status": "success", "message": "Webhook created", "id": retype(w.ID, d.Types),
		})
	case CreateAnswerObject:
		return success(status, renderWebhook(w, d), d)
	case CreateAnswerData:
	}

	return success(status, map[string]any{"id": w.ID}, d)
}

// updateAnswer answers an update. The whole object is what was asked, even where the service kept something else: state that
// is taken from it is wrong, as the description of the API warns.
func updateAnswer(asked Webhook, d Dialect) answer {
	switch d.UpdateAnswer {
	case UpdateAnswerMessage:
		return jsonAnswer(http.StatusOK, map[string]any{"status": "success", "message": "Webhook updated"})
	case UpdateAnswerObject:
		return success(http.StatusOK, renderWebhook(asked, d), d)
	case UpdateAnswerNoContent:
		return answer{status: http.StatusNoContent}
	case UpdateAnswerData:
	}

	return success(http.StatusOK, map[string]any{"id": asked.ID}, d)
}
