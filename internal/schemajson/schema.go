package schemajson

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// errBlock reports nested blocks, which would otherwise be omitted: this provider has only nested attributes.
var errBlock = errors.New("nested blocks are not described")

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type block struct {
	Attributes      map[string]attribute `json:"attributes,omitempty"`
	Description     string               `json:"description,omitempty"`
	DescriptionKind string               `json:"description_kind,omitempty"`
	Deprecated      bool                 `json:"deprecated,omitempty"`
}

type attribute struct {
	Type            tftypes.Type `json:"type,omitempty"`
	NestedType      *nestedType  `json:"nested_type,omitempty"`
	Description     string       `json:"description,omitempty"`
	DescriptionKind string       `json:"description_kind,omitempty"`
	Deprecated      bool         `json:"deprecated,omitempty"`
	Required        bool         `json:"required,omitempty"`
	Optional        bool         `json:"optional,omitempty"`
	Computed        bool         `json:"computed,omitempty"`
	Sensitive       bool         `json:"sensitive,omitempty"`
	WriteOnly       bool         `json:"write_only,omitempty"`
}

type nestedType struct {
	Attributes  map[string]attribute `json:"attributes"`
	NestingMode string               `json:"nesting_mode"`
}

type identitySchema struct {
	Version    int64                        `json:"version"`
	Attributes map[string]identityAttribute `json:"attributes"`
}

type identityAttribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

func describeSchema(from *tfprotov6.Schema) (schema, error) {
	if from == nil || from.Block == nil {
		return schema{}, nil
	}

	if len(from.Block.BlockTypes) > 0 {
		return schema{}, fmt.Errorf("%s: %w", from.Block.BlockTypes[0].TypeName, errBlock)
	}

	attributes, err := describeAttributes(from.Block.Attributes)
	if err != nil {
		return schema{}, err
	}

	return schema{
		Version: from.Version,
		Block: block{
			Attributes:      attributes,
			Description:     from.Block.Description,
			DescriptionKind: descriptionKind(from.Block.DescriptionKind),
			Deprecated:      from.Block.Deprecated,
		},
	}, nil
}

func describeAttributes(from []*tfprotov6.SchemaAttribute) (map[string]attribute, error) {
	attributes := make(map[string]attribute, len(from))

	for _, one := range from {
		nested, err := describeNestedType(one.NestedType)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Name, err)
		}

		attributes[one.Name] = attribute{
			Type:            one.Type,
			NestedType:      nested,
			Description:     one.Description,
			DescriptionKind: descriptionKind(one.DescriptionKind),
			Deprecated:      one.Deprecated,
			Required:        one.Required,
			Optional:        one.Optional,
			Computed:        one.Computed,
			Sensitive:       one.Sensitive,
			WriteOnly:       one.WriteOnly,
		}
	}

	return attributes, nil
}

func describeNestedType(from *tfprotov6.SchemaObject) (*nestedType, error) {
	if from == nil {
		return nil, nil
	}

	attributes, err := describeAttributes(from.Attributes)
	if err != nil {
		return nil, err
	}

	mode, err := nestingMode(from.Nesting)
	if err != nil {
		return nil, err
	}

	return &nestedType{Attributes: attributes, NestingMode: mode}, nil
}

func describeIdentity(from *tfprotov6.ResourceIdentitySchema) identitySchema {
	attributes := make(map[string]identityAttribute, len(from.IdentityAttributes))
	for _, one := range from.IdentityAttributes {
		attributes[one.Name] = identityAttribute{
			Type:              one.Type,
			Description:       one.Description,
			RequiredForImport: one.RequiredForImport,
			OptionalForImport: one.OptionalForImport,
		}
	}

	return identitySchema{Version: from.Version, Attributes: attributes}
}

func nestingMode(mode tfprotov6.SchemaObjectNestingMode) (string, error) {
	switch mode {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return "single", nil
	case tfprotov6.SchemaObjectNestingModeList:
		return "list", nil
	case tfprotov6.SchemaObjectNestingModeSet:
		return "set", nil
	case tfprotov6.SchemaObjectNestingModeMap:
		return "map", nil
	case tfprotov6.SchemaObjectNestingModeInvalid:
	}

	return "", fmt.Errorf("%w: %s", errNestingMode, mode)
}

var errNestingMode = errors.New("unknown nesting mode")

func descriptionKind(kind tfprotov6.StringKind) string {
	if kind == tfprotov6.StringKindMarkdown {
		return "markdown"
	}

	return "plain"
}
