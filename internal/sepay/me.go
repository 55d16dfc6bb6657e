package sepay

import (
	"context"

	"github.com/terraform-provider-sepay/terraform-provider-sepay/internal/sepay/wire"
)

func me() endpoint[User] {
	return endpoint[User]{path: "/me", scope: ScopeProfile, name: "user", decode: decodeUser}
}

// User is the user who authorized the client. Source: GET /api/v1/me.
type User struct {
	ID        int64
	FirstName Field[string]
	LastName  Field[string]
	Email     Field[string]
	Phone     Field[string]
	Avatar    Field[string]
}

// Me returns the user who authorized the client. A client reads it once.
func (c *Client) Me(ctx context.Context) (User, error) {
	if c.disableCoalescing {
		return c.readMe(ctx)
	}

	return c.me.Get(ctx)
}

func (c *Client) readMe(ctx context.Context) (User, error) {
	return me().only(ctx, c)
}

func decodeUser(o *wire.Object) User {
	return User{
		ID:        o.ID(),
		FirstName: o.Text("first_name"),
		LastName:  o.Text("last_name"),
		Email:     o.Text("email"),
		Phone:     o.Text("phone"),
		Avatar:    o.Text("avatar"),
	}
}
