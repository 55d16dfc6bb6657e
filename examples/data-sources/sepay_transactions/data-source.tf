data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

data "sepay_transactions" "since_the_change" {
  bank_account_id = data.sepay_bank_account.shop.id
  from_date       = "2025-02-25"
  limit           = 10
}

# Has money reached the account since its webhook was changed? A payment that has not come yet is a warning, not an error.
# The data source stands outside of the check: inside, Terraform would report a change at every plan.
check "money_arrives" {
  assert {
    condition = anytrue([
      for transaction in data.sepay_transactions.since_the_change.transactions : transaction.amount_in > 0
    ])
    error_message = "No money has reached the account since 2025-02-25."
  }
}
