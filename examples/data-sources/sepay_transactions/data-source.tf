data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

# Has money reached the account since its webhook was changed? Inside a check block the result is not an input of
# anything, and a payment that has not come yet is a warning, not an error.
check "money_arrives" {
  data "sepay_transactions" "since_the_change" {
    bank_account_id = data.sepay_bank_account.shop.id
    from_date       = "2025-02-25"
    limit           = 10
  }

  assert {
    condition = anytrue([
      for transaction in data.sepay_transactions.since_the_change.transactions : transaction.amount_in > 0
    ])
    error_message = "No money has reached the account since 2025-02-25."
  }
}
