# Runs against a real company or `sepay-simulator`: sign in with SEPAY_* variables, then `terraform test` or `tofu test`.

variables {
  webhook_secret = "whsec_of_the_test"
}

run "declared" {
  assert {
    condition     = sepay_webhook.payments.active
    error_message = "The webhook is not active."
  }

  assert {
    condition     = alltrue([for account in output.accounts : account.accumulated == null])
    error_message = "The output contains a balance: every plan would differ."
  }
}
