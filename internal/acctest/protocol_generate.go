package acctest

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// GenerateConfig writes the configuration of an imported instance, as `terraform plan -generate-config-out` does.
func (s *Server) GenerateConfig(typeName string, instance *Instance) (map[string]any, Diagnostics) {
	s.tb.Helper()

	schema := s.resourceSchema(typeName)
	state, _ := s.encode(schema.ValueType(), instance.values())

	response, err := s.rpc.GenerateResourceConfig(s.ctx, &tfprotov6.GenerateResourceConfigRequest{
		TypeName: typeName, State: state,
	})
	if err != nil {
		s.tb.Fatalf("GenerateResourceConfig %s: %v", typeName, err)
	}

	return s.decode(schema.ValueType(), response.Config), diagnosticsOf(response.Diagnostics)
}
