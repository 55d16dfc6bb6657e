package sepay

// Pages of SePay's documentation, for the descriptions of attributes.
const (
	docsOAuth2   = "https://developer.sepay.vn/en/sepay-oauth2/"
	docsWebhooks = "https://developer.sepay.vn/en/sepay-webhooks/"

	// The OAuth2 API.
	DocsRegistration    = docsOAuth2 + "dang-ky-ung-dung"
	DocsQuickStart      = docsOAuth2 + "bat-dau-nhanh"
	DocsAccessToken     = docsOAuth2 + "access-token"
	DocsWebhooksAPI     = docsOAuth2 + "api-webhook"
	DocsBankAccountsAPI = docsOAuth2 + "tai-khoan-ngan-hang"
	DocsTransactionsAPI = docsOAuth2 + "giao-dich"
	DocsUserAPI         = docsOAuth2 + "nguoi-dung"
	DocsCompanyAPI      = docsOAuth2 + "cong-ty"

	// What a webhook does.
	DocsWebhookSettings       = docsWebhooks + "tao-webhook"
	DocsWebhookAccounts       = docsWebhooks + "tai-khoan-ngan-hang"
	DocsWebhookPaymentCodes   = docsWebhooks + "cau-hinh-ma-thanh-toan"
	DocsWebhookDeliveries     = docsWebhooks + "tich-hop-webhook"
	DocsWebhookAuthentication = docsWebhooks + "xac-thuc"
	DocsWebhookOAuth2         = docsWebhooks + "oauth2-webhooks"
	DocsWebhookSecurity       = docsWebhooks + "bao-mat"
	DocsWebhookRetries        = docsWebhooks + "xu-ly-loi"
	DocsWebhookAlerts         = docsWebhooks + "giam-sat"
)
