terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# By its whole URL, or by its id.
data "sepay_webhook" "payments" {
  webhook_url = "https://shop.example.com/sepay/payments"
}

output "webhook_is_active" {
  value = data.sepay_webhook.payments.active
}
