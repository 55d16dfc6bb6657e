terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# By its number: a string, because leading zeros matter. The bank code distinguishes accounts that share a number.
data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
  bank_code      = "VCB"
}

# By its id, with the balance.
data "sepay_bank_account" "with_balance" {
  id                  = 19
  include_accumulated = true
}

output "shop_account_id" {
  value = data.sepay_bank_account.shop.id
}

check "balance" {
  assert {
    condition     = data.sepay_bank_account.with_balance.accumulated > 1000000
    error_message = "Less than 1,000,000 VND is left on ${data.sepay_bank_account.with_balance.account_number}."
  }
}
