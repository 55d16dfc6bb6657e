# The data source sepay_webhooks, `terraform query` and SePay's dashboard show the ids.
terraform import sepay_webhook.payments 59325
