// Package tokenendpoint exchanges refresh tokens and authorization codes at SePay's token endpoint. It classifies each response
// by what it means for the token that was sent: granted, rejected, not spent, or unknown.
package tokenendpoint
