import {
  to = sepay_webhook.payments
  id = "59325"
}
