/** Why a call ends as it does. The list is closed; a code is never reused. */
export const TRACE_CODES = {
  'MESH-T101': {
    title: 'the name does not resolve',
    fix: 'add the name to DNS, capture DNS where a ServiceEntry knows it, or say in the facts what it resolves to',
  },
  'MESH-T102': {
    title: 'nobody takes the address and port',
    fix: 'correct the address or the port, or say in the facts who has it',
  },
  'MESH-T103': { title: 'the Service has no such port', fix: 'add the port to the Service, or dial one that it has' },
  'MESH-T104': { title: 'the Service has no endpoints', fix: "correct the Service's selector, or start a workload" },
  'MESH-T105': {
    title: 'nothing listens on the port',
    fix: "correct the Service's targetPort, or the workload's port",
  },
  'MESH-T106': { title: 'the call goes in circles', fix: 'route to a host that does not lead back' },
  'MESH-T107': {
    title: 'the application speaks another protocol',
    fix: 'dial with the protocol that the application speaks',
  },
  'MESH-T108': { title: 'the application fails', fix: 'repair the application' },
  'MESH-T109': {
    title: 'a NetworkPolicy refuses the connection',
    fix: 'allow the connection in a NetworkPolicy of the end that refuses it',
  },
  'MESH-T201': {
    title: 'no filter chain takes the connection',
    fix: 'use the SNI, port and TLS that the listener has chains for',
  },
  'MESH-T202': {
    title: 'the gateway does not listen on the port',
    fix: 'add a server with routes on that port to a Gateway that selects it',
  },
  'MESH-T203': { title: 'Envoy refuses the listener', fix: 'correct the EnvoyFilter' },
  'MESH-T204': {
    title: 'the Secret for TLS is missing',
    fix: "create the Secret in the proxy's namespace, and let its account list secrets",
  },
  'MESH-T205': { title: 'clear text where TLS is wanted', fix: 'originate TLS at the caller, or permit clear text' },
  'MESH-T206': {
    title: "the client does not accept the server's certificate",
    fix: 'correct the root, the names, or the certificate',
  },
  'MESH-T207': {
    title: "the server does not accept the client's certificate",
    fix: 'correct the root, the identity, or present a certificate',
  },
  'MESH-T208': { title: 'the bytes are no HTTP', fix: 'correct the protocol of the port' },
  'MESH-T209': { title: 'TLS to a server without TLS', fix: 'turn TLS off for the destination, or on at the server' },
  'MESH-T210': { title: 'the proxy refuses the path', fix: 'call a path without %00' },
  'MESH-T211': {
    title: 'the two ends of TLS have no version or cipher in common',
    fix: 'offer what the server takes: minProtocolVersion, maxProtocolVersion and cipherSuites of the Gateway, or of MeshConfig',
  },
  'MESH-T212': {
    title: 'the proxy at the end of a tunnel refuses the target',
    fix: 'let the proxy connect its clients to the target, or name another one in tunnel of the DestinationRule',
  },
  'MESH-T301': { title: 'a policy denies the call', fix: 'allow the caller, or call what it may' },
  'MESH-T302': {
    title: 'the token of the call is not accepted',
    fix: 'send a token of an issuer and audience that the RequestAuthentication names',
  },
  'MESH-T401': {
    title: 'no virtual host for the name',
    fix: 'add the host to a VirtualService of the gateway, or call another',
  },
  'MESH-T402': { title: 'no route for the request', fix: 'add a route that matches' },
  'MESH-T403': {
    title: 'the host is unknown, and unknown hosts are blocked',
    fix: 'add a ServiceEntry, or export it to the caller',
  },
  'MESH-T404': { title: 'there is no such cluster', fix: 'correct host, port or subset of the destination' },
  'MESH-T405': {
    title: 'the cluster has no healthy endpoint',
    fix: 'correct endpoints, labels of the subset, or resolution; say in the facts what names of endpoints resolve to',
  },
  'MESH-T406': {
    title: 'the client certificate is missing',
    fix: "create the Secret in the proxy's namespace, or mount the file",
  },
  'MESH-T407': { title: 'the connection broke', fix: 'look at the next hop' },
  'MESH-T409': { title: 'the answer is late', fix: 'give the route more time, or answer sooner' },
  'MESH-T408': { title: 'a fault is injected', fix: 'remove the fault from the VirtualService' },
} as const;

export type TraceCode = keyof typeof TRACE_CODES;
