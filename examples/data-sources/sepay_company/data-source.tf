terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

# The plan fails before anything changes in the wrong company. A `check` block would only warn.
data "sepay_company" "current" {
  lifecycle {
    postcondition {
      condition     = self.short_name == "ABC Corp"
      error_message = "The sign-in belongs to ${self.full_name}, not to ABC Corp."
    }
  }
}

output "payment_code_prefixes" {
  value = [
    for format in data.sepay_company.current.configurations.payment_code_formats : format.prefix if format.is_active
  ]
}
