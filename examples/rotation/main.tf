terraform {
  required_version = ">= 1.11"

  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.88"
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.7"
    }
  }
}

variable "secret_version" {
  description = "Increase it to rotate the secret."
  type        = number
  default     = 1
}

# A new value in each run, which is stored nowhere. It is used only when secret_version changes.
ephemeral "random_password" "webhook" {
  length  = 48
  special = false
}

resource "aws_secretsmanager_secret" "webhook" {
  name = "shop/sepay-webhook"
}

# The receiver reads the secret here.
resource "aws_secretsmanager_secret_version" "webhook" {
  secret_id                = aws_secretsmanager_secret.webhook.id
  secret_string_wo         = ephemeral.random_password.webhook.result
  secret_string_wo_version = var.secret_version
}

data "sepay_bank_account" "shop" {
  account_number = "0071000888888"
}

resource "sepay_webhook" "payments" {
  name                  = "Shop payments"
  webhook_url           = "https://shop.example.com/sepay/payments"
  event_type            = "In_only"
  authen_type           = "HMAC_SHA256"
  secret_key_wo         = ephemeral.random_password.webhook.result
  secret_key_wo_version = var.secret_version
  bank_account_id       = data.sepay_bank_account.shop.id
  retry_conditions      = ["non_2xx_status_code"]

  # SePay gets the secret after the receiver can read it.
  depends_on = [aws_secretsmanager_secret_version.webhook]
}
