terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

data "sepay_bank_sub_accounts" "shop" {
  bank_account_id = data.sepay_bank_account.shop.id
}

output "branches" {
  value = {
    for account in data.sepay_bank_sub_accounts.shop.sub_accounts : account.account_number => account.id
  }
}
