package main

import (
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/util"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/network"
)

// Proxy is one Envoy that asks istiod for its configuration.
type Proxy struct {
	Name           string            `json:"name"`
	Namespace      string            `json:"namespace"`
	IP             string            `json:"ip"`
	Gateway        bool              `json:"gateway"`
	ServiceAccount string            `json:"serviceAccount"`
	Labels         map[string]string `json:"labels"`
	DNSCapture     bool              `json:"dnsCapture"`
	Locality       string            `json:"locality"`
	Network        string            `json:"network"`
}

// Pushed is what a proxy is sent, in the normal form that the comparison reads.
type Pushed struct {
	Listeners []Listener            `json:"listeners"`
	Routes    map[string][]VHost    `json:"routes"`
	Clusters  map[string]Cluster    `json:"clusters"`
	Endpoints map[string][]Endpoint `json:"endpoints"`
}

func pushTo(server *xds.FakeDiscoveryServer, p Proxy) Pushed {
	node := server.SetupProxy(&model.Proxy{
		Type:            proxyType(p),
		Locality:        util.ConvertLocality(p.Locality),
		ID:              p.Name + "." + p.Namespace,
		ConfigNamespace: p.Namespace,
		IPAddresses:     []string{p.IP},
		Labels:          p.Labels,
		Metadata: &model.NodeMetadata{
			Namespace:      p.Namespace,
			Labels:         p.Labels,
			ServiceAccount: p.ServiceAccount,
			ClusterID:      "Kubernetes",
			Network:        network.ID(p.Network),
			IstioVersion:   "1.31.0",
			DNSCapture:     model.StringBool(p.DNSCapture),
		},
	})
	pushed := Pushed{Routes: map[string][]VHost{}, Clusters: map[string]Cluster{}, Endpoints: map[string][]Endpoint{}}
	listeners := server.Listeners(node)
	for _, l := range listeners {
		pushed.Listeners = append(pushed.Listeners, normalListener(l))
	}
	for _, r := range server.RoutesFromListeners(node, listeners) {
		// asked a second time for the routes of a sniffed port, the test server has none any more
		if _, has := pushed.Routes[r.Name]; !has {
			pushed.Routes[r.Name] = normalVHosts(r)
		}
	}
	for _, c := range server.Clusters(node) {
		pushed.Clusters[c.Name] = normalCluster(c)
	}
	for _, e := range server.Endpoints(node) {
		pushed.Endpoints[e.ClusterName] = normalEndpoints(e)
	}
	return pushed
}

func proxyType(p Proxy) model.NodeType {
	if p.Gateway {
		return model.Router
	}
	return model.SidecarProxy
}
