// Package validation is compiled into Istio's package of that name when its tests are run to collect their documents.
package validation

import (
	"encoding/json"
	"os"
	"sync"

	"google.golang.org/protobuf/proto"

	networking "istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/util/protomarshal"
)

// recorded is a document that a test has asked about.
type recorded struct {
	Kind        string            `json:"kind"`
	Name        string            `json:"name"`
	Namespace   string            `json:"namespace"`
	Labels      map[string]string `json:"labels,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Spec        json.RawMessage   `json:"spec"`
}

var recording sync.Mutex

// RecordConfig writes a document that a test asks a validation function about.
func RecordConfig(cfg config.Config) {
	spec, ok := cfg.Spec.(proto.Message)
	if !ok || cfg.Spec == nil {
		return
	}
	write(recorded{Name: cfg.Name, Namespace: cfg.Namespace, Labels: cfg.Labels, Annotations: cfg.Annotations}, spec)
}

// write leaves out what JSON cannot say, such as a nil in a list.
func write(document recorded, spec proto.Message) {
	defer func() { _ = recover() }()
	text, err := protomarshal.Marshal(spec)
	if err != nil {
		return
	}
	document.Kind = string(spec.ProtoReflect().Descriptor().Name())
	document.Spec = text
	line, err := json.Marshal(document)
	if err != nil {
		return
	}
	recording.Lock()
	defer recording.Unlock()
	file, err := os.OpenFile(os.Getenv("RECORDED_DOCUMENTS"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer file.Close()
	if _, err := file.Write(append(line, '\n')); err != nil {
		panic(err)
	}
}

// Tests ask about parts of documents, too; these put a part into a document that is right but for it.

func recordHTTPRoute(route *networking.HTTPRoute, delegate bool) {
	service := &networking.VirtualService{Http: []*networking.HTTPRoute{route}}
	if !delegate {
		service.Hosts = []string{"foo.bar"}
	}
	write(recorded{Name: "part"}, service)
}

func recordRoute(change func(route *networking.HTTPRoute)) {
	route := &networking.HTTPRoute{Route: []*networking.HTTPRouteDestination{{Destination: &networking.Destination{Host: "foo.bar"}}}}
	change(route)
	recordHTTPRoute(route, false)
}

func recordServer(server *networking.Server) {
	write(recorded{Name: "part"}, &networking.Gateway{Servers: []*networking.Server{server}})
}

func recordServerTLS(tls *networking.ServerTLSSettings) {
	port := &networking.Port{Number: 443, Name: "https", Protocol: "HTTPS"}
	recordServer(&networking.Server{Hosts: []string{"foo.bar"}, Port: port, Tls: tls})
}

func recordTrafficPolicy(policy *networking.TrafficPolicy) {
	write(recorded{Name: "part"}, &networking.DestinationRule{Host: "foo.bar", TrafficPolicy: policy})
}
