package simulator

import "net/http"

func readMe(_ *Simulator, c *call) answer {
	return success(http.StatusOK, map[string]any{
		"id":         int64(userID),
		"first_name": "Đức",
		"last_name":  "Nguyễn Văn",
		"email":      "duc.nguyen@example.com",
		"phone":      "0901234567",
		"avatar":     "https://my.sepay.vn/assets/images/avatars/1234.png",
	}, c.dialect)
}

// userID is the id of the user in the published sample.
const userID = 1234

func readCompany(s *Simulator, c *call) answer {
	s.mu.Lock()
	role := s.role
	s.mu.Unlock()

	if role != "Admin" && role != "SuperAdmin" {
		return refusal(http.StatusForbidden, "You do not have permission to access this resource")
	}

	return success(http.StatusOK, map[string]any{
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
	}, c.dialect)
}
