terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

variable "webhook_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

data "sepay_bank_sub_accounts" "shop" {
  bank_account_id = data.sepay_bank_account.shop.id
}

# Only the virtual accounts of one branch, with an alert after five failed deliveries in a row.
resource "sepay_webhook" "branch" {
  name            = "Branch in district 1"
  webhook_url     = "https://branch.example.com/sepay"
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key_wo   = var.webhook_secret
  bank_account_id = data.sepay_bank_account.shop.id

  va_mode = "list"
  bank_sub_account_ids = [
    for account in data.sepay_bank_sub_accounts.shop.sub_accounts : account.id
    if account.account_number == "VCB0011ABC004"
  ]

  alert_threshold   = 5
  alert_event_types = ["failure", "recovery"]
}
