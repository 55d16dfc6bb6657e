terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# Two authorizations of one client. Sign in to each of them once, with
# `terraform-provider-sepay login --store-key shop` and `terraform-provider-sepay login --store-key wholesale`.
provider "sepay" {
  alias           = "shop"
  token_store_key = "shop"
}

provider "sepay" {
  alias           = "wholesale"
  token_store_key = "wholesale"
}

data "sepay_webhooks" "shop" {
  provider = sepay.shop
}

data "sepay_webhooks" "wholesale" {
  provider = sepay.wholesale
}
