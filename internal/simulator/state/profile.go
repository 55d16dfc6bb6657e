package state

// UserID is the id of the user in the published sample.
const UserID = 1234

func sampleUser() map[string]any {
	return map[string]any{
		"id":         int64(UserID),
		"first_name": "Đức",
		"last_name":  "Nguyễn Văn",
		"email":      "duc.nguyen@example.com",
		"phone":      "0901234567",
		"avatar":     "https://my.sepay.vn/assets/images/avatars/1234.png",
	}
}

func sampleCompany(role string) map[string]any {
	return map[string]any{
		"id":           int64(123),
		"full_name":    "Công ty TNHH Một Thành Viên ABC",
		"short_name":   "ABC Corp",
		"role":         role,
		"status":       "active",
		"subscription": "Premium",
		"begin_date":   "2023-01-01",
		"end_date":     "2023-12-31",
		"configurations": map[string]any{
			"bank_sub_account":  true,
			"paycode":           true,
			"data_storage_time": "90",
			"payment_code_formats": []any{map[string]any{
				"prefix": "DH", "suffix_from": int64(6), "suffix_to": int64(8), "character_type": "NumberOnly", "is_active": true,
			}},
		},
	}
}
