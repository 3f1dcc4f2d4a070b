package main

import (
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
)

// VHost is a virtual host.
type VHost struct {
	Name       string   `json:"name"`
	Domains    []string `json:"domains"`
	Routes     []Route  `json:"routes"`
	RequireTLS bool     `json:"requireTls,omitempty"`
}

// Route is one route: what it matches, and what it does.
type Route struct {
	Path     string   `json:"path"`
	Headers  int      `json:"headers,omitempty"`
	Clusters []Weight `json:"clusters,omitempty"`
	Direct   uint32   `json:"direct,omitempty"`
	Redirect bool     `json:"redirect,omitempty"`
	Host     string   `json:"host,omitempty"`
	Prefix   string   `json:"prefix,omitempty"`
}

func normalVHosts(rc *route.RouteConfiguration) []VHost {
	vhosts := []VHost{}
	for _, v := range rc.GetVirtualHosts() {
		n := VHost{Name: v.Name, Domains: v.Domains, Routes: []Route{}, RequireTLS: v.RequireTls == route.VirtualHost_ALL}
		for _, r := range v.Routes {
			n.Routes = append(n.Routes, normalRoute(r))
		}
		vhosts = append(vhosts, n)
	}
	return vhosts
}

func normalRoute(r *route.Route) Route {
	match := r.GetMatch()
	n := Route{
		Path:     normalPath(match),
		Headers:  len(match.GetHeaders()) + len(match.GetQueryParameters()),
		Direct:   r.GetDirectResponse().GetStatus(),
		Redirect: r.GetRedirect() != nil,
	}
	if action := r.GetRoute(); action != nil {
		if action.GetCluster() != "" {
			n.Clusters = []Weight{{Cluster: action.GetCluster(), Weight: 1}}
		}
		for _, w := range action.GetWeightedClusters().GetClusters() {
			n.Clusters = append(n.Clusters, Weight{Cluster: w.Name, Weight: w.GetWeight().GetValue()})
		}
		n.Host = action.GetHostRewriteLiteral()
		n.Prefix = action.GetPrefixRewrite()
	}
	return n
}

func normalPath(match *route.RouteMatch) string {
	switch p := match.GetPathSpecifier().(type) {
	case *route.RouteMatch_Prefix:
		return "prefix " + p.Prefix
	case *route.RouteMatch_Path:
		return "exact " + p.Path
	case *route.RouteMatch_PathSeparatedPrefix:
		return "separated " + p.PathSeparatedPrefix
	case *route.RouteMatch_SafeRegex:
		return "regex " + p.SafeRegex.Regex
	}
	return "other"
}
