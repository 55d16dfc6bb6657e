package sepay

import (
	"errors"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// Errors of every endpoint.
type (
	// APIError is a failure that SePay reports.
	APIError = transport.APIError
	// RequestError is a request without a complete response.
	RequestError = transport.RequestError
)

// IsNotFound reports whether SePay, or a proxy in front of it, responded with 404.
func IsNotFound(err error) bool {
	failure, ok := errors.AsType[*APIError](err)

	return ok && failure.Status == http.StatusNotFound
}
