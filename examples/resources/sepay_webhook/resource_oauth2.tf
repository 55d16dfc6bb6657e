terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

variable "delivery_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "sepay_webhook" "all_accounts" {
  name        = "Treasury"
  webhook_url = "https://treasury.example.com/sepay"
  event_type  = "All"
  bank_mode   = "all"

  authen_type             = "OAuth2.0"
  oauth2_access_token_url = "https://auth.example.com/oauth/token"
  oauth2_client_id        = "sepay-deliveries"

  # The secret is sent again only when the version changes.
  oauth2_client_secret_wo         = var.delivery_client_secret
  oauth2_client_secret_wo_version = 1
}
