package acctest

import "reflect"

// Managed is one resource of a configuration together with its state, for tests that go through several commands.
type Managed struct {
	// Instance is the instance in the state, nil if there is none.
	Instance *Instance

	server   *Server
	typeName string
}

// Manage begins with an empty state.
func (s *Server) Manage(typeName string) *Managed {
	return &Managed{server: s, typeName: typeName}
}

// On returns the same resource and state under another server, as a later command has another provider process.
func (m *Managed) On(server *Server) *Managed {
	return &Managed{Instance: m.Instance, server: server, typeName: m.typeName}
}

// Value returns an attribute of the state, nil when there is no state.
func (m *Managed) Value(attribute string) any { return m.Instance.values()[attribute] }

// Refresh reads the resource and updates the state, as `terraform apply -refresh-only` does.
func (m *Managed) Refresh() Diagnostics {
	m.server.tb.Helper()

	if m.Instance == nil {
		return nil
	}

	instance, diagnostics := m.server.Read(m.typeName, m.Instance)
	if !diagnostics.HasErrors() {
		m.Instance = instance
	}

	return diagnostics
}

// Plan refreshes and plans as `terraform plan` does; a nil config plans a destroy. The state does not change. The plan
// is nil when there are errors.
func (m *Managed) Plan(config map[string]any) (*Plan, Diagnostics) {
	m.server.tb.Helper()

	refreshed := &Managed{Instance: m.Instance, server: m.server, typeName: m.typeName}

	diagnostics := refreshed.Refresh()
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	if config == nil && refreshed.Instance == nil {
		return &Plan{TypeName: m.typeName, Action: NoOp}, diagnostics
	}

	plan, planned := m.server.Plan(m.typeName, refreshed.Instance, config)

	return plan, append(diagnostics, planned...)
}

// Apply refreshes, plans and applies, as `terraform apply` does, and keeps the state, also after an error.
func (m *Managed) Apply(config map[string]any) Diagnostics {
	m.server.tb.Helper()

	plan, diagnostics := m.Plan(config)
	if plan == nil {
		return diagnostics
	}

	return append(diagnostics, m.ApplyPlan(plan, config)...)
}

// ApplyPlan applies a plan with the final configuration, as `terraform apply FILE` does, and keeps the state.
func (m *Managed) ApplyPlan(plan *Plan, config map[string]any) Diagnostics {
	m.server.tb.Helper()

	instance, diagnostics := m.server.Apply(plan, config)
	m.Instance = instance

	return diagnostics
}

// Destroy is `terraform destroy`.
func (m *Managed) Destroy() Diagnostics {
	m.server.tb.Helper()

	return m.Apply(nil)
}

// Import imports the object with an id into the state.
func (m *Managed) Import(id string) Diagnostics {
	m.server.tb.Helper()

	instance, diagnostics := m.server.Import(m.typeName, id)
	m.Instance = instance

	return diagnostics
}

// MustApply is Apply that fails the test on an error. It returns the warnings.
func (m *Managed) MustApply(config map[string]any) Diagnostics {
	m.server.tb.Helper()

	diagnostics := m.Apply(config)
	if diagnostics.HasErrors() {
		m.server.tb.Fatalf("apply of %s failed:\n%s", m.typeName, diagnostics)
	}

	return diagnostics
}

// MustPlanEmpty fails the test unless a plan of config has nothing to do.
func (m *Managed) MustPlanEmpty(config map[string]any) {
	m.server.tb.Helper()

	plan, diagnostics := m.Plan(config)
	if diagnostics.HasErrors() {
		m.server.tb.Fatalf("plan of %s failed:\n%s", m.typeName, diagnostics)
	}

	if plan.Action != NoOp {
		m.server.tb.Fatalf("plan of %s is not empty: %s of %v", m.typeName, plan.Action, plan.Changes())
	}
}

// MustDestroy destroys and fails the test unless nothing is left in the state.
func (m *Managed) MustDestroy() {
	m.server.tb.Helper()

	if diagnostics := m.Destroy(); diagnostics.HasErrors() {
		m.server.tb.Fatalf("destroy of %s failed:\n%s", m.typeName, diagnostics)
	}

	if m.Instance != nil {
		m.server.tb.Fatalf("destroy of %s left %v in the state", m.typeName, reflect.ValueOf(m.Instance.Values).MapKeys())
	}
}
