package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	metavalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	groups "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/apimachinery/pkg/util/yaml"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

// resource is a served version of a CRD.
type resource struct {
	namespaced bool
	validator  validation.SchemaValidator
	structural *schema.Structural
	cel        *cel.Validator
}

// resources are the custom resources that a cluster serves.
type resources struct {
	byKind map[groups.GroupVersionKind]resource
}

func newResources(files []string) (*resources, error) {
	all := &resources{byKind: map[groups.GroupVersionKind]resource{}}
	for _, file := range files {
		if err := all.addFile(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return all, nil
}

func (r *resources) addFile(file string) error {
	reader, err := os.Open(file)
	if err != nil {
		return err
	}
	defer reader.Close()
	decoder := yaml.NewYAMLOrJSONDecoder(reader, 1<<20)
	for {
		var external v1.CustomResourceDefinition
		if err := decoder.Decode(&external); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if external.Kind != "CustomResourceDefinition" {
			continue
		}
		for _, version := range external.Spec.Versions {
			if err := r.addVersion(&external, version); err != nil {
				return fmt.Errorf("%s %s: %w", external.Name, version.Name, err)
			}
		}
	}
}

func (r *resources) addVersion(definition *v1.CustomResourceDefinition, version v1.CustomResourceDefinitionVersion) error {
	if !version.Served {
		return nil
	}
	var internal apiextensions.JSONSchemaProps
	if err := v1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(version.Schema.OpenAPIV3Schema, &internal, nil); err != nil {
		return err
	}
	validator, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return err
	}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return err
	}
	kind := groups.GroupVersionKind{Group: definition.Spec.Group, Version: version.Name, Kind: definition.Spec.Names.Kind}
	r.byKind[kind] = resource{
		namespaced: definition.Spec.Scope == v1.NamespaceScoped,
		validator:  validator,
		structural: structural,
		cel:        cel.NewValidator(structural, true, celconfig.PerCallLimit),
	}
	return nil
}

// admit reads an object as the API server does, without null and with defaults, and says why it is refused, if it is. The
// order is that of a strict request to create an object: unknown fields, metadata, schema, list types, CEL rules.
func (r *resources) admit(text []byte) (admitted []byte, refusal string, err error) {
	var object unstructured.Unstructured
	if err := json.Unmarshal(text, &object.Object); err != nil {
		return nil, "", err
	}
	found, ok := r.byKind[object.GroupVersionKind()]
	if !ok {
		return nil, fmt.Sprintf("no matches for kind %q in version %q", object.GetKind(), object.GetAPIVersion()), nil
	}
	options := schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	for _, path := range pruning.PruneWithOptions(object.DeepCopy().Object, found.structural, true, options) {
		if !strings.HasPrefix(path, "metadata.") {
			return nil, fmt.Sprintf("unknown field %q", path), nil
		}
	}
	defaulting.PruneNonNullableNullsWithoutDefaults(object.Object, found.structural)
	defaulting.Default(object.Object, found.structural)
	errs := metavalidation.ValidateObjectMetaAccessor(&object, found.namespaced, metavalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	errs = append(errs, validation.ValidateCustomResource(nil, object.Object, found.validator)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, found.structural, object.Object)...)
	if len(errs) == 0 && found.cel != nil {
		rules, _ := found.cel.Validate(context.Background(), nil, found.structural, object.Object, nil, celconfig.RuntimeCELCostBudget)
		errs = append(errs, rules...)
	}
	if len(errs) > 0 {
		return nil, errs.ToAggregate().Error(), nil
	}
	admitted, err = json.Marshal(object.Object)
	return admitted, "", err
}
