# Money that comes in on one account. The secret reaches neither the plan nor the state; that needs Terraform 1.11 or
# OpenTofu 1.11. On older tools use secret_key instead of secret_key_wo, and no ephemeral variable.
variable "webhook_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

resource "sepay_webhook" "payments" {
  name            = "Shop payments"
  webhook_url     = "https://shop.example.com/sepay/payments"
  event_type      = "In_only"
  authen_type     = "HMAC_SHA256"
  secret_key_wo   = var.webhook_secret
  bank_account_id = data.sepay_bank_account.shop.id

  is_verify_payment = true
  skip_if_no_code   = true
  retry_conditions  = ["non_2xx_status_code"]
}
