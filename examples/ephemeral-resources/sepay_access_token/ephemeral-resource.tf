ephemeral "sepay_access_token" "current" {}

variable "sepay_url" {
  type    = string
  default = "https://my.sepay.vn"
}

# Something that the provider does not offer, with the token that it has. It reaches the command by its environment and
# curl by a pipe, so that no list of processes shows it.
resource "terraform_data" "transaction" {
  provisioner "local-exec" {
    command = "printf 'Authorization: Bearer %s' \"$TOKEN\" | curl --fail --silent --show-error --header @- \"$URL\""

    environment = {
      TOKEN = ephemeral.sepay_access_token.current.access_token
      URL   = "${var.sepay_url}/api/v1/transactions/49682"
    }
  }
}
