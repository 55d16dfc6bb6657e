// Package tokenendpoint exchanges tokens and codes at SePay's token endpoint, and judges what each response means for the
// token that was sent: granted, rejected, not spent, or unknown.
package tokenendpoint
