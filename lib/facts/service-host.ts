/** The full name of a Service of Kubernetes, by which all of its cluster call it. */
export const serviceHost = (name: string, namespace: string, domain: string): string =>
  `${name}.${namespace}.svc.${domain}`;
