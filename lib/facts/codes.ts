/** What one stable code stands for; `docs/errors.md` is generated from these. */
export interface CodeInfo {
  /** A few words, lower case. */
  readonly title: string;
  /** What would happen at run time, or why the input cannot be accepted. */
  readonly why: string;
  /** What the user can do. */
  readonly fix: string;
  /** How a program of this library does it, where `fix` is about objects of anybody. */
  readonly inProgram?: string;
}

/**
 * Every code of the library. Ranges: 10xx names, hosts, ports, paths · 11xx clusters, meshes, services, gateways,
 * platforms · 12xx peerings, exposures, access · 13xx routing · 14xx trust · 15xx contracts · 20xx emission ·
 * 40xx manifests of anybody, the command line.
 * Findings (30xx, what only the whole fleet shows) have theirs in `lib/verify/rules`. A code is never reused for another
 * meaning.
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
  MESH1006: {
    title: 'value of the wrong kind, or option that does not exist',
    why: 'what comes from JSON or the environment passes the compiler unseen; coerced or left out it would mean something else, often more',
    fix: 'state the value, or correct the name; check the variable or the field that it comes from',
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
  MESH1105: {
    title: 'unsupported by the platform',
    why: 'the control plane would refuse the object, or ignore it',
    fix: 'choose what the platform offers, as the message says, or another platform',
  },
  MESH1106: {
    title: 'namespace options that do not fit',
    why: 'a namespace is declared once; labels are written only on Namespaces of ours; ambient data planes have no sidecars to configure',
    fix: 'correct the declaration',
  },
  MESH1107: {
    title: 'unreadable hand-written YAML',
    why: 'what cannot be read cannot be judged, and would silently be left out',
    fix: 'correct the path or the file',
  },
  MESH1108: {
    title: 'option that an egress gateway cannot have',
    why: 'nothing calls an egress gateway from outside of its mesh, so an address or Route would lead nowhere',
    fix: 'leave the option out, or make it an ingress gateway',
  },
  MESH1109: {
    title: 'workload options that do not fit',
    why: 'a workload backs a service of its own mesh, with an image that is the same tomorrow',
    fix: 'correct the workload as the message says',
  },
  MESH1110: {
    title: 'gateway that selects every pod',
    why: 'a Gateway resource without a selector configures every proxy of its namespace',
    fix: 'state the labels of the gateway pods',
  },
  MESH1111: {
    title: 'ports of a gateway that do not fit',
    why: 'a Service has each port once, and a pod listens once on each of its own; a gateway without ports takes no call',
    fix: 'correct the list of ports, or leave it out for the default',
  },
  MESH1112: {
    title: 'port that a gateway lacks',
    why: 'a Gateway resource that names a port its Service lacks listens nowhere',
    fix: 'add the port to the gateway, as the message says',
  },
  MESH1113: {
    title: 'malformed number of gateway pods',
    why: 'the autoscaler takes whole numbers, the fewest no more than the most',
    fix: 'correct replicas',
  },
  MESH1114: {
    title: 'node ports that are not those of the gateway',
    why: 'each port of a Service has a node port of its own',
    fix: 'state one of each: Address.nodePort({ nodes, ports: { 80: 30080, 443: 30443 } }), or give the gateway one port',
  },
  MESH1115: {
    title: 'gateway that the ServiceMeshControlPlane lacks',
    why: 'the control plane is not ours to write, and a part of one would replace it',
    fix: 'add the gateway to the ServiceMeshControlPlane as the message says, and use Gateway.existing',
  },
  MESH1116: {
    title: 'control plane that lacks what a peering needs',
    why: 'the objects would be accepted, and every call would fail: 503, or a name that does not resolve',
    fix: 'state that the control plane has it, as the message says; what an installation must have is printed',
  },
  MESH1117: {
    title: 'trust of a control plane that contradicts itself',
    why: 'proxies would believe another root than the one that is meant, or none',
    fix: 'correct the roots and trust domains as the message says',
  },
  MESH1118: {
    title: 'one root with different certificates',
    why: 'meshes that are said to share a root would refuse the certificates of each other',
    fix: 'compare root-cert.pem of both clusters, and correct the one that is wrong',
  },
  MESH1120: {
    title: 'port of an existing gateway that nobody states',
    why: 'a policy names the port that the pod listens on, and a Route the port of the Service by its name; a wrong one never matches: every call is denied, or the router answers 503',
    fix: "state it: GatewayPort.https(443, 8443), GatewayPort.http(8080).named('http')",
  },
  MESH1121: {
    title: 'injection that is not that of the mesh',
    why: 'the istiod of a revision injects into namespaces and pods that ask for it alone; others run without a proxy, or with that of another mesh',
    fix: 'leave the label out, or state the revision of the control plane',
  },
  MESH1122: {
    title: 'one revision for two meshes of a cluster',
    why: 'the label of a namespace names a revision, and of two with one name either injects its proxy',
    fix: 'state the revision of each control plane',
  },
  MESH1123: {
    title: 'two versions of IstioCNI in a cluster',
    why: 'the operator takes one IstioCNI per cluster',
    fix: 'state one version for the meshes of the cluster, or cni: false at one of them',
  },
  MESH1130: {
    title: 'id that is taken',
    why: 'files and messages call constructs by their ids, so two of one kind of file cannot have the same',
    fix: 'choose another id for one of them',
  },
  MESH1131: {
    title: 'one Certificate for two gateways',
    why: 'each gateway writes the Certificates that it needs, so there would be two objects of one name',
    fix: 'name a key pair of its own for each gateway, or let one be a Secret that exists: Credential.secret',
  },
  MESH1132: {
    title: 'caller of the own mesh that is none',
    why: 'a policy that names it never matches, or lets in the workloads of another mesh that have the same name',
    fix: "state it with mesh.principal('<namespace>/<service account>')",
  },
  MESH1151: {
    title: 'malformed addresses of callers',
    why: 'a block that does not say what is meant would let in others, or nobody; one of every address limits nothing',
    fix: "state addresses such as '203.0.113.4', or blocks such as '203.0.113.0/24' and '2001:db8::/32'",
  },
  MESH1152: {
    title: 'addresses of callers that the gateway does not see',
    why: 'a router that opens connections of its own stands before the gateway: all calls come from its address, so the policy would deny everybody, or allow everybody',
    fix: 'limit addresses where callers connect to, or expose the service through a gateway without a Route',
  },
  MESH1153: {
    title: 'malformed rule for tokens',
    why: 'a token of an issuer, audience or place that is not clear would be believed, or no token at all',
    fix: 'correct what the message names',
  },
  MESH1154: {
    title: 'key set that is none, or holds a secret',
    why: 'tokens are verified with public keys; whoever reads a private or symmetric key can sign tokens for everybody',
    fix: 'state the public keys alone, as the issuer publishes them',
  },
  MESH1155: {
    title: 'tokens where no requests are seen',
    why: 'a token is part of a request; where bytes flow, or the TLS of an application passes, the gateway sees none and would let everybody in, or nobody',
    fix: 'leave jwtRules out, or expose a port that carries requests, in TLS that the gateway ends',
  },
  MESH1156: {
    title: 'one issuer with two rules at one gateway',
    why: 'a gateway believes a token that any of its rules accepts: with other keys, a token of the one would be let in to what the other is for',
    fix: 'state one JwtRule for the issuer, and pass the value on; audiences alone may differ',
  },
  MESH1157: {
    title: 'condition that the policies of a gateway cannot ask',
    why: 'what no policy asks is not checked: the call would pass, or nobody would',
    fix: 'close the gateway with denyByDefault, or write its policies as AuthorizationPolicies',
  },
  MESH1158: {
    title: 'redirect to https that cannot be',
    why: 'clients would be led to where nobody answers, or nothing would lead them',
    fix: 'leave httpsRedirect out, or let the gateway have an http port and https at 443',
  },
  MESH1159: {
    title: 'versions or ciphers of TLS that do not fit together',
    why: 'no client could connect, or what is stated would have no effect: istiod leaves unknown ciphers out silently',
    fix: 'correct what the message names',
  },
  MESH1160: {
    title: 'server whose TLS the gateway does not end, or speaks otherwise',
    why: 'versions and ciphers belong to the one server of a host and port, whoever exposes services behind it',
    fix: 'state the same serverTls for all who share the host, or leave it out where the gateway ends no TLS of clients',
  },
  MESH1161: {
    title: 'outside server that the gateway knows otherwise',
    why: 'of two ServiceEntries or DestinationRules of one host a proxy takes one, so the gateway might go on without TLS, or elsewhere',
    fix: 'let the other peering have callers in namespaces of their own, without that of the gateway, or in that namespace workloads by labels (Callers.workload), or give the gateway a namespace of its own',
  },
  MESH1162: {
    title: 'way on to an outside server that cannot be gone',
    why: 'an ingress gateway must know to which server it goes on, who that is, and how the hop is protected; what it cannot change on the way, such as the SNI of an application, must fit already',
    fix: 'state what the message names',
  },
  MESH1163: {
    title: 'outside server with two ways on',
    why: 'a gateway has one ServiceEntry and one DestinationRule of a host, which say one thing of each port',
    fix: "state one ExternalServer and one 'onward' for all exposures of a port",
  },
  MESH1164: {
    title: 'resources that no node can give',
    why: 'an API server refuses a malformed quantity, and a request beyond its limit; a gateway that scales on CPU does not scale without a request of CPU',
    fix: 'state quantities as Kubernetes writes them, as the message says',
  },
  MESH1165: {
    title: 'placement of pods that does not fit',
    why: 'an API server refuses it, or drops it, and the pods would run anywhere or nowhere',
    fix: 'state it as Kubernetes has it, as the message says',
  },
  MESH1166: {
    title: 'label or annotation that is ours',
    why: 'selectors, injection and ownership work by it: with another value the gateway would lose its proxy, or its Service its pods',
    fix: 'leave it out',
  },
  MESH1167: {
    title: 'load balancer that would not do what is stated',
    why: 'what a cloud does not know of a Service it ignores: a gateway that is meant to be internal would be open to the Internet',
    fix: 'state what the message names, or leave the option out',
  },
  MESH1168: {
    title: 'probe that does not fit',
    why: 'an API server refuses it, or the kubelet asks what nobody answers, and ends the container',
    fix: 'state it as the message says',
  },
  MESH1169: {
    title: 'option of a gateway that somebody else deploys',
    why: 'it would be dropped: whoever deploys the gateway decides it',
    fix: 'leave it out, and state it where the gateway is deployed',
  },
  MESH1171: {
    title: 'domain of outside servers that has names of the own cluster',
    why: 'proxies ask DNS for the name that is called: whoever may call all names could call every Service and pod, and a gateway would do it in its own name',
    fix: 'state a domain of others, or one server per name',
  },
  MESH1172: {
    title: 'requests to a domain at an open gateway',
    why: 'a proxy that asks DNS for the name that is called dials the port in the Host of the request, too: only a policy of the gateway names the port that was exposed',
    fix: 'set denyByDefault: true on the gateway, or state one server per name',
  },
  MESH1173: {
    title: 'name that YAML reads as something else than a text',
    why: 'without quotes YAML reads y, no, 1e3, 0x10 and null as booleans, numbers and nothing, kubectl does the same, and a name is a text: it refuses the object',
    fix: 'put the name in quotes',
  },
  MESH1174: {
    title: 'change that cannot be compared, where meshes share a cluster',
    why: 'each mesh is judged by its own control plane: of a workload that moves to another one, or of which nothing says whose it is, all calls would seem to be lost and new',
    fix: 'give both sides a fleet.json; look at what is open before and after a move, or compare the rest of the change without it',
  },
  MESH1175: {
    title: 'facts of one control plane, of a cluster with several',
    why: 'facts name clusters: which of the meshes they are about, nothing says, and the other one would be judged wrong',
    fix: 'leave them to fleet.json, which states them of each mesh',
  },
  MESH1176: {
    title: 'host that pods of one namespace know in two ways',
    why: 'each pod has its own DestinationRule, but all take the older ServiceEntry of the host: ports and endpoints of the other would not be there',
    fix: 'expose the same ports with the same tls through both peerings, or let them have callers in namespaces of their own',
  },
  MESH1177: {
    title: 'gateway that exists, and whose ServiceAccount nobody states',
    why: 'a policy lets the gateway through by its identity: with another ServiceAccount than the one that is guessed every call would end in 403',
    fix: 'state serviceAccount, as the Deployment of the gateway has it',
  },
  MESH1190: {
    title: 'malformed code of an own finding',
    why: 'a code names findings where they are accepted or raised to errors; of free words one that is misspelt would go unnoticed',
    fix: 'state capitals and a number, such as SHOP001',
  },
  MESH1191: {
    title: 'object without a namespace',
    why: 'it goes to the namespace of whoever applies it: that of a kubectl context, or of the destination of an Argo CD Application',
    fix: 'state metadata.namespace',
  },
  MESH1201: {
    title: 'peering without a mesh of ours',
    why: 'nothing would be written',
    fix: 'state the side that is ours as a Mesh',
  },
  MESH1202: {
    title: 'malformed access rule',
    why: 'an access rule that cannot be read cannot be enforced',
    fix: 'correct it; leave a list out for "all"',
  },
  MESH1203: {
    title: 'service of another mesh',
    why: 'the route would lead nowhere',
    fix: 'expose a service of the provider; a server in no mesh stands behind an ingress gateway of DirectPeering and EgressGatewayPeering',
  },
  MESH1204: {
    title: 'host that leads to two places',
    why: 'of two ServiceEntries, Gateways or VirtualServices of one host, istiod takes one and ignores the other',
    fix: 'give every exposure a host of its own',
  },
  MESH1205: {
    title: 'malformed callers',
    why: 'a sidecar originates TLS with a Secret only where a DestinationRule selects its workload',
    fix: 'name the calling workloads',
  },
  MESH1206: {
    title: 'access rule that cannot be enforced',
    why: 'the rule would be widened: somebody could call who must not',
    fix: 'leave the limit out on purpose, or choose a strategy that can see it',
  },
  MESH1207: {
    title: 'gateway that does not fit the protection of the hop',
    why: 'the client certificate would not reach the gateway, or would not be looked at',
    fix: 'correct the gateway as the message says',
  },
  MESH1208: {
    title: 'namespaces that cannot be closed',
    why: 'a NetworkPolicy in a namespace that does not exist is not written, and the way around the gateway stays open',
    fix: 'name namespaces of the mesh whose gateway it is',
  },
  MESH1210: {
    title: 'peering without the gateway that it needs',
    why: 'the way between the two meshes would have no end',
    fix: 'state the gateway',
  },
  MESH1211: {
    title: 'gateway of another mesh',
    why: 'its proxies are configured by another control plane',
    fix: 'use a gateway of the side that the message names',
  },
  MESH1212: {
    title: 'gateway of the other kind',
    why: 'an ingress gateway takes calls into its mesh, an egress gateway out of it',
    fix: 'use a gateway of the kind that the message names',
  },
  MESH1213: {
    title: 'second peering from one consumer to one gateway',
    why: 'both would write objects of the same names and hosts; a gateway with a host for each exposure takes several peerings of one consumer, as long as their hosts differ',
    fix: 'expose more services through the first peering, or use another gateway or host, as the message says',
  },
  MESH1214: {
    title: 'end of a hop without a key pair',
    why: 'a proxy of ours cannot present a certificate that only somebody else has',
    fix: 'use a Credential for the end that is ours',
  },
  MESH1215: {
    title: 'option of a side that is not ours',
    why: 'nothing would be written from it',
    fix: 'leave the option out',
  },
  MESH1216: {
    title: 'mounted files for a gateway',
    why: 'files are mounted into sidecars; a gateway reads Secrets of its namespace',
    fix: 'use Credential.secret or Credential.certManager',
  },
  MESH1218: {
    title: 'service exposed twice',
    why: 'access rules of one exposure belong together, and its objects exist once',
    fix: 'expose it once, with all access rules',
  },
  MESH1219: {
    title: 'protocol that the peering cannot carry',
    why: 'the bytes would not be what the next proxy expects',
    fix: 'expose a port that the strategy and its TLS can carry',
  },
  MESH1220: {
    title: 'port that callers cannot dial',
    why: 'a host of the own cluster is dialled at the ports of its Service',
    fix: 'expose it with the port of its Service',
  },
  MESH1221: {
    title: 'server exposed by a name that is not its own',
    why: 'SNI and Host would be a name that the server does not know: a failed handshake, 404 or 421',
    fix: 'expose it by its own host; for a local name use mesh.alias() with a Routing to the exposure',
  },
  MESH1222: {
    title: 'alias at an ingress gateway',
    why: 'an alias has no endpoints of its own, and a gateway does not follow the Routing of the mesh: 503 UH',
    fix: 'expose a service that has pods, or say with onward for which server in no mesh it stands',
  },
  MESH1223: {
    title: 'gateway port that does not fit',
    why: 'bytes in clear text say nothing of where they go, so each service has a port of the gateway for itself; at a port for something else the gateway would not understand what arrives',
    fix: 'add the port to the gateway, as the message says, or state another gatewayPort',
  },
  MESH1224: {
    title: 'address that nothing uses',
    why: 'only hosts of tcp ports need an address: HTTP and TLS carry the name of the host, and a Service of the own cluster has an address',
    fix: 'leave virtualIp and wholePort out',
  },
  MESH1225: {
    title: 'port that another host takes whole',
    why: 'without an address a tcp host gets whatever is sent to its port, to any address outside; a second host of that port would be answered by the first',
    fix: 'capture DNS, or dial one of the two at another port',
  },
  MESH1226: {
    title: 'tcp host that callers cannot find',
    why: 'a sidecar tells the tcp hosts of one port apart by address only; the made address is known to no DNS server but the one that DNS capture makes of the sidecar',
    fix: 'capture DNS, state the address and tell your DNS server, or let one host take the whole port',
  },
  MESH1227: {
    title: 'access rule about somebody who is no caller',
    why: 'the host is visible to the callers of the peering alone, so a rule for others would allow what nobody can do',
    fix: 'add them to callers of the peering, or leave them out of the rule',
  },
  MESH1228: {
    title: 'limits at an egress gateway that callers can go around',
    why: 'a pod that dials the address of the server itself, or has no sidecar, never meets the gateway and its rules',
    fix: 'close the namespaces of the callers with onlyWayOut',
  },
  MESH1229: {
    title: 'what no tunnel through a proxy carries',
    why: 'Istio says CONNECT for bytes of one target: requests would reach the proxy as they are, and TLS would be with the proxy',
    fix: 'lead bytes, or TLS of the application, of one port of a host through the proxy',
  },
  MESH1230: {
    title: 'policies that the gateway cannot write in an EnvoyFilter',
    why: 'the filter denies everything that no exposure allows, and knows callers by certificate',
    fix: 'correct the gateway as the message says',
  },
  MESH1231: {
    title: 'one gateway stated twice',
    why: 'of two filters on the same pods only what both allow would pass, and of two Gateway resources istiod takes one',
    fix: 'state the gateway once, and pass the value on',
  },
  MESH1232: {
    title: 'gateway whose policies the peering does not write',
    why: 'the EnvoyFilter of the gateway would deny the calls, or an AuthorizationPolicy beside it would cut those of others',
    fix: "use another gateway, or leave policies: 'EnvoyFilter' out",
  },
  MESH1233: {
    title: 'client certificate that no policy can name',
    why: 'policies name peers by SPIFFE ID; one with a DNS name could not be told apart from others',
    fix: 'issue a certificate with a SPIFFE ID, and use Identity.spiffe',
  },
  MESH1234: {
    title: 'exposure without a port or name of its own at the private gateway',
    why: 'bytes have no path: the gateway tells them apart by port, and TLS of applications by server name',
    fix: 'state gatewayPort or host as the message says',
  },
  MESH1235: {
    title: 'one place at a gateway for two exposures',
    why: 'of two Gateway resources with one port and server name istiod drops the second without a word',
    fix: 'give the exposure another gatewayPort, or another host',
  },
  MESH1236: {
    title: 'private gateway behind a Route',
    why: 'a Route leads one port, and what it ends would not reach the gateway',
    fix: 'give the gateway an address, and leave route out',
  },
  MESH1237: {
    title: 'two consumers with one identity',
    why: 'the gateway could not tell them apart, so each could do what the other may',
    fix: 'issue every consumer a certificate with a SPIFFE ID of its own',
  },
  MESH1240: {
    title: 'two ports of a host that have one way',
    why: 'a Route leads to one port of a gateway; callers dial a port of a host, which leads to one place; an egress gateway tells ports of a host apart by what it sees of them',
    fix: 'give the exposure a port, paths or a host of its own, or the gateway another port',
  },
  MESH1241: {
    title: 'paths that lead nowhere',
    why: 'behind some paths of a host there is one service, behind the others another one or none; a rule for those would be for something else',
    fix: "correct 'paths', or the access rules",
  },
  MESH1242: {
    title: 'services behind one host that cannot be told apart',
    why: 'a rule about the paths of the one would open those of the other, and which of the two answers would depend on the age of objects',
    fix: 'state paths that have nothing in common, or give each service a host',
  },
  MESH1243: {
    title: 'key pair of a host that nothing shows',
    why: 'where no proxy ends TLS there is no server certificate; and the Secret of a client holds the roots of one authority of servers',
    fix: 'leave credential out, or use a peering of its own for the host',
  },
  MESH1244: {
    title: 'names of a domain that cannot be carried',
    why: 'of all names of a domain a proxy learns which one is meant when it is called: by Host or SNI, and it asks DNS then',
    fix: 'carry requests in clear text or TLS of the application, on Istio 1.31, or state one server per name',
  },
  MESH1250: {
    title: 'mesh without a stated root',
    why: 'workloads of two meshes accept each other only when they believe the root of the other',
    fix: 'state the root of both meshes',
  },
  MESH1251: {
    title: 'roots that do not fit',
    why: 'workloads refuse a certificate of a root that they do not believe: 503 UF or UC',
    fix: 'plug one root into both meshes, or state mergedRoots where they have different ones',
  },
  MESH1252: {
    title: 'gateway that cannot pass mTLS on',
    why: 'the mTLS of the mesh goes through by its SNI: nothing in front of the gateway may read it, and no policy at the gateway sees it',
    fix: 'correct the gateway as the message says',
  },
  MESH1253: {
    title: 'virtual IP that cannot be had',
    why: 'sidecars tell hosts of one port apart by address; of two with one address one would get the calls of both',
    fix: 'state another address or range',
  },
  MESH1254: {
    title: 'host shared by exposures that do not fit',
    why: 'a host is one name with one address, one workload behind it, and each port once',
    fix: 'give one of the exposures a host of its own',
  },
  MESH1255: {
    title: 'failover that does not fit',
    why: 'the provider takes calls by the host and port that are in their SNI; endpoints without order or locality get calls at random',
    fix: 'correct the failover or the exposure as the message says',
  },
  MESH1256: {
    title: 'server that callers could not tell from others',
    why: 'without a name to compare, a caller takes every workload of the root for the service',
    fix: "state the ServiceAccounts of the service's pods",
  },
  MESH1270: {
    title: 'federated meshes with one trust domain',
    why: 'identities of the two could not be told apart: with equal names the root of one would vouch for gateways of the other, and OpenShift Service Mesh 2 does not load the root of such a peer',
    fix: 'give each mesh a trust domain of its own',
  },
  MESH1271: {
    title: 'meshes that federate in different ways',
    why: 'the control plane of OpenShift Service Mesh 2 waits for the peer to tell what it exports, which only another one of its kind does',
    fix: 'connect them by another strategy, such as PrivateGatewayPeering, until both are of one kind',
  },
  MESH1272: {
    title: 'gateway that cannot face a peer',
    why: 'the control plane would not find it, or the peer would not reach it or be cut off',
    fix: 'correct the gateway as the message says, or leave it out for the default',
  },
  MESH1273: {
    title: 'federation gateway without an address',
    why: 'the peer is in another cluster, where the name of the Service does not lead to it',
    fix: 'state the address with FederationGateways',
  },
  MESH1274: {
    title: 'gateway that faces two peers',
    why: 'the policies about two peers at one gateway exclude each other: everybody is denied',
    fix: 'use a gateway of its own for each peer',
  },
  MESH1275: {
    title: 'several ports that federation cannot carry',
    why: 'routes between federated OpenShift Service Meshes 2 name no port',
    fix: 'put a Service with that port alone before the workload, and expose it',
  },
  MESH1276: {
    title: 'option of another platform',
    why: 'nothing would be written from it, so the intent would be lost silently',
    fix: 'leave the option out, or use what the message names',
  },
  MESH1277: {
    title: 'two services under one name',
    why: 'both would be one service to the consumer: calls would reach either',
    fix: 'give one of them an alias of its own',
  },
  MESH1278: {
    title: 'locality that does not fit',
    why: 'OpenShift Service Mesh 2 drops a locality with gaps silently, and calls do not go over without one',
    fix: 'state region, then zone, then subzone, as locality of the peering',
  },
  MESH1279: {
    title: 'name that a local Service does not have',
    why: 'calls go over only by the DestinationRule of a Service of the mesh',
    fix: 'state the Service with mesh.service()',
  },
  MESH1280: {
    title: 'gateways of a peer stated twice',
    why: 'a mesh has one pair of gateways for each peer',
    fix: 'state FederationGateways once, before the peerings with that peer',
  },
  MESH1281: {
    title: 'node port that is missing',
    why: "the peer's control plane reaches the gateway by a port of its own",
    fix: 'state discoveryPort, the node port of port 8188',
  },
  MESH1282: {
    title: 'root of the peer that is not believed',
    why: 'gateways verify each other by the roots that their control plane knows: 503 UF or UC',
    fix: 'state the root with otherRoots: OtherRoots.byGateways({ … }) at the control plane',
  },
  MESH1301: {
    title: 'rules that do not fit',
    why: 'Istio takes the first route that matches; a call that none matches ends in 404',
    fix: 'state rules from narrow to broad, each once',
  },
  MESH1302: {
    title: 'malformed destinations',
    why: 'weights are percent of the calls',
    fix: 'state at least one destination; several need weights that add up to 100',
  },
  MESH1303: {
    title: 'host that cannot be routed',
    why: 'a mesh has one VirtualService per host; of two the younger is ignored',
    fix: 'route a service of the mesh, or the ports of one host, in one Routing',
  },
  MESH1304: {
    title: 'destination of another mesh',
    why: 'the proxies of the mesh do not know the destination: 503 NC',
    fix: 'expose the service through a peering of which this mesh is the consumer',
  },
  MESH1305: {
    title: 'mTLS policies that contradict each other',
    why: 'Istio takes the oldest PeerAuthentication of a mesh, namespace or workload and ignores the others',
    fix: 'state one policy for each, in one place',
  },
  MESH1306: {
    title: 'mTLS policy that does not fit',
    why: 'the policy would apply to other workloads or ports than meant, or callers would not know of it',
    fix: 'correct the policy as the message says',
  },
  MESH1307: {
    title: 'rule without a common caller',
    why: 'each destination is there for other workloads, so no call could be led to all of them',
    fix: 'split the rule, or let the peerings have the same callers',
  },
  MESH1308: {
    title: 'malformed condition of a rule',
    why: 'the rule would be about other calls than meant, or istiod would refuse it',
    fix: 'correct the condition as the message says',
  },
  MESH1309: {
    title: 'malformed option or duration',
    why: 'istiod would refuse the object, or the rule would do something else than stated',
    fix: 'correct the option as the message says',
  },
  MESH1310: {
    title: 'authority that the next proxy does not know',
    why: 'gateways route by authority; with another one they answer 404',
    fix: 'leave the authority to the way that the destination needs',
  },
  MESH1311: {
    title: 'mirror that nobody takes',
    why: 'a copy keeps the authority of the original (with `-shadow` before Istio 1.28), for which the gateway before the mirror has no route; answers to copies are dropped, so nobody sees the 404',
    fix: 'let the provider take copies of that authority by `mirrorOf`, or fix the authority',
  },
  MESH1312: {
    title: 'option that the platform does not know',
    why: 'the API server drops fields that it does not know without a word',
    fix: 'leave the option out, or move to a newer platform',
  },
  MESH1313: {
    title: 'rule that does not fit its port',
    why: 'the mesh sees requests of HTTP only, server names of TLS only, and of other bytes nothing but the port',
    fix: 'state a rule that fits what flows through the port',
  },
  MESH1314: {
    title: 'exposure that nobody can dial',
    why: 'its strategy gives it no host of its own, so no call could be dialled to it',
    fix: 'give it a name with an alias, and let the Routing be about that',
  },
  MESH1315: {
    title: 'copies that could not arrive',
    why: 'copies of requests keep the host of the original, which what stands before the service must lead there',
    fix: 'take copies without a router that reads requests before the gateway, and through another egress gateway than the originals',
  },
  MESH1316: {
    title: 'rule that leads to all names of a domain',
    why: 'of all names of a domain proxies learn which one is meant from the call; a call to another host names that one, which DNS or the server does not know',
    fix: 'let callers dial the name, or state one server per name',
  },
  MESH1317: {
    title: 'name of a domain that leads through the same gateway as a whole',
    why: 'the gateway allows calls by their name, and a rule for all names of the domain opens each of them',
    fix: 'leave one of the two out, or lead one through another gateway',
  },
  MESH1318: {
    title: 'part of the calls through a proxy of the company',
    why: 'where a route has several destinations Istio leaves out that one of them is a tunnel: its bytes would reach the proxy without CONNECT',
    fix: 'lead all calls of the rule there, or let an egress gateway go through the proxy',
  },
  MESH1320: {
    title: 'malformed connection',
    why: 'istiod would refuse the DestinationRule, or it would do something else than stated',
    fix: 'correct the option as the message says',
  },
  MESH1321: {
    title: 'connection that nobody could make so',
    why: 'the proxy that connects sees no requests there, or another object decides how it connects',
    fix: 'state what fits the strategy and what flows, where the message says',
  },
  MESH1322: {
    title: 'connection that the platform does not know',
    why: 'the API server drops fields that it does not know without a word',
    fix: 'leave the option out, or move to a newer platform',
  },
  MESH1401: {
    title: 'malformed SPIFFE ID or trust domain',
    why: 'Istio writes principals without the scheme and compares them letter by letter',
    fix: "write '<trust domain>/<path>', without 'spiffe://'",
  },
  MESH1402: {
    title: 'malformed fingerprint',
    why: 'fingerprints tell whether two sides mean the same root certificate',
    fix: "give the 64 hexadecimal digits that 'openssl x509 -noout -fingerprint -sha256' prints",
  },
  MESH1403: {
    title: 'malformed credential files',
    why: 'Envoy opens the files by absolute path inside the proxy container',
    fix: 'give the absolute mount path',
  },
  MESH1404: {
    title: 'one Secret stated with two contents',
    why: 'a Secret holds one certificate; one of the two proxies would present what its peer does not accept',
    fix: 'name a Secret of its own for each certificate, or correct the statement that is wrong',
  },
  MESH1405: {
    title: 'not certificates',
    why: 'an OpenShift Route holds the text as it is, readable to everybody who may read Routes',
    fix: 'give CA certificates in PEM and nothing else',
  },
  MESH1406: {
    title: 'certificate that cert-manager would refuse',
    why: 'no Secret would be written, so the proxy would find none',
    fix: 'correct duration, renewal or key size',
  },
  MESH1501: {
    title: 'unreadable contract',
    why: 'without it the two sides cannot agree',
    fix: "copy the file from the provider's dist/contracts/",
  },
  MESH1502: {
    title: 'not a contract',
    why: 'what cannot be understood must not be guessed',
    fix: "copy the file again from the provider's dist/contracts/, written by the same major version",
  },
  MESH1503: {
    title: 'edited contract',
    why: 'the provider would still do what its own repository says',
    fix: "change the provider's main.ts and synthesize it again",
  },
  MESH1504: {
    title: 'contract that does not fit',
    why: 'the contract is for another consumer or strategy, or one of the two sides is wrong',
    fix: 'correct the side that is wrong; the message names the field',
  },
  MESH1505: {
    title: 'contract and statement mixed up',
    why: 'a contract says all that a provider exposes; without one the program says it',
    fix: 'use exposure() with a contract, expose() without',
  },
  MESH1506: {
    title: 'exposure of another protocol',
    why: 'what carries requests cannot be used as bytes, or the other way round',
    fix: 'use the method that the message names',
  },
  MESH1507: {
    title: 'contract of unknown shape',
    why: 'a field that is missing or unknown cannot be believed',
    fix: 'write the contract with the same version of this library',
  },
  MESH2001: {
    title: 'duplicate object',
    why: 'two objects of one cluster have the same kind, namespace and name; kubectl would apply both, and the last one wins',
    fix: 'rename one of them, or remove the statement that repeats it',
  },
  MESH2002: {
    title: 'object without name, kind or apiVersion',
    why: 'names in a cluster are an interface: others refer to them, so none is made up from the construct path',
    fix: 'state metadata.name',
  },
  MESH2003: {
    title: 'one file written twice',
    why: 'the second writer would silently replace what the first one wrote',
    fix: 'give one of them another id or file name',
  },
  MESH2004: {
    title: 'malformed file name',
    why: 'file names are part of the repository and must mean the same on every machine',
    fix: "use lower case letters, digits, '-' and '.'",
  },
  MESH2005: {
    title: 'value that is no JSON',
    why: 'the API server takes JSON; a number such as NaN, a function or half of a character cannot be sent to it',
    fix: 'give a plain value',
  },
  MESH2006: {
    title: 'foreign file in a folder of dist',
    why: '`kubectl apply -f <folder>` and GitOps would apply it together with what was synthesized, though nothing has checked it',
    fix: 'move it out of the output directory; mesh.include() names hand-written YAML that shall be checked',
  },
  MESH2007: {
    title: 'unreadable index of dist',
    why: 'the index says which files of the output directory are generated; without it none can be replaced or removed safely',
    fix: 'restore it from git, or delete the output directory; synthesize again',
  },
  MESH2008: {
    title: 'output that a fleet cannot have',
    why: 'clusters have one folder each; the other output types of cdk8s mix or overwrite the objects of several clusters',
    fix: 'leave yamlOutputType out',
  },
  MESH2009: {
    title: 'dependency cycle',
    why: 'there is no order in which these objects could be applied',
    fix: 'remove one of the dependencies',
  },
  MESH2010: {
    title: 'dependency that no file order can express',
    why: 'files are applied in alphabetical order, and clusters independently of each other; the order asked for is not kept',
    fix: 'put both into one chart, or remove the dependency if the order does not matter',
  },
  MESH2011: {
    title: 'chart and cluster of different fleets',
    why: 'the objects would be written by neither',
    fix: 'create both in one fleet',
  },
  MESH2012: {
    title: 'construct outside of a fleet or cluster',
    why: 'everything that is written has a cluster, and every cluster a fleet',
    fix: 'create the cluster in a Fleet, and the construct in a cluster',
  },
  MESH2013: {
    title: 'folder of a cluster that would vanish',
    why: 'an empty list, or a second program with the same output directory, would remove everything of a cluster; GitOps then deletes it there',
    fix: 'correct the program, or name the cluster in removedClusters if it is gone',
  },
  MESH2014: {
    title: 'output directory of another program',
    why: 'each program removes the files of its earlier synths; two would remove those of each other',
    fix: 'give each program an outdir of its own, or correct the name in fleet.index if the program was renamed',
  },
  MESH2015: {
    title: 'two synths at once',
    why: 'files of both would stand side by side',
    fix: 'wait for the other one; delete .fleet-lock in the output directory if no synth runs',
  },
  MESH2016: {
    title: 'output that is not what the program writes',
    why: 'what is committed is what GitOps applies; the program says something else',
    fix: 'synthesize, and commit the output directory',
  },
  MESH2017: {
    title: 'malformed acceptance',
    why: 'a finding is accepted by its code, for something that has a name, and for a reason that others can read',
    fix: 'state a code of a warning or info, a construct or name, and the reason',
  },
  MESH2018: {
    title: 'acceptance without a finding',
    why: 'what it was for is gone, or code or name are misspelled; a later finding of that name would go unnoticed',
    fix: 'remove the acceptance, or correct it',
  },
  MESH2019: {
    title: 'removed cluster that is still written',
    why: 'the permission for its folder to vanish would stay unnoticed',
    fix: 'remove the name from removedClusters',
  },
  MESH2020: {
    title: 'malformed program name',
    why: 'the name stands in one line of fleet.index',
    fix: 'state one line of text',
  },
  MESH2021: {
    title: 'two fleets with one output directory',
    why: 'each removes what it does not write itself, so the last one would replace the files of the first',
    fix: 'put all clusters into one Fleet, or give each fleet an outdir of its own',
  },
  MESH2022: {
    title: 'mesh that is its own provider',
    why: 'calls leave the mesh and come back through its own gateway, where a Service or a Routing would lead them straight',
    fix: 'call the service by its own name, or accept the finding if the way through the gateway is meant',
  },
  MESH3080: {
    title: 'host, or a part of its calls, of which nobody gets an answer',
    why: 'manifests lead callers to the host, and no request of any of them is answered, whatever it is, or none for a path or a share of the calls: two objects of the way do not agree',
    fix: 'correct the field that decides, which the finding names; `multimesh explain` shows the whole way',
  },
  MESH3100: {
    title: 'stated call that is not answered',
    why: 'an access rule allows the call, and the exposed service does not answer it: callers get an error, or an answer of somebody else',
    fix: 'correct the field that decides, which the finding names; `multimesh explain` shows the whole way',
  },
  MESH3101: {
    title: 'call that nobody allows and that is answered',
    why: 'no access rule allows the call, and the exposed service answers it: it is open',
    fix: 'limit what the object allows that the finding names, or state an access rule',
  },
  MESH3102: {
    title: 'stated call of which nobody can say what becomes of it',
    why: 'something is in its way that is not modelled, it depends on which of two objects is older, or a policy asks for an address, a header or a token of which no program speaks',
    fix: 'look at the objects that the finding names; accept the finding when you know that it is right',
  },
  MESH3119: {
    title: 'stated call that arrives as another one',
    why: 'a route on the way changes the path, after policies have looked at it: the service is asked for something that no access rule is about',
    fix: 'leave the rewrite out, or state access rules for the paths that arrive; accept the finding if it is meant',
  },
  MESH4001: {
    title: 'misused command line',
    why: 'what is misspelled would silently be left out',
    fix: 'correct the command, its arguments or options; `multimesh --help` shows what there is',
  },
  MESH4002: {
    title: 'no manifests',
    why: 'nothing was judged, which is not the same as nothing being wrong',
    fix: 'name a folder with manifests of one cluster, or with a folder per cluster',
  },
  MESH4003: {
    title: 'several fleets in one folder',
    why: 'objects of fleets that have nothing to do with each other would be judged together',
    fix: 'name the folder of one fleet, the one that holds its `fleet.json`',
  },
  MESH4004: {
    title: 'unreadable facts',
    why: 'what is not understood would silently be left out, and the verdict be about other clusters than yours',
    fix: 'correct the file: `schema/fleet.schema.json` and `schema/facts.schema.json` say what it may hold',
  },
  MESH4005: {
    title: 'unknown caller',
    why: 'a call is made from a pod: its labels, account and namespace decide what it may',
    fix: 'name a workload as `<cluster>/<namespace>/<workload>`',
  },
  MESH4006: {
    title: 'malformed acceptance',
    why: 'a finding is accepted by its code, for something that has a name, and for a reason that others can read',
    fix: 'state code and reason; in a file also what the finding is about',
  },
  MESH4007: {
    title: 'acceptance that meets no finding',
    why: 'what it was for is gone, or code or name are misspelled; a later finding of that name would go unnoticed',
    fix: 'remove the acceptance, or correct it',
  },
  MESH4008: {
    title: 'unreadable calls',
    why: 'what is not understood would silently not be tested',
    fix: 'correct the file: `schema/calls.schema.json` says what it may hold',
  },
  MESH4009: {
    title: 'fault of multimesh itself',
    why: 'nothing was judged, by a fault of this program and not of yours',
    fix: 'report it with the stack and, if you can, the manifests',
  },
  MESH4010: {
    title: 'object that its cluster would refuse',
    why: 'the API server or the validating webhook of istiod refuses the object: what it is for does not happen',
    fix: 'correct the field',
  },
  MESH4011: {
    title: 'object that its cluster would take with a warning',
    why: 'the object is taken, and part of it does nothing or something else than it seems',
    fix: 'correct the field',
  },
  MESH4050: {
    title: 'unreadable zone of trust',
    why: 'a rule that is not understood would silently allow nothing, or everything',
    fix: 'correct the file: `allow` is a list of rules with `to`, `from`, and maybe `methods` and `paths`',
  },
} as const satisfies Record<string, CodeInfo>;

/** A stable code such as `MESH2001`. */
export type Code = keyof typeof CODES;
