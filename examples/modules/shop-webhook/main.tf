data "sepay_bank_account" "shop" {
  account_number = var.account_number
  bank_code      = var.bank_code
}

data "sepay_bank_sub_accounts" "shop" {
  bank_account_id = data.sepay_bank_account.shop.id
}

locals {
  virtual_account_ids = {
    for account in data.sepay_bank_sub_accounts.shop.sub_accounts : account.account_number => account.id
  }
  missing_accounts = setsubtract(var.virtual_accounts, keys(local.virtual_account_ids))
}

resource "sepay_webhook" "shop" {
  name            = var.name
  webhook_url     = var.url
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key      = var.secret_key
  active          = var.active
  bank_account_id = data.sepay_bank_account.shop.id

  # A payment without a payment code belongs to no order.
  is_verify_payment = true
  skip_if_no_code   = true
  retry_conditions  = ["non_2xx_status_code"]

  only_va = length(var.virtual_accounts) > 0
  bank_sub_account_ids = [
    for number, id in local.virtual_account_ids : id if contains(var.virtual_accounts, number)
  ]

  lifecycle {
    precondition {
      condition     = length(local.missing_accounts) == 0
      error_message = "The account ${var.account_number} has no virtual account ${join(", ", local.missing_accounts)}."
    }
  }
}
