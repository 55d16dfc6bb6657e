# Runs against a real company or `sepay-simulator`: sign in with SEPAY_* variables, then `terraform test` or `tofu test`.

variables {
  account_number = "0071000888888"
  url            = "https://shop.example.com/sepay/module-tests"
  secret_key     = "whsec_of_the_test"
}

run "all_transactions" {
  assert {
    condition     = sepay_webhook.shop.bank_account_id == 19
    error_message = "The webhook does not cover the account that has the number."
  }

  assert {
    condition     = !sepay_webhook.shop.only_va && sepay_webhook.shop.event_type == "In_only"
    error_message = "The webhook does not cover all incoming transactions."
  }
}

run "one_branch" {
  variables {
    virtual_accounts = ["VCB0011ABC004"]
  }

  assert {
    condition     = sepay_webhook.shop.only_va && sepay_webhook.shop.bank_sub_account_ids == toset([25])
    error_message = "The webhook covers more than the virtual account."
  }

  assert {
    condition     = output.virtual_account_ids["VCB0011ABC005"] == 26
    error_message = "The output does not have every virtual account."
  }
}

run "unknown_branch" {
  command = plan

  variables {
    virtual_accounts = ["VCB0000000000"]
  }

  expect_failures = [sepay_webhook.shop]
}

run "plain_http" {
  command = plan

  variables {
    url = "http://shop.example.com/sepay/payments"
  }

  expect_failures = [var.url]
}
