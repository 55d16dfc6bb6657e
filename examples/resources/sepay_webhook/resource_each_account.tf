terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

variable "api_key" {
  type      = string
  sensitive = true
}

data "sepay_bank_accounts" "watched" {
  active = true
}

resource "sepay_webhook" "each_account" {
  for_each = { for account in data.sepay_bank_accounts.watched.bank_accounts : account.id => account }

  name            = "Ledger of ${each.value.bank.short_name} ${each.value.account_number}"
  webhook_url     = "https://ledger.example.com/sepay/${each.key}"
  event_type      = "All"
  authen_type     = "Api_Key"
  api_key         = var.api_key
  bank_account_id = each.value.id
}
