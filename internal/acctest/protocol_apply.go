package acctest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Apply applies a plan. config is the final configuration without unknown values; nil is the planned one. It returns the
// instance in the state afterwards, also with errors.
func (s *Server) Apply(plan *Plan, config map[string]any) (*Instance, Diagnostics) {
	s.tb.Helper()

	if config == nil {
		config = plan.Config
	}

	if hasUnknown(config) {
		s.tb.Fatalf("the configuration of %s is still unknown at apply", plan.TypeName)
	}

	if plan.Action == NoOp {
		return plan.Prior, nil
	}

	if plan.Action == Delete {
		return s.apply(plan, nil)
	}

	if plan.Action != Replace {
		final, diagnostics := s.finalPlan(plan, plan.Prior, config)
		if final == nil {
			return plan.Prior, diagnostics
		}

		instance, applied := s.apply(final, config)

		return instance, append(diagnostics, applied...)
	}

	return s.replace(plan, config)
}

// replace destroys before it creates, which is Terraform's default order.
func (s *Server) replace(plan *Plan, config map[string]any) (*Instance, Diagnostics) {
	s.tb.Helper()

	destroy, diagnostics := s.plan(plan.TypeName, plan.Prior, nil)
	if destroy == nil {
		return plan.Prior, diagnostics
	}

	left, applied := s.apply(destroy, nil)
	diagnostics = append(diagnostics, applied...)

	if applied.HasErrors() {
		return left, diagnostics
	}

	final, planned := s.finalPlan(plan, nil, config)
	diagnostics = append(diagnostics, planned...)

	if final == nil {
		return nil, diagnostics
	}

	instance, applied := s.apply(final, config)

	return instance, append(diagnostics, applied...)
}

// finalPlan plans again with the final configuration, as Terraform does right before it applies, and checks that it
// matches the first plan. It is nil if there are errors.
func (s *Server) finalPlan(first *Plan, prior *Instance, config map[string]any) (*Plan, Diagnostics) {
	s.tb.Helper()

	final, diagnostics := s.plan(first.TypeName, prior, config)
	if final == nil {
		return nil, diagnostics
	}

	s.refuse("the second PlanResourceChange "+first.TypeName,
		incompatibilities(s.resourceSchema(first.TypeName).Block.Attributes, first.Values, final.Values))

	return final, diagnostics
}

func (s *Server) apply(plan *Plan, config map[string]any) (*Instance, Diagnostics) {
	s.tb.Helper()

	schema := s.resourceSchema(plan.TypeName)
	encodedPrior, _ := s.encode(schema.ValueType(), plan.Prior.values())
	encodedConfig, _ := s.encode(schema.ValueType(), config)
	planned, _ := s.encode(schema.ValueType(), plan.Values)

	response, err := s.rpc.ApplyResourceChange(s.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        plan.TypeName,
		PriorState:      encodedPrior,
		PlannedState:    planned,
		Config:          encodedConfig,
		PlannedPrivate:  plan.private,
		PlannedIdentity: s.encodeIdentity(plan.TypeName, plan.identity),
	})
	if err != nil {
		s.tb.Fatalf("ApplyResourceChange %s: %v", plan.TypeName, err)
	}

	diagnostics := diagnosticsOf(response.Diagnostics)
	values := s.decode(schema.ValueType(), response.NewState)
	s.refuse("ApplyResourceChange "+plan.TypeName,
		s.applyViolations(schema.Block.Attributes, plan, values, response, diagnostics.HasErrors()))

	if values == nil {
		// Terraform keeps the prior state if a provider fails without returning a new one.
		if diagnostics.HasErrors() {
			return plan.Prior, diagnostics
		}

		return nil, diagnostics
	}

	return &Instance{
		Values: values, Private: response.Private, Identity: s.decodeIdentity(plan.TypeName, response.NewIdentity),
		Tainted: plan.Prior == nil && diagnostics.HasErrors(),
	}, diagnostics
}

func (s *Server) applyViolations(attributes []*tfprotov6.SchemaAttribute, plan *Plan, values map[string]any,
	response *tfprotov6.ApplyResourceChangeResponse, failed bool,
) []string {
	s.tb.Helper()

	// Unknown values are refused even from a provider that has failed.
	violations := stateViolations(attributes, values)
	if failed {
		return violations
	}

	if plan.Values == nil || values == nil {
		if (plan.Values == nil) != (values == nil) {
			violations = append(violations, fmt.Sprintf("%s left the state %v", plan.Action, values))
		}

		return violations
	}

	identity := s.decodeIdentity(plan.TypeName, response.NewIdentity)

	return slices.Concat(violations, incompatibilities(attributes, plan.Values, values),
		identityViolations(plan.Prior.identity(), identity))
}

// incompatibilities lists the attributes whose values differ from the planned ones. An attribute that was planned as unknown
// may have any value.
func incompatibilities(attributes []*tfprotov6.SchemaAttribute, planned, got map[string]any) []string {
	var violations []string

	for _, attribute := range attributes {
		promised, value := planned[attribute.Name], got[attribute.Name]
		if !hasUnknown(promised) && !reflect.DeepEqual(promised, value) {
			violations = append(violations, fmt.Sprintf("%s: planned %s, got %s",
				attribute.Name, show(attribute, promised), show(attribute, value)))
		}
	}

	return violations
}
