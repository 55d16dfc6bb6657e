terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# Webhooks whose URL contains a text.
data "sepay_webhooks" "shop" {
  webhook_url = "shop.example.com"
}

check "https" {
  assert {
    condition = alltrue([
      for webhook in data.sepay_webhooks.shop.webhooks : startswith(webhook.webhook_url, "https://")
    ])
    error_message = "A webhook of the shop is delivered over plain http."
  }
}

output "webhook_ids" {
  value = { for webhook in data.sepay_webhooks.shop.webhooks : webhook.id => webhook.name }
}
