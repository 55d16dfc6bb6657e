list "sepay_webhook" "shop" {
  provider = sepay

  config {
    webhook_url = "shop.example.com"
    active      = true
  }
}
