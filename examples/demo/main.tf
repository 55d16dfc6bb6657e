# A shop that is told of each payment. `make demo` walks through this configuration.

terraform {
  required_version = ">= 1.5"

  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# How to sign in comes from the environment: SEPAY_CLIENT_ID and SEPAY_CLIENT_SECRET.
provider "sepay" {}

# The resource keeps the value out of what is printed. Were the variable marked as sensitive too, OpenTofu 1.6 would
# plan an update that changes nothing after an import, because an imported value has no such mark.
variable "webhook_secret" {
  description = "The key with which SePay signs what it delivers, and with which the shop checks it."
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

# A whole account may be put out: its balance, which moves all day, is null unless the configuration asks for it.
output "account" {
  value = data.sepay_bank_account.shop
}

output "webhook_id" {
  value = sepay_webhook.payments.id
}
