package playground

import (
	"html/template"
	"strings"
)

// translator returns the texts of a language; known is false for an unsupported language.
func translator(language string) (translate func(key string) string, known bool) {
	index := map[string]int{"en": 0, "vi": 1}

	i, known := index[language]
	all := texts()

	return func(key string) string {
		if text, found := all[key]; found {
			return text[i]
		}

		return key
	}, known
}

// code marks the text between backquotes as code.
func code(text string) template.HTML {
	var marked strings.Builder

	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}

		marked.WriteString(part)
	}

	return template.HTML(marked.String())
}

// texts returns each text in English and in Vietnamese.
func texts() map[string][2]string {
	return map[string][2]string{
		"title":    {"SePay simulator", "Trình giả lập SePay"},
		"lead":     {"A SePay on this machine. Nothing here is real money.", "Một SePay trên máy này. Không có tiền thật ở đây."},
		"language": {"Tiếng Việt", "English"},
		"next":     {"What to try next", "Thử tiếp theo"},
		"advice apply": {
			"Run `terraform apply` in the terminal: the webhook appears here.",
			"Chạy `terraform apply` trong terminal: webhook sẽ hiện ra ở đây.",
		},
		"advice pay": {
			"Press “Money arrives” on an account: the payment is delivered to the webhook.",
			"Bấm “Tiền vào” ở một tài khoản: giao dịch được gửi tới webhook.",
		},
		"advice drift": {
			"Switch the webhook off, or change its URL, then run `terraform plan`: the plan finds it.",
			"Tắt webhook hoặc đổi URL, rồi chạy `terraform plan`: plan sẽ phát hiện.",
		},
		"advice plan": {
			"Something was changed here. Run `terraform plan`: it shows the difference.",
			"Đã có thay đổi ở đây. Chạy `terraform plan`: plan cho thấy sự khác biệt.",
		},
		"advice repair": {
			"Then run `terraform apply`: it restores what the configuration declares.",
			"Sau đó chạy `terraform apply`: cấu hình đã khai báo được khôi phục.",
		},
		"webhooks":         {"Webhooks", "Webhooks"},
		"no webhooks":      {"There is no webhook yet.", "Chưa có webhook nào."},
		"active":           {"active", "đang bật"},
		"inactive":         {"switched off", "đã tắt"},
		"switch off":       {"Switch off", "Tắt"},
		"switch on":        {"Switch on", "Bật"},
		"change":           {"Change", "Thay đổi"},
		"save":             {"Save", "Lưu"},
		"delete":           {"Delete", "Xóa"},
		"name":             {"Name", "Tên"},
		"url":              {"URL", "URL"},
		"event":            {"Event", "Sự kiện"},
		"authentication":   {"Authentication", "Xác thực"},
		"content type":     {"Content type", "Kiểu nội dung"},
		"accounts covered": {"Accounts", "Tài khoản"},
		"all accounts":     {"all accounts", "tất cả tài khoản"},
		"skip":             {"Skip transactions without a payment code", "Bỏ qua giao dịch không có mã thanh toán"},
		"accounts":         {"Bank accounts", "Tài khoản ngân hàng"},
		"balance":          {"Balance", "Số dư"},
		"amount":           {"Amount (VND)", "Số tiền (VND)"},
		"content":          {"Content", "Nội dung"},
		"virtual account":  {"Virtual account", "Tài khoản ảo (VA)"},
		"none":             {"none", "không"},
		"pay":              {"Money arrives", "Tiền vào"},
		"deliveries":       {"Deliveries", "Lịch sử gửi webhook"},
		"no deliveries":    {"Nothing was delivered yet.", "Chưa gửi lần nào."},
		"time":             {"Time", "Giờ"},
		"transaction":      {"Transaction", "Giao dịch"},
		"status":           {"Status", "Trạng thái"},
		"attempts":         {"Attempts", "Số lần gửi"},
		"sending":          {"sending", "đang gửi"},
		"waiting":          {"waiting for a retry", "chờ gửi lại"},
		"delivered":        {"delivered", "thành công"},
		"failed":           {"failed", "thất bại"},
		"not_sent":         {"not sent", "không gửi"},
		"canceled":         {"canceled", "đã hủy"},
		"alerts":           {"Alerts", "Cảnh báo"},
		"failure":          {"failure", "lỗi"},
		"recovery":         {"recovery", "phục hồi"},
		"failures":         {"failed attempts", "lần gửi lỗi"},
		"requests":         {"Requests of the provider", "Yêu cầu của provider"},
		"no requests":      {"The provider has sent no request yet.", "Provider chưa gửi yêu cầu nào."},
		"request":          {"Request", "Yêu cầu"},
		"keys":             {"Keys", "Trường"},
		"dialect":          {"Dialect", "Phương ngữ API"},
		"default dialect":  {"default", "mặc định"},
	}
}
