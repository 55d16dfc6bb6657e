package delivery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/simulator/state"
)

// payload is the body of a delivery, with the published names in the published order. Receivers use id to detect duplicates.
type payload struct {
	ID              int64       `json:"id"`
	Gateway         string      `json:"gateway"`
	TransactionDate string      `json:"transactionDate"`
	AccountNumber   string      `json:"accountNumber"`
	Code            *string     `json:"code"`
	Content         string      `json:"content"`
	TransferType    string      `json:"transferType"`
	TransferAmount  json.Number `json:"transferAmount"`
	Accumulated     json.Number `json:"accumulated"`
	SubAccount      *string     `json:"subAccount"`
	ReferenceCode   string      `json:"referenceCode"`
	Description     string      `json:"description"`
}

func newPayload(t state.Transaction, account *state.BankAccount) payload {
	p := payload{
		ID: t.ID, TransactionDate: t.TransactionDate.In(state.Vietnam()).Format(state.DateTime), Code: t.Code,
		Content: t.TransactionContent, TransferType: "out", TransferAmount: wholeAmount(t.AmountOut),
		Accumulated: wholeAmount(t.Accumulated),
		SubAccount:  t.SubAccount, ReferenceCode: t.ReferenceNumber, Description: t.TransactionContent,
	}

	if t.Incoming() {
		p.TransferType, p.TransferAmount = "in", wholeAmount(t.AmountIn)
	}

	if account != nil {
		p.Gateway, p.AccountNumber = account.Bank.ShortName, account.AccountNumber
	}

	return p
}

// wholeAmount removes decimals that are zero, as in the published sample.
func wholeAmount(amount json.Number) json.Number {
	return json.Number(strings.TrimSuffix(amount.String(), ".00"))
}

// encode returns the body in the content type of the webhook, and the header for it.
func (p payload) encode(contentType string) (body []byte, header string, err error) {
	switch contentType {
	case sepay.ContentTypeForm:
		return []byte(p.form().Encode()), "application/x-www-form-urlencoded", nil
	case sepay.ContentTypeMultipart:
		return p.multipart()
	default:
		var text bytes.Buffer

		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)

		if err := encoder.Encode(p); err != nil {
			return nil, "", fmt.Errorf("payload: %w", err)
		}

		return bytes.TrimSpace(text.Bytes()), "application/json", nil
	}
}

// form returns the fields as strings. null is an empty string: how SePay writes it in a form is not documented.
func (p payload) form() url.Values {
	values := url.Values{}
	for _, field := range p.fields() {
		values.Set(field[0], field[1])
	}

	return values
}

func (p payload) multipart() (body []byte, header string, err error) {
	var text bytes.Buffer

	writer := multipart.NewWriter(&text)
	for _, field := range p.fields() {
		if err := writer.WriteField(field[0], field[1]); err != nil {
			return nil, "", fmt.Errorf("payload: %w", err)
		}
	}

	if err := writer.Close(); err != nil {
		return nil, "", fmt.Errorf("payload: %w", err)
	}

	return text.Bytes(), writer.FormDataContentType(), nil
}

func (p payload) fields() [][2]string {
	return [][2]string{
		{"id", fmt.Sprint(p.ID)},
		{"gateway", p.Gateway},
		{"transactionDate", p.TransactionDate},
		{"accountNumber", p.AccountNumber},
		{"code", orEmpty(p.Code)},
		{"content", p.Content},
		{"transferType", p.TransferType},
		{"transferAmount", p.TransferAmount.String()},
		{"accumulated", p.Accumulated.String()},
		{"subAccount", orEmpty(p.SubAccount)},
		{"referenceCode", p.ReferenceCode},
		{"description", p.Description},
	}
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}
