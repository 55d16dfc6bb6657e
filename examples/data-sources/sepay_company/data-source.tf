data "sepay_company" "current" {}

# Stop before anything is changed in the wrong company.
check "company" {
  assert {
    condition     = data.sepay_company.current.short_name == "ABC Corp"
    error_message = "Signed in to ${data.sepay_company.current.full_name}."
  }
}

output "payment_code_prefixes" {
  value = [
    for format in data.sepay_company.current.configurations.payment_code_formats : format.prefix if format.is_active
  ]
}
