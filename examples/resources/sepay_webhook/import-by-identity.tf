import {
  to = sepay_webhook.payments
  identity = {
    id = 59325
  }
}
