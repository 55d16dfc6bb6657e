list "sepay_webhook" "shop" {
  provider = sepay

  # Terraform lists 100 by default.
  limit = 500

  config {
    webhook_url = "shop.example.com"
    active      = true
  }
}
