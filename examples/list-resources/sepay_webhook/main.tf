terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

provider "sepay" {} # SEPAY_CLIENT_ID and SEPAY_CLIENT_SECRET come from the environment
