# What the scheduled job compares with SePay. Here one webhook; in practice, your own configuration.

terraform {
  required_version = ">= 1.5"

  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

provider "sepay" {}

variable "webhook_secret" {
  description = "The key that SePay signs deliveries with."
  type        = string
  sensitive   = true
}

data "sepay_bank_accounts" "watched" {
  active = true
}

resource "sepay_webhook" "payments" {
  name            = "Shop payments"
  webhook_url     = "https://shop.example.com/sepay/payments"
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key      = var.webhook_secret
  bank_account_id = data.sepay_bank_accounts.watched.bank_accounts[0].id
}

# Whole account objects may be output: their balances, which change all day, are null unless the configuration asks for them.
output "accounts" {
  value = data.sepay_bank_accounts.watched.bank_accounts
}
