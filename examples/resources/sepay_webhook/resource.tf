terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# The secret is stored neither in the plan nor in the state. This needs Terraform 1.11 or OpenTofu 1.11; on older versions
# use secret_key instead of secret_key_wo, and remove `ephemeral = true`.
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
