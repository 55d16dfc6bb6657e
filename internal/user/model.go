package user

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay"
	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/tfvalue"
)

// userModel has Terraform's values of the user. Keys that SePay did not return are null.
type userModel struct {
	ID        types.Int64  `tfsdk:"id"`
	FirstName types.String `tfsdk:"first_name"`
	LastName  types.String `tfsdk:"last_name"`
	Email     types.String `tfsdk:"email"`
	Phone     types.String `tfsdk:"phone"`
	Avatar    types.String `tfsdk:"avatar"`
}

func newModel(user sepay.User) userModel {
	return userModel{
		ID:        types.Int64Value(user.ID),
		FirstName: tfvalue.String(user.FirstName),
		LastName:  tfvalue.String(user.LastName),
		Email:     tfvalue.String(user.Email),
		Phone:     tfvalue.String(user.Phone),
		Avatar:    tfvalue.String(user.Avatar),
	}
}
