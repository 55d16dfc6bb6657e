package api

import (
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/dialects"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/response"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// missingWebhook is the response for a webhook that does not exist.
func missingWebhook(d dialects.Dialect) response.Response {
	if d.Missing == dialects.MissingHTML {
		return response.HTML(http.StatusNotFound, []byte("<html><body><h1>404 Not Found</h1></body></html>"))
	}

	return response.NotFound()
}

func createResponse(w state.Webhook, d dialects.Dialect) response.Response {
	status := http.StatusOK
	if d.CreateStatus == dialects.CreateStatusCreated {
		status = http.StatusCreated
	}

	switch d.CreateResponse {
	case dialects.CreateResponseRoot:
		return response.JSON(status, map[string]any{
			"status": "success", "message": "Webhook created", "id": response.Retype(w.ID, d.Types),
		})
	case dialects.CreateResponseObject:
		return response.Success(status, renderWebhook(w, d), d)
	case dialects.CreateResponseData:
	}

	return response.Success(status, map[string]any{"id": w.ID}, d)
}

// updateResponse is the response to an update. The object has the requested values, even if the service stored others: state that
// is read from it is wrong, as the description of the API warns.
func updateResponse(asked state.Webhook, d dialects.Dialect) response.Response {
	switch d.UpdateResponse {
	case dialects.UpdateResponseMessage:
		return response.JSON(http.StatusOK, map[string]any{"status": "success", "message": "Webhook updated"})
	case dialects.UpdateResponseObject:
		return response.Success(http.StatusOK, renderWebhook(asked, d), d)
	case dialects.UpdateResponseNoContent:
		return response.Response{Status: http.StatusNoContent}
	case dialects.UpdateResponseData:
	}

	return response.Success(http.StatusOK, map[string]any{"id": asked.ID}, d)
}
