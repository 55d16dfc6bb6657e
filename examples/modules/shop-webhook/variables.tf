variable "account_number" {
  description = "The number of the bank account that receives payments, with its leading zeros."
  type        = string
}

variable "bank_code" {
  description = "SePay's code of the bank, such as VCB; needed when two banks have an account with this number."
  type        = string
  default     = null
}

variable "virtual_accounts" {
  description = "The numbers of the virtual accounts to cover. Empty: all transactions of the bank account."
  type        = set(string)
  default     = []
}

variable "name" {
  description = "The name of the webhook in SePay's dashboard."
  type        = string
  default     = "Shop payments"
}

variable "url" {
  description = "The URL of the shop that SePay calls."
  type        = string

  validation {
    condition     = startswith(var.url, "https://")
    error_message = "Deliveries contain payments: use a URL that begins with https://."
  }
}

variable "secret_key" {
  description = "The key that SePay signs deliveries with. It is stored in the state."
  type        = string
  sensitive   = true
}

variable "active" {
  description = "Whether SePay sends deliveries."
  type        = bool
  default     = true
}
