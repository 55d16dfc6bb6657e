# What the scheduled job compares with SePay. Here one webhook; in earnest, your own configuration.

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
  description = "The key with which SePay signs deliveries."
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

# Whole accounts may be put out: their balances, which move all day, are null unless they are asked for.
output "accounts" {
  value = data.sepay_bank_accounts.watched.bank_accounts
}
