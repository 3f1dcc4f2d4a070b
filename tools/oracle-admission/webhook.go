package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	admission "k8s.io/api/admission/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/webhooks/validation/server"
)

// webhook is istiod's validating webhook, called without a network.
type webhook struct {
	mux *http.ServeMux
}

func newWebhook() (*webhook, error) {
	mux := http.NewServeMux()
	_, err := server.New(server.Options{Schemas: collections.Istio, DomainSuffix: "cluster.local", Mux: mux})
	return &webhook{mux: mux}, err
}

// judge sends the object for creation. Kinds of others are not the webhook's: it admits them here.
func (w *webhook) judge(object []byte) (verdict, error) {
	var header struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Namespace string `json:"namespace"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(object, &header); err != nil {
		return verdict{}, err
	}
	group, version, _ := strings.Cut(header.APIVersion, "/")
	if !strings.HasSuffix(group, ".istio.io") {
		return verdict{}, nil
	}
	review := admission.AdmissionReview{
		TypeMeta: meta.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admission.AdmissionRequest{
			Kind:      meta.GroupVersionKind{Group: group, Version: version, Kind: header.Kind},
			Operation: admission.Create,
			Namespace: header.Metadata.Namespace,
			Object:    runtime.RawExtension{Raw: object},
		},
	}
	body, err := json.Marshal(review)
	if err != nil {
		return verdict{}, err
	}
	request := httptest.NewRequest(http.MethodPost, "/validate", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	w.mux.ServeHTTP(recorder, request)
	var answer admission.AdmissionReview
	if err := json.Unmarshal(recorder.Body.Bytes(), &answer); err != nil {
		return verdict{}, fmt.Errorf("the webhook answered %d %q: %w", recorder.Code, recorder.Body, err)
	}
	if answer.Response.Allowed {
		return verdict{Warnings: answer.Response.Warnings}, nil
	}
	return verdict{Webhook: answer.Response.Result.Message}, nil
}
