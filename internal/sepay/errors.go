package sepay

import (
	"errors"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/transport"
)

// Errors of every endpoint.
type (
	// APIError is a failure that SePay answered.
	APIError = transport.APIError
	// RequestError is a request that got no answer, or a cut one.
	RequestError = transport.RequestError
)

// IsNotFound reports whether SePay answered that the object does not exist.
func IsNotFound(err error) bool {
	failure, ok := errors.AsType[*APIError](err)

	return ok && failure.Status == http.StatusNotFound
}
