package main

import (
	"fmt"
	"sort"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	rbac "github.com/envoyproxy/go-control-plane/envoy/config/rbac/v3"
	rbachttp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/rbac/v3"
	hcm "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	rbactcp "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/rbac/v3"
	tcpproxy "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/tcp_proxy/v3"
	tlsv3 "github.com/envoyproxy/go-control-plane/envoy/extensions/transport_sockets/tls/v3"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
)

// Listener is one listener: where it listens, its chains, and the chain that is taken when none matches.
type Listener struct {
	Name    string  `json:"name"`
	Address string  `json:"address"`
	Port    uint32  `json:"port"`
	Chains  []Chain `json:"chains"`
	Default *Chain  `json:"default,omitempty"`
}

// Chain is a filter chain: its match, its TLS, its policies and where it leads.
type Chain struct {
	Name      string   `json:"name"`
	Port      uint32   `json:"port,omitempty"`
	Prefixes  []string `json:"prefixes,omitempty"`
	SNI       []string `json:"sni,omitempty"`
	ALPN      []string `json:"alpn,omitempty"`
	Transport string   `json:"transport,omitempty"`
	TLS       *TLS     `json:"tls,omitempty"`
	HTTP      bool     `json:"http,omitempty"`
	RDS       string   `json:"rds,omitempty"`
	VHosts    []VHost  `json:"vhosts,omitempty"`
	Clusters  []Weight `json:"clusters,omitempty"`
	Tunnel    string   `json:"tunnel,omitempty"`
	RBAC      []Rules  `json:"rbac,omitempty"`
}

// Rules is one RBAC filter: its action and the names of its policies.
type Rules struct {
	Action   string   `json:"action"`
	Policies []string `json:"policies"`
}

// Weight is one destination of a split.
type Weight struct {
	Cluster string `json:"cluster"`
	Weight  uint32 `json:"weight"`
}

func normalListener(l *listener.Listener) Listener {
	address := l.GetAddress().GetSocketAddress()
	n := Listener{Name: l.Name, Address: address.GetAddress(), Port: address.GetPortValue()}
	for _, c := range l.FilterChains {
		n.Chains = append(n.Chains, normalChain(c))
	}
	if l.DefaultFilterChain != nil {
		c := normalChain(l.DefaultFilterChain)
		n.Default = &c
	}
	return n
}

func normalChain(c *listener.FilterChain) Chain {
	match := c.GetFilterChainMatch()
	n := Chain{
		Name:      c.GetName(),
		Port:      match.GetDestinationPort().GetValue(),
		SNI:       match.GetServerNames(),
		ALPN:      match.GetApplicationProtocols(),
		Transport: match.GetTransportProtocol(),
	}
	for _, p := range match.GetPrefixRanges() {
		n.Prefixes = append(n.Prefixes, fmt.Sprintf("%s/%d", p.AddressPrefix, p.GetPrefixLen().GetValue()))
	}
	if c.TransportSocket != nil {
		downstream := &tlsv3.DownstreamTlsContext{}
		if unpack(c.TransportSocket.GetTypedConfig(), downstream) {
			tls := normalTLS(downstream.GetCommonTlsContext())
			tls.RequireClient = downstream.GetRequireClientCertificate().GetValue()
			n.TLS = &tls
		}
	}
	var network, http []Rules
	for _, f := range c.Filters {
		manager := &hcm.HttpConnectionManager{}
		if unpack(f.GetTypedConfig(), manager) {
			n.HTTP = true
			n.RDS = manager.GetRds().GetRouteConfigName()
			if n.RDS == "" {
				n.VHosts = normalVHosts(manager.GetRouteConfig())
			}
			for _, hf := range manager.HttpFilters {
				rules := &rbachttp.RBAC{}
				if unpack(hf.GetTypedConfig(), rules) {
					http = append(http, normalRules(rules.GetRules()))
				}
			}
		}
		tcp := &tcpproxy.TcpProxy{}
		if unpack(f.GetTypedConfig(), tcp) {
			if tcp.GetCluster() != "" {
				n.Clusters = []Weight{{Cluster: tcp.GetCluster(), Weight: 1}}
			}
			if tunnel := tcp.GetTunnelingConfig(); tunnel != nil {
				n.Tunnel = fmt.Sprintf("%s %t", tunnel.GetHostname(), tunnel.GetUsePost())
			}
			for _, w := range tcp.GetWeightedClusters().GetClusters() {
				n.Clusters = append(n.Clusters, Weight{Cluster: w.Name, Weight: w.Weight})
			}
		}
		rules := &rbactcp.RBAC{}
		if unpack(f.GetTypedConfig(), rules) {
			network = append(network, normalRules(rules.GetRules()))
		}
	}
	n.RBAC = append(network, http...)
	return n
}

func normalRules(r *rbac.RBAC) Rules {
	n := Rules{Action: r.GetAction().String(), Policies: []string{}}
	for name := range r.GetPolicies() {
		n.Policies = append(n.Policies, name)
	}
	sort.Strings(n.Policies)
	return n
}

func unpack(packed *anypb.Any, into proto.Message) bool {
	return packed.MessageIs(into) && packed.UnmarshalTo(into) == nil
}
