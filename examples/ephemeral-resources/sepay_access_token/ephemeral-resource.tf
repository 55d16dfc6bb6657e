terraform {
  required_providers {
    sepay = {
      source  = "terraform-provider-sepay/sepay"
      version = "~> 0.1"
    }
  }
}

ephemeral "sepay_access_token" "current" {}

variable "sepay_url" {
  type    = string
  default = "https://my.sepay.vn"
}

# Calls an endpoint that the provider does not cover, with the provider's own token. The token reaches the command through
# its environment, and curl through a pipe, so that no process list shows it.
resource "terraform_data" "profile" {
  provisioner "local-exec" {
    command = "printf 'Authorization: Bearer %s' \"$TOKEN\" | curl --fail --silent --show-error --header @- \"$URL\""

    environment = {
      TOKEN = ephemeral.sepay_access_token.current.access_token
      URL   = "${var.sepay_url}/api/v1/me"
    }
  }
}
