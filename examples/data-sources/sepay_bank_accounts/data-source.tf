terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

data "sepay_bank_accounts" "vietcombank" {
  active    = true
  bank_code = "VCB"
}

output "account_ids" {
  value = data.sepay_bank_accounts.vietcombank.bank_accounts[*].id
}
