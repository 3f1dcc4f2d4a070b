// Command istiod answers what istiod's own code computes from a set of objects.
//
// Standard input holds one case per line (JSON), standard output one answer per line. It is built inside the module of
// the testbed's control planes (testbed/go/istio), so that it is the istiod that the testbed runs.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/network"
	"istio.io/istio/pkg/test"
)

// Case is one control plane: its objects, its MeshConfig and the proxies that ask it.
type Case struct {
	ID         string            `json:"id"`
	Kubernetes []json.RawMessage `json:"kubernetes"`
	Istio      []json.RawMessage `json:"istio"`
	Mesh       json.RawMessage   `json:"mesh"`
	Proxies    []Proxy           `json:"proxies"`
	// Gateways of networks: the test server does not read them from objects.
	NetworkGateways []NetworkGateway `json:"networkGateways"`
}

// NetworkGateway is where a network is entered.
type NetworkGateway struct {
	Network string `json:"network"`
	Address string `json:"address"`
	Port    uint32 `json:"port"`
}

// Answer holds the verdict of the webhook per Istio object, and what each proxy is sent if none was refused.
type Answer struct {
	ID      string            `json:"id"`
	Refused map[int]string    `json:"refused,omitempty"`
	Error   string            `json:"error,omitempty"`
	Proxies map[string]Pushed `json:"proxies,omitempty"`
}

func main() {
	for _, scope := range log.Scopes() {
		scope.SetOutputLevel(log.NoneLevel)
	}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<28)
	out := json.NewEncoder(os.Stdout)
	for in.Scan() {
		if strings.TrimSpace(in.Text()) == "" {
			continue
		}
		var c Case
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			fmt.Fprintln(os.Stderr, "malformed case:", err)
			os.Exit(2)
		}
		if err := out.Encode(answer(c)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(c Case) Answer {
	a := Answer{ID: c.ID, Refused: map[int]string{}}
	var configs []config.Config
	for i, object := range c.Istio {
		parsed, _, err := crd.ParseInputs(string(object))
		if err != nil {
			a.Refused[i] = err.Error()
			continue
		}
		for _, one := range parsed {
			one.Domain = "cluster.local"
			configs = append(configs, one)
		}
	}
	if len(a.Refused) > 0 || len(c.Proxies) == 0 {
		return a
	}
	if err := test.Wrap(func(t test.Failer) { a.Proxies = push(t, c, configs, &a) }); err != nil && a.Error == "" {
		a.Error = err.Error()
	}
	return a
}

func push(t test.Failer, c Case, configs []config.Config, a *Answer) map[string]Pushed {
	defer func() {
		if r := recover(); r != nil {
			a.Error = fmt.Sprintf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	meshConfig, err := mesh.ApplyMeshConfigDefaults(string(c.Mesh))
	if err != nil {
		a.Error = "mesh config: " + err.Error()
		return nil
	}
	var gateways []model.NetworkGateway
	for _, g := range c.NetworkGateways {
		gateways = append(gateways, model.NetworkGateway{Network: network.ID(g.Network), Addr: g.Address, Port: g.Port, Cluster: "Kubernetes"})
	}
	server := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{
		KubernetesObjectString: joined(c.Kubernetes),
		Configs:                configs,
		MeshConfig:             meshConfig,
		Gateways:               gateways,
	})
	pushed := map[string]Pushed{}
	for _, p := range c.Proxies {
		pushed[p.Namespace+"/"+p.Name] = pushTo(server, p)
	}
	return pushed
}

func joined(objects []json.RawMessage) string {
	texts := make([]string, len(objects))
	for i, object := range objects {
		texts[i] = string(object)
	}
	return strings.Join(texts, "\n---\n")
}
