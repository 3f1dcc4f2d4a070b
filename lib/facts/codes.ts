/** What one stable code stands for; `docs/errors.md` is generated from these. */
export interface CodeInfo {
  /** A few words, lower case. */
  readonly title: string;
  /** What would happen at run time, or why the input cannot be accepted. */
  readonly why: string;
  /** What the user can do. */
  readonly fix: string;
}

/**
 * Every code of the library. Ranges: 10xx names, hosts, ports, paths · 11xx clusters, meshes, services, gateways,
 * platforms · 12xx peerings, exposures, access · 13xx routing · 14xx trust · 15xx contracts · 20xx emission ·
 * 30xx findings (what only the whole fleet shows). A code is never reused for another meaning.
 */
export const CODES = {
  MESH1001: {
    title: 'malformed name',
    why: 'Kubernetes accepts DNS labels only (RFC 1123): lower case letters, digits and hyphens, at most 63 characters',
    fix: 'choose a name that is one',
  },
  MESH1002: {
    title: 'malformed host',
    why: 'a host becomes a ServiceEntry host, an SNI and an authority; istiod refuses what is not fully qualified',
    fix: 'give a fully qualified host name without scheme, port, path or wildcard',
  },
  MESH1003: {
    title: 'malformed port',
    why: 'port numbers go from 1 to 65535, and Istio reads the protocol of a port from the beginning of its name',
    fix: 'correct the number, or begin the name with the protocol',
  },
  MESH1004: {
    title: 'malformed path',
    why: 'VirtualService and AuthorizationPolicy compare the whole path; a relative one, a query or a star in the middle never matches',
    fix: "write an absolute path, with '*' at most as the last character",
  },
  MESH1005: {
    title: 'malformed address',
    why: 'the address becomes an endpoint that the peer dials',
    fix: 'give IP addresses to Address.ip and Address.nodePort, one name to Address.hostname',
  },
  MESH1101: {
    title: 'malformed service',
    why: 'a service needs ports, each with its own number and name',
    fix: 'correct the ports',
  },
  MESH1102: {
    title: 'port not of the service',
    why: 'a route to a port that the service lacks finds no cluster: 503 NC',
    fix: 'use one of its ports, or declare the port',
  },
  MESH1103: {
    title: 'ambiguous port',
    why: 'one exposure or routing is about one port; the others would silently be left out',
    fix: 'say which port with .at(Port.…)',
  },
  MESH1104: {
    title: 'unknown subset',
    why: 'a route to a subset that no DestinationRule defines finds no cluster: 503 NC',
    fix: 'declare the subset with the pod labels that tell it apart',
  },
  MESH1202: {
    title: 'malformed access rule',
    why: 'an access rule that cannot be read cannot be enforced',
    fix: 'correct it; leave a list out for "all"',
  },
  MESH2001: {
    title: 'duplicate object',
    why: 'two objects of one cluster have the same kind, namespace and name; kubectl would apply both, and the last one wins',
    fix: 'rename one of them, or remove the statement that repeats it',
  },
} as const satisfies Record<string, CodeInfo>;

/** A stable code such as `MESH2001`. */
export type Code = keyof typeof CODES;
