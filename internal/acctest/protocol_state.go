package acctest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Instance is one resource in Terraform's state. A nil instance does not exist.
type Instance struct {
	// Values are the attributes.
	Values map[string]any
	// Private is the provider's own state, opaque here.
	Private []byte
	// Identity is nil when the tool stores none.
	Identity map[string]any
	// Tainted instances are replaced by the next plan. Terraform taints what was created with an error.
	Tainted bool
}

// values returns the attributes, nil for an instance that does not exist.
func (i *Instance) values() map[string]any {
	if i == nil {
		return nil
	}

	return i.Values
}

func (i *Instance) private() []byte {
	if i == nil {
		return nil
	}

	return i.Private
}

func (i *Instance) identity() map[string]any {
	if i == nil {
		return nil
	}

	return i.Identity
}

// Read refreshes an instance, as plan and apply do first. It returns nil if the resource no longer exists, and the
// unchanged instance if there are errors.
func (s *Server) Read(typeName string, instance *Instance) (*Instance, Diagnostics) {
	s.tb.Helper()

	upgraded, diagnostics := s.upgrade(typeName, instance)
	if diagnostics.HasErrors() {
		return instance, diagnostics
	}

	return s.read(typeName, upgraded)
}

func (s *Server) read(typeName string, instance *Instance) (*Instance, Diagnostics) {
	s.tb.Helper()

	schema := s.resourceSchema(typeName)
	current, _ := s.encode(schema.ValueType(), instance.Values)

	response, err := s.rpc.ReadResource(s.ctx, &tfprotov6.ReadResourceRequest{
		TypeName:           typeName,
		CurrentState:       current,
		Private:            instance.Private,
		CurrentIdentity:    s.encodeIdentity(typeName, instance.Identity),
		ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{},
	})
	if err != nil {
		s.tb.Fatalf("ReadResource %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(response.Diagnostics)
	if diagnostics.HasErrors() {
		return instance, diagnostics
	}

	values := s.decode(schema.ValueType(), response.NewState)
	if values == nil {
		return nil, diagnostics
	}

	read := &Instance{
		Values: values, Private: response.Private, Tainted: instance.Tainted,
		Identity: s.decodeIdentity(typeName, response.NewIdentity),
	}

	s.refuse("ReadResource "+typeName, slices.Concat(
		stateViolations(schema.Block.Attributes, values), identityViolations(instance.Identity, read.Identity)))

	return read, diagnostics
}

// upgrade passes the state to UpgradeResourceState in the form of the state file.
func (s *Server) upgrade(typeName string, instance *Instance) (*Instance, Diagnostics) {
	s.tb.Helper()

	if instance == nil {
		s.tb.Fatalf("there is no instance of %s to read", typeName)
	}

	stored, err := json.Marshal(instance.Values)
	if err != nil {
		s.tb.Fatalf("write the state of %s: %v", typeName, err)
	}

	values, diagnostics := s.UpgradeState(typeName, s.resourceSchema(typeName).Version, stored)
	upgraded := *instance
	upgraded.Values = values

	return &upgraded, diagnostics
}

// UpgradeState passes a state of a schema version to the provider, in the form of the state file, and returns the values
// of the current version.
func (s *Server) UpgradeState(typeName string, version int64, stored []byte) (map[string]any, Diagnostics) {
	s.tb.Helper()

	response, err := s.rpc.UpgradeResourceState(s.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, Version: version, RawState: &tfprotov6.RawState{JSON: stored},
	})
	if err != nil {
		s.tb.Fatalf("UpgradeResourceState %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(response.Diagnostics)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	return s.decode(s.resourceSchema(typeName).ValueType(), response.UpgradedState), diagnostics
}

// Import imports by id, as `terraform import` does: the provider returns a first state, which is then read.
func (s *Server) Import(typeName, id string) (*Instance, Diagnostics) {
	s.tb.Helper()

	return s.importState(typeName, &tfprotov6.ImportResourceStateRequest{ID: id})
}

// ImportIdentity imports by identity, as an import block can.
func (s *Server) ImportIdentity(typeName string, identity map[string]any) (*Instance, Diagnostics) {
	s.tb.Helper()

	return s.importState(typeName, &tfprotov6.ImportResourceStateRequest{Identity: s.encodeIdentity(typeName, identity)})
}

func (s *Server) importState(typeName string, request *tfprotov6.ImportResourceStateRequest) (*Instance, Diagnostics) {
	s.tb.Helper()

	schema := s.resourceSchema(typeName)
	request.TypeName = typeName
	request.ClientCapabilities = &tfprotov6.ImportResourceStateClientCapabilities{}

	response, err := s.rpc.ImportResourceState(s.ctx, request)
	if err != nil {
		s.tb.Fatalf("ImportResourceState %s: %v", typeName, err)
	}

	diagnostics := diagnosticsOf(response.Diagnostics)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}

	if len(response.ImportedResources) != 1 || response.ImportedResources[0].TypeName != typeName {
		s.tb.Fatalf("ImportResourceState returned %d resources, want one %s", len(response.ImportedResources), typeName)
	}

	first := response.ImportedResources[0]
	values := s.decode(schema.ValueType(), first.State)

	if values == nil {
		s.tb.Fatalf("ImportResourceState %s returned no state", typeName)
	}

	imported := &Instance{
		Values: values, Private: first.Private, Identity: s.decodeIdentity(typeName, first.Identity),
	}

	read, fromRead := s.read(typeName, imported)
	diagnostics = append(diagnostics, fromRead...)

	if fromRead.HasErrors() {
		return nil, diagnostics
	}

	if read == nil {
		diagnostics = append(diagnostics, Diagnostic{
			Error: true, Summary: "Cannot import non-existent remote object",
			Detail: "This is Terraform's own message when the read after an import finds nothing.",
		})
	}

	return read, diagnostics
}

func (s *Server) encodeIdentity(typeName string, identity map[string]any) *tfprotov6.ResourceIdentityData {
	s.tb.Helper()

	schema, ok := s.identities[typeName]
	if !ok || !s.identity || identity == nil {
		return nil
	}

	encoded, _ := s.encode(schema.ValueType(), identity)

	return &tfprotov6.ResourceIdentityData{IdentityData: encoded}
}

func (s *Server) decodeIdentity(typeName string, sent *tfprotov6.ResourceIdentityData) map[string]any {
	s.tb.Helper()

	schema, ok := s.identities[typeName]
	if !ok || !s.identity || sent == nil {
		return nil
	}

	return s.decode(schema.ValueType(), sent.IdentityData)
}

// stateViolations lists the values that no state may have: unknown and write-only values.
func stateViolations(attributes []*tfprotov6.SchemaAttribute, values map[string]any) []string {
	var violations []string

	for _, attribute := range attributes {
		value := values[attribute.Name]

		if hasUnknown(value) {
			violations = append(violations, attribute.Name+": still unknown")
		}

		if attribute.WriteOnly && !isNull(value) {
			violations = append(violations, attribute.Name+": a write-only value was returned for the state")
		}
	}

	return violations
}

// identityViolations lists the changes of an identity.
func identityViolations(prior, identity map[string]any) []string {
	if prior == nil || allNull(prior) || reflect.DeepEqual(prior, identity) {
		return nil
	}

	return []string{fmt.Sprintf("the identity changed from %v to %v", prior, identity)}
}

func allNull(values map[string]any) bool {
	return !slices.ContainsFunc(slices.Collect(maps.Values(values)), func(value any) bool { return value != nil })
}
