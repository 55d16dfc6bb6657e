data "sepay_user" "current" {}

output "signed_in_as" {
  value = data.sepay_user.current.email
}
