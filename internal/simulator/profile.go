package simulator

import (
	"maps"
	"net/http"
)

// userID is the id of the user in the published sample.
const userID = 1234

func sampleUser() map[string]any {
	return map[string]any{
		"id":         int64(userID),
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

// ChangeUser changes keys of what /me answers; nil is null.
func (s *Simulator) ChangeUser(changes map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()

	maps.Copy(s.user, changes)
}

// ChangeCompany changes keys of what /company answers; nil is null. The key role decides who may read the company at all:
// "Admin" and "SuperAdmin".
func (s *Simulator) ChangeCompany(changes map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()

	maps.Copy(s.company, changes)
}

func readMe(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	return success(http.StatusOK, s.user, c.dialect)
}

func readCompany(s *Simulator, c *call) answer {
	s.mu.Lock()
	defer s.mu.Unlock()

	if role := s.company["role"]; role != "Admin" && role != "SuperAdmin" {
		return forbidden()
	}

	return success(http.StatusOK, s.company, c.dialect)
}
