terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

data "sepay_user" "current" {}

output "signed_in_as" {
  value = data.sepay_user.current.email
}
