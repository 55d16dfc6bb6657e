variable "account_number" {
  description = "The bank account that payments arrive on, with its leading zeros."
  type        = string
}

variable "bank_code" {
  description = "SePay's code of the bank, such as VCB; needed when two banks have an account with this number."
  type        = string
  default     = null
}

variable "virtual_accounts" {
  description = "The numbers of the virtual accounts to be told of. Empty: all movements of the bank account."
  type        = set(string)
  default     = []
}

variable "name" {
  description = "The name of the webhook in SePay's dashboard."
  type        = string
  default     = "Shop payments"
}

variable "url" {
  description = "The address of the shop that SePay calls."
  type        = string

  validation {
    condition     = startswith(var.url, "https://")
    error_message = "Deliveries tell of payments: use an address that begins with https://."
  }
}

variable "secret_key" {
  description = "The key with which SePay signs deliveries. It is stored in the state."
  type        = string
  sensitive   = true
}

variable "active" {
  description = "Whether SePay delivers at all."
  type        = bool
  default     = true
}
