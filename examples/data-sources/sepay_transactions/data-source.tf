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

data "sepay_transactions" "since_the_change" {
  bank_account_id = data.sepay_bank_account.shop.id
  from_date       = "2025-02-25"
  limit           = 10
}

# Has the account received money since its webhook changed? A failed check is a warning, not an error.
# The data source is declared outside the check: inside, Terraform would report a change at every plan.
check "money_arrives" {
  assert {
    condition = anytrue([
      for transaction in data.sepay_transactions.since_the_change.transactions : transaction.amount_in > 0
    ])
    error_message = "The account has received no money since 2025-02-25."
  }
}
