/** The host of a copy of a request, before Istio 1.28 (Envoy's shadow policy appends it to the authority). */
export const shadowHost = (host: string): string => `${host}-shadow`;
