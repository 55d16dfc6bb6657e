package acctest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Action is the action of a plan.
type Action string

// The actions that Terraform knows for one resource.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Delete  Action = "delete"
	Replace Action = "replace"
)

// Plan is the plan for one resource.
type Plan struct {
	TypeName string
	Action   Action
	// Prior is the instance that the plan starts from, nil for none.
	Prior *Instance
	// Config is the configuration that was planned, nil for a destroy plan.
	Config map[string]any
	// Values are the planned attributes, some of them Unknown; nil for a destroy plan.
	Values map[string]any
	// ReplacedBy lists the changed attributes that force a replacement.
	ReplacedBy []string

	private  []byte
	identity map[string]any
}

// Changes lists, sorted, the attributes that the plan changes, those that become unknown included.
func (p *Plan) Changes() []string {
	var changed []string

	for name, value := range p.Values {
		if !reflect.DeepEqual(value, p.Prior.values()[name]) {
			changed = append(changed, name)
		}
	}

	slices.Sort(changed)

	return changed
}

// ValidateResource checks a configuration, as `terraform validate` does.
func (s *Server) ValidateResource(typeName string, config map[string]any) Diagnostics {
	s.tb.Helper()

	response, err := s.rpc.ValidateResourceConfig(s.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: s.encodeBlock(s.resourceSchema(typeName), config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: s.writeOnly},
	})
	if err != nil {
		s.tb.Fatalf("ValidateResourceConfig %s: %v", typeName, err)
	}

	return diagnosticsOf(response.Diagnostics)
}

// Plan plans the change from prior, nil for none, to config, nil for a destroy. It validates first and does not refresh:
// call Read for that. The plan is nil when there are errors.
func (s *Server) Plan(typeName string, prior *Instance, config map[string]any) (*Plan, Diagnostics) {
	s.tb.Helper()

	var diagnostics Diagnostics

	if config != nil {
		diagnostics = s.ValidateResource(typeName, config)
		if diagnostics.HasErrors() {
			return nil, diagnostics
		}
	}

	// Terraform plans a tainted instance as if there were none, and turns that into a replacement.
	start := prior
	if prior != nil && prior.Tainted && config != nil {
		start = nil
	}

	plan, fromPlan := s.plan(typeName, start, config)
	diagnostics = append(diagnostics, fromPlan...)

	if plan == nil {
		return nil, diagnostics
	}

	if len(plan.ReplacedBy) > 0 {
		replacedBy := plan.ReplacedBy

		plan, fromPlan = s.plan(typeName, nil, config)
		diagnostics = append(diagnostics, fromPlan...)

		if plan == nil {
			return nil, diagnostics
		}

		plan.ReplacedBy = replacedBy
	}

	plan.Prior = prior
	if plan.Action == Create && prior != nil {
		plan.Action = Replace
	}

	return plan, diagnostics
}

// plan calls the provider once. The plan is nil if there are errors.
func (s *Server) plan(typeName string, prior *Instance, config map[string]any) (*Plan, Diagnostics) {
	s.tb.Helper()

	schema := s.resourceSchema(typeName)
	encodedPrior, priorValues := s.encode(schema.ValueType(), prior.values())
	encodedConfig, configValues := s.encode(schema.ValueType(), config)
	proposed, _ := s.encode(schema.ValueType(), proposedNew(schema.Block.Attributes, priorValues, configValues))

	response, err := s.rpc.PlanResourceChange(s.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName:           typeName,
		PriorState:         encodedPrior,
		ProposedNewState:   proposed,
		Config:             encodedConfig,
		PriorPrivate:       prior.private(),
		PriorIdentity:      s.encodeIdentity(typeName, prior.identity()),
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{},
	})
	if err != nil {
		s.tb.Fatalf("PlanResourceChange %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(response.Diagnostics)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	plan := &Plan{
		TypeName: typeName, Prior: prior, Config: config, private: response.PlannedPrivate,
		Values: s.decode(schema.ValueType(), response.PlannedState), Action: NoOp,
	}

	// A new object has no identity that could change.
	plan.identity = s.decodeIdentity(typeName, response.PlannedIdentity)
	violations := planViolations(schema.Block.Attributes, priorValues, configValues, plan.Values)

	if config != nil {
		violations = append(violations, identityViolations(prior.identity(), plan.identity)...)
	}

	s.refuse("PlanResourceChange "+typeName, violations)

	switch {
	case config == nil:
		plan.Action = Delete
	case prior == nil:
		plan.Action = Create
	case len(plan.Changes()) > 0:
		plan.Action = Update
	}

	for _, path := range response.RequiresReplace {
		name := pathText(path)
		if plan.Action == Update && slices.Contains(plan.Changes(), name) {
			plan.ReplacedBy = append(plan.ReplacedBy, name)
		}
	}

	return plan, diagnostics
}

// proposedNew merges configuration and prior state by core's rule for attributes without nesting: computed
// attributes that the configuration omits keep their prior values, all others are as configured.
func proposedNew(attributes []*tfprotov6.SchemaAttribute, prior, config map[string]any) map[string]any {
	if config == nil {
		return nil
	}

	proposed := make(map[string]any, len(attributes))

	for _, attribute := range attributes {
		value := config[attribute.Name]
		if attribute.Computed && isNull(value) {
			value = prior[attribute.Name]
		}

		proposed[attribute.Name] = value
	}

	return proposed
}

// planViolations lists where a plan departs from the configuration in a way that core does not allow: the planned value
// must be the configured one, or the prior one if something is configured, or anything if the provider computes it.
func planViolations(attributes []*tfprotov6.SchemaAttribute, prior, config, planned map[string]any) []string {
	if (config == nil) != (planned == nil) {
		return []string{fmt.Sprintf("planned %v for the configuration %v", planned, config)}
	}

	var violations []string

	for _, attribute := range attributes {
		name := attribute.Name
		configured, value := config[name], planned[name]
		keepsPrior := prior != nil && !isNull(prior[name]) && !isNull(configured) && reflect.DeepEqual(value, prior[name])

		switch {
		case attribute.WriteOnly:
			if !isNull(value) {
				violations = append(violations, name+": a write-only value was planned")
			}
		case reflect.DeepEqual(value, configured), keepsPrior, attribute.Computed && isNull(configured):
		default:
			violations = append(violations, fmt.Sprintf("%s: planned %s, which is neither the configured nor the prior value",
				name, show(attribute, value)))
		}
	}

	return violations
}

// show formats a value for a message, unless it is a secret.
func show(attribute *tfprotov6.SchemaAttribute, value any) string {
	if attribute.Sensitive || attribute.WriteOnly {
		return "(sensitive value)"
	}

	return fmt.Sprintf("%#v", value)
}
