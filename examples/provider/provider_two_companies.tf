# Two authorizations of one client, each signed in to once with
# `terraform-provider-sepay login --store-key shop` and `--store-key wholesale`.
provider "sepay" {
  alias           = "shop"
  token_store_key = "shop"
}

provider "sepay" {
  alias           = "wholesale"
  token_store_key = "wholesale"
}
