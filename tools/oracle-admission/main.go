// Command admission judges manifests as a cluster with Istio does: one JSON object per line in, one verdict per line out.
//
//	admission <CRD file>... < objects.jsonl > verdicts.jsonl
//	admission -types > types.json
//
// The schema is judged by the API server's own code for custom resources, the rest by the handler of istiod's
// validating webhook. As in a cluster, the webhook is not asked about an object that the schema refuses. The second form
// writes the message types of Envoy that istiod knows.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	istiolog "istio.io/istio/pkg/log"
)

// verdict is what the cluster says of an object.
type verdict struct {
	// Schema is why the API server itself refuses the object.
	Schema string `json:"schema,omitempty"`
	// Webhook is why istiod refuses the object.
	Webhook string `json:"webhook,omitempty"`
	// Warnings are what istiod says of an object that it admits.
	Warnings []string `json:"warnings,omitempty"`
}

func main() {
	log.SetFlags(0)
	if err := silence(); err != nil {
		log.Fatal(err)
	}
	if len(os.Args) == 2 && os.Args[1] == "-types" {
		if err := writeTypes(os.Stdout); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := judgeAll(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func judgeAll(definitions []string) error {
	resources, err := newResources(definitions)
	if err != nil {
		return err
	}
	hook, err := newWebhook()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := bufio.NewWriter(os.Stdout)
	for number := 1; lines.Scan(); number++ {
		result, err := judge(resources, hook, lines.Bytes())
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		text, err := json.Marshal(result)
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		fmt.Fprintf(out, "%s\n", text)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return out.Flush()
}

// silence keeps istiod's log out of the verdicts.
func silence() error {
	options := istiolog.DefaultOptions()
	options.SetDefaultOutputLevel(istiolog.OverrideScopeName, istiolog.NoneLevel)
	return istiolog.Configure(options)
}

func judge(resources *resources, hook *webhook, object []byte) (verdict, error) {
	admitted, refusal, err := resources.admit(object)
	if err != nil || refusal != "" {
		return verdict{Schema: refusal}, err
	}
	return hook.judge(admitted)
}
