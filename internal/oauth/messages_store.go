package oauth

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/diagnostic"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenendpoint"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/oauth/tokenstore"
)

// noAnswer is the error for a token that was sent and may be spent.
func (m messages) noAnswer(a tokenendpoint.Response) *diagnostic.Error {
	sent := "The refresh token was sent, and no usable response came back"
	if a.Resent {
		sent = "The refresh token was sent twice, and no usable response came back"
	}

	page := ""
	if a.Status >= http.StatusOK && a.Status < http.StatusMultipleChoices {
		page = " If this response comes again, check base_url (SEPAY_BASE_URL): it does not look like one of SePay's token address."
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("%s (%s), so it may be spent, or SePay may still be working on it. This run does not send it again. "+
			"Run again in a minute: if SePay still accepts the token, nothing is lost. If not, that run says so.%s",
			sent, a.Quote(), page),
		Err: a.Err,
	}
}

// noAnswerElsewhere is noAnswer for a run that waited for another one's exchange.
func (m messages) noAnswerElsewhere(p *tokenstore.Intent) *diagnostic.Error {
	return &diagnostic.Error{
		Code: diagnostic.CodeNoResponse, Summary: "SePay did not respond to the token request",
		Detail: fmt.Sprintf("Another run (%s) sent the refresh token while this one waited for the result, and no usable response "+
			"came back: the token may be spent, or SePay may still be working on it. This run does not send it again. Run again "+
			"in a minute: if SePay still accepts the token, nothing is lost. If not, that run says so.", p.Holder()),
	}
}

// cannotReadAgain is the error for a refused token, when it is unknown whether another run has replaced it.
func (m messages) cannotReadAgain(location string, cause error) *diagnostic.Error {
	if words, ok := errors.AsType[*diagnostic.Error](cause); ok && words.Err != nil {
		cause = words.Err
	}

	return &diagnostic.Error{
		Code: diagnostic.CodeStoreRead, Summary: "Cannot read the stored SePay sign-in",
		Detail: fmt.Sprintf("SePay rejects the refresh token that this run sent, and %s could not be read again to see whether "+
			"another run has replaced it meanwhile (%v). The store was not changed. Make sure that it can be read, and run again.",
			location, cause),
		Err: cause,
	}
}
