output "webhook_id" {
  description = "The id of the webhook."
  value       = sepay_webhook.shop.id
}

output "bank_account" {
  description = "The bank account, for payment instructions."
  value = {
    id             = data.sepay_bank_account.shop.id
    account_number = data.sepay_bank_account.shop.account_number
    holder         = data.sepay_bank_account.shop.account_holder_name
    bank_name      = data.sepay_bank_account.shop.bank.full_name
    bank_bin       = data.sepay_bank_account.shop.bank.bin
  }
}

output "virtual_account_ids" {
  description = "The ids of all virtual accounts of the bank account, by number."
  value       = local.virtual_account_ids
}
