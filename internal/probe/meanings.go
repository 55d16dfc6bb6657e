package probe

import "strings"

// meanings describe each variant of each question.
const meanings = `
U1 data: the new id is in data
U1 root: the new id is next to a message
U1 object: data is the whole webhook
U2 200: status 200
U2 201: status 201
U3 data: data has the id
U3 message: there is a message only
U3 object: data is the whole webhook
U3 204: status 204 without a body
U4 message: there is a message
U4 204: status 204 without a body
U5 clear: as they were sent
U5 masked: asterisks, but for the last four characters
U5 dotted: dots, but for the last four characters
U5 suffix: the last four characters alone
U5 edges: the first and the last four characters, and a mask of its own length
U5 absent: the key is missing
U5 null: null
U6 native: booleans and numbers
U6 zero_one: booleans are 0 and 1
U6 strings: every scalar is a string
U7 2026: with the keys of 2026, such as bank_mode
U7 2025: without the keys of 2026
U8 off: an object that says off
U8 on: an object that says on
U8 null: null
U8 empty: an empty list
U9 invalid_grant: 400 invalid_grant
U9 invalid_request: 401 invalid_request
U10 dead: it is refused, and the one that replaced it works
U10 family: it is refused, and so is the one that replaced it
U10 alive: it works again
U11 revoked: it is refused
U11 alive: it works until it expires
U12 rotates: each response has a new one
U12 keeps: there is none; the old one stays
U13 400: 400 with a message
U13 422: 422 with messages by field
U13 500: 500 without a body
U13 in_200: 200, and the body says that it failed
U14 v1: in data, with the bank as an object
U14 quickstart: in bankaccounts, with the names of the quick start
U14 legacy: in bankaccounts, with every value a string
U15 100: pages of up to 100
U15 20: pages of 20, whatever is asked for
U15 no_meta: no pagination in the response
U16 none: none
U16 3: 3 requests a second, with Retry-After
U16 2: 2 requests a second, with x-sepay-userapi-retry-after
U17 obeyed: stored
U17 ignored: accepted, and not stored
U18 as_sent: with the spaces at the end
U18 trimmed: without the spaces at the end
X1 absent: bank_account_ids, alert_channel_ids and oauth2_* are missing
X1 returned: bank_account_ids, alert_channel_ids and oauth2_* are there
X2 whole: with every key of the webhook
X2 brief: with a few keys
X3 ascending: by ascending id
X3 descending: by descending id
X4 independent: it stays
X4 coupled: it changes with only_va
X5 obeyed: stored
X5 ignored: accepted, and not stored
X5 refused: refused
X6 obeyed: the webhook is switched off
X6 ignored: the webhook is switched on
X7 vietnam: Vietnam's time
X7 utc: UTC
X8 json: 404 with JSON
X8 html: 404 with a page
O1 hint_and_message: hint and message
O1 hint: hint
O1 message: message
O1 none: none
O2 cause: it says why
O2 not_verified: it always says that the token could not be verified
O2 none: there is none
O3 invalid_grant: 400 invalid_grant
O3 invalid_request: 400 invalid_request
O4 invalid_client: invalid_client
O4 page: a page says so
O5 ignored: any port is accepted
O5 exact: only the registered port is accepted
O6 returned: it is returned
O6 missing: it is missing
O7 slides: it begins anew with each refresh
O7 fixed: it begins at the sign-in
O8 kept: the code is bound to it
O8 lost: the code is not bound to it, and a verifier is refused
`

// meaning returns the description of a variant, "" if there is none.
func meaning(id, variant string) string {
	_, rest, _ := strings.Cut(meanings, "\n"+id+" "+variant+": ")
	line, _, _ := strings.Cut(rest, "\n")

	return line
}
