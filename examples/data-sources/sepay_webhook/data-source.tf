# By its whole URL, or by its id.
data "sepay_webhook" "payments" {
  webhook_url = "https://shop.example.com/sepay/payments"
}

output "webhook_is_active" {
  value = data.sepay_webhook.payments.active
}
