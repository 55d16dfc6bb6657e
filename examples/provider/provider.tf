terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# SEPAY_CLIENT_ID and SEPAY_CLIENT_SECRET come from the environment, and the tokens from the store that
# `terraform-provider-sepay login` filled.
provider "sepay" {}
