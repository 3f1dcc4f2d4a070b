package main

import (
	"encoding/json"
	"io"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// types are the message types that istiod knows, for EnvoyFilters: their patches hold messages as JSON.
type types struct {
	// Messages are fields by message: the type of a field is a scalar, a message or an enum, with [] for a list, and
	// {key} for a map.
	Messages map[string]map[string]string `json:"messages"`
	// Enums are names of values by enum.
	Enums map[string][]string `json:"enums"`
}

// writeTypes writes what istiod has linked; the order of keys is fixed, so that equal types give equal bytes.
func writeTypes(out io.Writer) error {
	all := types{Messages: map[string]map[string]string{}, Enums: map[string][]string{}}
	protoregistry.GlobalTypes.RangeMessages(func(message protoreflect.MessageType) bool {
		all.add(message.Descriptor())
		return true
	})
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(all)
}

func (t *types) add(message protoreflect.MessageDescriptor) {
	name := string(message.FullName())
	if message.IsMapEntry() || !isEnvoy(name) {
		return
	}
	fields := map[string]string{}
	for i := range message.Fields().Len() {
		field := message.Fields().Get(i)
		fields[string(field.Name())] = t.typeOf(field)
	}
	t.Messages[name] = fields
}

func (t *types) typeOf(field protoreflect.FieldDescriptor) string {
	if field.IsMap() {
		return t.typeOf(field.MapValue()) + "{" + field.MapKey().Kind().String() + "}"
	}
	name := field.Kind().String()
	if message := field.Message(); message != nil {
		name = string(message.FullName())
	}
	if enum := field.Enum(); enum != nil {
		name = string(enum.FullName())
		values := []string{}
		for i := range enum.Values().Len() {
			values = append(values, string(enum.Values().Get(i).Name()))
		}
		t.Enums[name] = values
	}
	if field.IsList() {
		name += "[]"
	}
	return name
}

// isEnvoy leaves out what the build links besides: Kubernetes, gRPC, Istio's own API.
func isEnvoy(message string) bool {
	switch root, _, _ := strings.Cut(message, "."); root {
	case "cel", "envoy", "google", "opentelemetry", "udpa", "xds":
		return true
	default:
		return strings.HasPrefix(message, "istio.envoy.")
	}
}
