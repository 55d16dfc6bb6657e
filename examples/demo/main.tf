# A shop that receives a delivery for each payment. `make demo` walks through this configuration.

terraform {
  required_version = ">= 1.5"

  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# SEPAY_CLIENT_ID and SEPAY_CLIENT_SECRET come from the environment.
provider "sepay" {}

# The attribute is sensitive, so the value is never printed. If the variable were sensitive too, OpenTofu 1.6 would plan an
# update without a change after an import, because an imported value has no such mark.
variable "webhook_secret" {
  description = "The key that SePay signs deliveries with, and that the shop verifies them with."
  type        = string
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

resource "sepay_webhook" "payments" {
  name            = "Shop payments"
  webhook_url     = "https://shop.example.com/sepay/payments"
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key      = var.webhook_secret
  bank_account_id = data.sepay_bank_account.shop.id
}

# A whole account object may be output: its balance, which changes all day, is null unless the configuration asks for it.
output "account" {
  value = data.sepay_bank_account.shop
}

output "webhook_id" {
  value = sepay_webhook.payments.id
}
