package main

import (
	"fmt"

	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	core "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	endpoint "github.com/envoyproxy/go-control-plane/envoy/config/endpoint/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	upstreamhttp "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
)

// Cluster is an upstream cluster. TLS is what all its endpoints get, AutoTLS only those that say they speak mTLS.
type Cluster struct {
	Type      string     `json:"type"`
	TLS       *TLS       `json:"tls,omitempty"`
	AutoTLS   *TLS       `json:"autoTls,omitempty"`
	HTTP2     bool       `json:"http2,omitempty"`
	AutoSNI   bool       `json:"autoSni,omitempty"`
	AutoSAN   bool       `json:"autoSan,omitempty"`
	Port      uint32     `json:"port,omitempty"`
	Endpoints []Endpoint `json:"endpoints,omitempty"`
}

// TLS is what both directions of a TLS context have in common.
type TLS struct {
	RequireClient bool     `json:"requireClient,omitempty"`
	SNI           string   `json:"sni,omitempty"`
	ALPN          []string `json:"alpn,omitempty"`
	Certificate   string   `json:"certificate,omitempty"`
	CA            string   `json:"ca,omitempty"`
	SANs          []string `json:"sans,omitempty"`
	Min           string   `json:"min,omitempty"`
	Max           string   `json:"max,omitempty"`
	Ciphers       []string `json:"ciphers,omitempty"`
}

// Endpoint is one address of a cluster.
type Endpoint struct {
	Address  string `json:"address"`
	MTLS     bool   `json:"mtls,omitempty"`
	Priority uint32 `json:"priority,omitempty"`
	Weight   uint32 `json:"weight,omitempty"`
}

func normalCluster(c *cluster.Cluster) Cluster {
	n := Cluster{Type: c.GetType().String(), TLS: upstreamTLS(c.TransportSocket)}
	n.Port = c.GetOriginalDstLbConfig().GetUpstreamPortOverride().GetValue()
	for _, m := range c.TransportSocketMatches {
		if m.Name == "tlsMode-istio" {
			n.AutoTLS = upstreamTLS(m.TransportSocket)
		}
	}
	if c.LoadAssignment != nil {
		n.Endpoints = normalEndpoints(c.LoadAssignment)
	}
	options := &upstreamhttp.HttpProtocolOptions{}
	if packed := c.TypedExtensionProtocolOptions["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]; packed != nil {
		if unpack(packed, options) {
			n.HTTP2 = options.GetExplicitHttpConfig().GetHttp2ProtocolOptions() != nil
			n.AutoSNI = options.GetUpstreamHttpProtocolOptions().GetAutoSni()
			n.AutoSAN = options.GetUpstreamHttpProtocolOptions().GetAutoSanValidation()
		}
	}
	return n
}

func upstreamTLS(socket *core.TransportSocket) *TLS {
	upstream := &tlsv3.UpstreamTlsContext{}
	if socket == nil || !unpack(socket.GetTypedConfig(), upstream) {
		return nil
	}
	n := normalTLS(upstream.GetCommonTlsContext())
	n.SNI = upstream.Sni
	return &n
}

func normalTLS(c *tlsv3.CommonTlsContext) TLS {
	params := c.GetTlsParams()
	n := TLS{
		ALPN:    c.GetAlpnProtocols(),
		Min:     params.GetTlsMinimumProtocolVersion().String(),
		Max:     params.GetTlsMaximumProtocolVersion().String(),
		Ciphers: params.GetCipherSuites(),
	}
	for _, s := range c.GetTlsCertificateSdsSecretConfigs() {
		n.Certificate = s.Name
	}
	n.CA = c.GetValidationContextSdsSecretConfig().GetName()
	if combined := c.GetCombinedValidationContext(); combined != nil {
		n.CA = combined.GetValidationContextSdsSecretConfig().GetName()
		for _, m := range combined.GetDefaultValidationContext().GetMatchTypedSubjectAltNames() {
			n.SANs = append(n.SANs, m.GetMatcher().GetExact()+m.GetMatcher().GetPrefix())
		}
		//nolint:staticcheck // istiod still writes the older field
		for _, m := range combined.GetDefaultValidationContext().GetMatchSubjectAltNames() {
			n.SANs = append(n.SANs, m.GetExact()+m.GetPrefix())
		}
	}
	return n
}

func normalEndpoints(assignment *endpoint.ClusterLoadAssignment) []Endpoint {
	all := []Endpoint{}
	for _, locality := range assignment.Endpoints {
		for _, e := range locality.LbEndpoints {
			socket := e.GetEndpoint().GetAddress().GetSocketAddress()
			match := e.GetMetadata().GetFilterMetadata()["envoy.transport_socket_match"]
			all = append(all, Endpoint{
				Address:  fmt.Sprintf("%s:%d", socket.GetAddress(), socket.GetPortValue()),
				MTLS:     match.GetFields()["tlsMode"].GetStringValue() == "istio",
				Priority: locality.Priority,
				Weight:   e.GetLoadBalancingWeight().GetValue(),
			})
		}
	}
	return all
}
