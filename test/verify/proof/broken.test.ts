import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, JsonPatch } from 'cdk8s';
import {
  Access,
  Cluster,
  ControlPlane,
  DirectPeering,
  Fleet,
  Gateway,
  Istio,
  Mesh,
  PeeringTls,
  Port,
} from '../../../lib';
import { Memo } from '../../../lib/facts/memo';
import { Mesh as AnyMesh } from '../../../lib/mesh/mesh';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { Settled } from '../../../lib/verify/settled';
import { scenarios } from '../../../scenarios';
import { temporaryFolder } from '../../support/model';

// What a program states is broken on purpose, each time in one place: the finding must say which call fails or is open,
// and which field decided.

type Change = (fleet: Fleet) => void;

/** What the verdict finds in a scenario after a change, without the rules. */
function findingsOf(scenario: string, change: Change): string[] {
  const inputOf = (changes: Change) => {
    const fleet = new Fleet({ outdir: temporaryFolder(), print: () => {} });
    scenarios[scenario](fleet);
    changes(fleet);
    return { manifests: fleet.manifests(), facts: fleet.facts(), included: fleet.included.manifests };
  };
  const intact = intactOf.get(scenario, () => {
    const settled = new Settled('tests');
    judgeFleet(
      inputOf(() => {}),
      settled,
    );
    return settled.entries;
  });
  // what was judged before the change hides nothing of it
  const { findings } = judgeFleet(inputOf(change), new Settled('tests', new Map(intact)));
  return findings.map(({ code, message, fix }) => `${code} ${message}; ${fix}`);
}

const intactOf = new Memo<Settled['entries']>();

/** Changes one field of one object. */
function patched(object: string, ...patches: JsonPatch[]): Change {
  return (fleet) => {
    const found = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
    const nameOf = (one: ApiObject) => {
      const { kind, metadata } = one.toJson();
      return `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    };
    const meant = found.filter((one) => {
      const [cluster] = one.chart.node.path.split('/');
      return [nameOf(one), `${nameOf(one)} @${cluster}`].includes(object);
    });
    if (meant.length !== 1) {
      const there = found.map(nameOf).sort();
      throw new Error(`${object} is there ${meant.length} times; there are\n${there.join('\n')}`);
    }
    meant[0].addJsonPatch(...patches);
  };
}

const replace = (path: string, value: unknown) => JsonPatch.replace(path, value);

/** Hand-written YAML of a mesh. */
function included(mesh: string, yaml: string): Change {
  return (fleet) => {
    const file = join(temporaryFolder(), 'own.yaml');
    writeFileSync(file, yaml);
    const found = fleet.node.findAll().find((one): one is Mesh => AnyMesh.isMesh(one) && one.name === mesh);
    found?.include(file);
  };
}

const EGRESS = 'istio-egress/premium.premium-broker.insurances.8000';
const ORIGINATION = `DestinationRule ${EGRESS}`;
const TLS = '/spec/trafficPolicy/portLevelSettings/0/tls';
const INGRESS = 'partner-gateways/public.insurances.partner.example';

const QUOTES = 'AuthorizationPolicy gateways/partner.broker.quotes.8000';
const REPORTS = 'AuthorizationPolicy gateways/partner.broker.reports.8000';

const ORDERS = 'AuthorizationPolicy gateways/partner.broker.orders.8000';
const LOGIN = 'RequestAuthentication gateways/public.jwt.login-agency-example-a6b7ed13fd';

/** A route of somebody's own at a gateway, beside the one of an exposure. */
const routeBeside = (host: string, gateway: string, rule: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: own, namespace: ${gateway.split('/')[0]} }
spec: { exportTo: ["."], hosts: [${host}], gateways: [${gateway}], http: [{ ${rule} }] }
`;

const beside = (rule: string) =>
  included('partner', routeBeside('quotes.partner.example', 'gateways/public-quotes-partner-example', rule));

const TO_QUOTES = 'route: [{ destination: { host: quotes.broker.svc.cluster.local, port: { number: 8000 } } }]';
const TO_BAR = 'route: [{ destination: { host: httpbin.bar.svc.cluster.local, port: { number: 8000 } } }]';

/** Further pods with the labels of a gateway. */
const MORE_PODS = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: more, namespace: istio-private-gateways }
spec:
  selector: { matchLabels: { app: more } }
  template:
    metadata:
      labels: { app: more, istio: istio-private-ingressgateway, sidecar.istio.io/inject: "true" }
      annotations: { inject.istio.io/templates: gateway }
    spec: { serviceAccountName: more, containers: [{ name: istio-proxy, image: auto }] }
`;

type Case = [title: string, scenario: string, change: Change, expected: RegExp];

const CASES: Case[] = [
  [
    'a route for some paths that fails, beside the one of an exposure',
    'at-the-gateway/addresses',
    beside(
      `match: [{ uri: { prefix: /quotes/old } }], fault: { abort: { httpStatus: 503, percentage: { value: 100 } } }, ${TO_QUOTES}`,
    ),
    /^MESH3100 peering partner, broker\/quotes:8000: GET .*\/quotes\/old from .* \(an access rule allows it, and a route is about it\), but it ends in 503: .* aborted with 503/,
  ],
  [
    'a route for paths of an expression that answers itself',
    'at-the-gateway/addresses',
    beside('match: [{ uri: { regex: "/quotes/v[0-9]+/.*" } }], directResponse: { status: 200 }'),
    /^MESH3100 peering partner, broker\/quotes:8000: GET .*\/quotes\/v0\/ from .* ends in 200/,
  ],
  [
    'a route for a header and a parameter that leads to a subset without pods',
    'at-the-gateway/addresses',
    beside(
      'match: [{ headers: { x-canary: { exact: "1" } }, queryParams: { v: { exact: "2" } } }], route: [{ destination: { host: quotes.broker.svc.cluster.local, port: { number: 8000 }, subset: none } }]',
    ),
    /^MESH3100 peering partner, broker\/quotes:8000: GET .*\?v=2 with x-canary: 1 from .* ends in 503/,
  ],
  [
    'a route that rewrites some paths of an exposure',
    'at-the-gateway/addresses',
    beside(`match: [{ uri: { prefix: /quotes/public } }], rewrite: { uri: /admin }, ${TO_QUOTES}`),
    /^MESH3119 peering partner, broker\/quotes:8000: GET .*\/quotes\/public from .* must reach partner\/broker\/quotes .*, but it arrives there as \/admin; leave the path as it is: VirtualService gateways\/own @partner/,
  ],
  [
    'a route that rewrites what clients outside ask for',
    'mutual-ingress/istio',
    included(
      'cluster2',
      routeBeside(
        'httpbin.example.com',
        'public-gateways/public-httpbin-example-com',
        `match: [{ uri: { exact: /headers } }], rewrite: { uri: /status/200 }, ${TO_BAR}`,
      ),
    ),
    /^MESH31(02|19) peering .*httpbin.* from \(outside\)\/clients\/client .*arrives there as \/status\/200/,
  ],
  [
    'an egress gateway that asks for another path',
    'private-gateways/http',
    patched(
      'VirtualService istio-private-gateways/c1--c2-bookinfo-httpbin-8000',
      replace('/spec/http/0/rewrite/uri', '/bookinfo/httpbin/8000/_/admin/'),
    ),
    /^MESH3119 peering c1-c2, bookinfo\/httpbin:8000: .* arrives there as \/admin\/multimesh-call; .*c1--c2-bookinfo-httpbin-8000 @c1/,
  ],
  [
    'pods behind a gateway that cannot serve a part of the calls',
    'private-gateways/http',
    included('c2', MORE_PODS),
    /^MESH3100 peering c1-c2, bookinfo\/httpbin:8000: .* ends in 503: c2\/istio-private-gateways\/more \(gateway\): service account .* may not list secrets/,
  ],
  [
    'another name for the server behind an ingress gateway',
    'saas/behind-ingress',
    patched(
      'DestinationRule hub-gateways/public.api.pay.example',
      replace('/spec/trafficPolicy/portLevelSettings/0/tls/subjectAltNames', ['other.example']),
    ),
    /^MESH3100 peering hub, hub-gateways\/api\.pay\.example:443: .* must reach .*api\.pay\.example.*DestinationRule/,
  ],
  [
    'no entry for the server behind an ingress gateway',
    'saas/behind-ingress',
    patched('ServiceEntry hub-gateways/public.db.old.example', replace('/spec/hosts', ['other.old.example'])),
    /^MESH3100 peering hub, hub-gateways\/db\.old\.example:5432: /,
  ],
  [
    'another server name, between two meshes of one cluster',
    'partner-agency/option-2-ossm',
    patched(
      'DestinationRule prod-istio-system/premium.premium-broker.insurances.8000',
      replace(`${TLS}/sni`, 'other.example'),
    ),
    /^MESH3100 peering premium.* from ocp\/prod-travel-agency\/.* must reach ocp\/premium-broker\/.* no filter chain for TLS with SNI other\.example.* @ocp spec/,
  ],
  [
    'a Route to another host',
    'route-terminations/ossm-3',
    patched('Route gateways/edge.edge.apps.example', replace('/spec/host', 'other.apps.example')),
    /^MESH3100 peering edge, app\/web:8000: .*router \(gateway\): no Route of edge\.apps\.example takes the request/,
  ],
  [
    'a Route that encrypts no more on its way to a gateway that wants TLS',
    'route-terminations/ossm-3',
    patched('Route gateways/reencrypt.reencrypt.apps.example', replace('/spec/tls/termination', 'edge')),
    /^MESH3100 peering reencrypt, app\/web:8000: .*reencrypt \(gateway\): clear text to a chain with TLS SIMPLE/,
  ],
  [
    'a policy of a gateway behind a Route that lets everybody through',
    'route-terminations/ossm-3',
    patched('AuthorizationPolicy gateways/edge.app.web.8000', replace('/spec/rules', [{}])),
    /^MESH3101 peering edge, app\/web:8000: /,
  ],
  [
    'another target of a tunnel',
    'saas/company-proxy',
    patched(
      'DestinationRule egress/api.api.vendor.example.443',
      replace('/spec/trafficPolicy/tunnel/targetHost', 'other.example'),
    ),
    /^MESH3100 peering api, api\.vendor\.example:443: .*proxy\.company\.example-3128 does not know other\.example/,
  ],
  [
    'no tunnel on the way to a proxy',
    'saas/company-proxy',
    patched(
      'DestinationRule returns/mail.mail.vendor.example.25',
      replace('/spec/trafficPolicy', { loadBalancer: { simple: 'RANDOM' } }),
    ),
    /^MESH3100 peering mail, mail\.vendor\.example:25: .* is a proxy, which takes CONNECT alone/,
  ],
  [
    'a cluster that is not there, for the names of a domain',
    'saas/egress-domain',
    patched('EnvoyFilter egress/cloud-443', replace('/spec/configPatches/2/patch/value/typed_config/cluster', 'other')),
    /^MESH3100 peering cloud, \*\.cloud\.example:443: .*tls:\/\/any\.cloud\.example:443 .* there is no cluster other/,
  ],
  [
    'names of another domain',
    'saas/domain',
    patched('ServiceEntry orders/cloud.any.cloud.example.443', replace('/spec/hosts', ['*.other.example'])),
    /^MESH3100 peering cloud, \*\.cloud\.example:443: /,
  ],
  [
    'another server name',
    'partner-agency/option-2',
    patched(ORIGINATION, replace(`${TLS}/sni`, 'other.example')),
    /MESH3100.*ends in 503: partner\/partner-gateways\/public \(gateway\): no filter chain for TLS with SNI other\.example.*its chains are for insurances\.partner\.example/,
  ],
  [
    'a name that the server does not have',
    'partner-agency/option-2',
    patched(ORIGINATION, replace(`${TLS}/subjectAltNames/0`, 'other.example')),
    /verify SAN list: .* has insurances\.partner\.example, expected other\.example/,
  ],
  [
    'no TLS where the server wants it',
    'partner-agency/option-2',
    patched(ORIGINATION, replace(TLS, { mode: 'DISABLE' })),
    /no filter chain for clear text/,
  ],
  [
    'no client certificate where the server wants one',
    'partner-agency/option-2',
    patched(ORIGINATION, replace(`${TLS}/mode`, 'SIMPLE')),
    /the client presents no certificate/,
  ],
  [
    'a Secret of another name',
    'partner-agency/option-2',
    patched(ORIGINATION, replace(`${TLS}/credentialName`, 'other')),
    /no ALLOW policy matches .*; believed: Secret istio-egress\/other @agency exists and is right/,
  ],
  [
    'a subset that the egress gateway does not have',
    'partner-agency/option-2',
    patched(
      'DestinationRule istio-egress/premium-premium--broker-insurances-8000',
      replace('/spec/subsets/0/name', 'other'),
    ),
    /there is no cluster outbound\|443\|premium-premium--broker/,
  ],
  [
    'another server name on the way to the egress gateway',
    'partner-agency/option-2',
    patched(
      'DestinationRule istio-egress/premium-premium--broker-insurances-8000',
      replace('/spec/subsets/0/trafficPolicy/portLevelSettings/0/tls/sni', 'other.example'),
    ),
    /agency\/istio-egress\/egress \(gateway\): no filter chain for TLS with SNI other\.example/,
  ],
  [
    'a host that the callers do not see',
    'partner-agency/option-2',
    patched(`ServiceEntry ${EGRESS}`, replace('/spec/exportTo', ['elsewhere'])),
    /(:80 is unknown, and unknown addresses are blocked[\s\S]*there is no cluster outbound\|80\|\|insurances\.partner\.example)/,
  ],
  [
    'another port of the provider',
    'partner-agency/option-2',
    patched(`ServiceEntry ${EGRESS}`, replace('/spec/ports/0/targetPort', 8443)),
    /198\.18\.0\.1 does not take port 8443; it takes 443/,
  ],
  [
    'an egress gateway without right to its Secrets',
    'partner-agency/option-2',
    patched('Role istio-egress/egress', replace('/rules', [])),
    /service account istio-egress\/egress may not list secrets/,
  ],
  [
    'an egress gateway that lets nobody through',
    'partner-agency/option-2',
    patched('AuthorizationPolicy istio-egress/premium-premium--broker-insurances-8000', replace('/spec/rules', [])),
    /agency\/istio-egress\/egress \(gateway\): no ALLOW policy matches/,
  ],
  [
    'an ingress gateway that lets nobody through',
    'partner-agency/option-2',
    patched('AuthorizationPolicy partner-gateways/premium.premium-broker.insurances.8000', replace('/spec/rules', [])),
    /partner\/partner-gateways\/public \(gateway\): no ALLOW policy matches/,
  ],
  ...['an-own', 'zz-own'].map(
    (name): Case => [
      `a hand-written policy that lets everybody through the egress gateway, as ${name}: of all that let the call pass it is named`,
      'private-gateways/http',
      included(
        'c1',
        `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: ${name}, namespace: istio-private-gateways }
spec: { action: ALLOW, rules: [{}] }
`,
      ),
      new RegExp(
        `MESH3101 .*it is answered: 200.*; limit what AuthorizationPolicy istio-private-gateways/${name} @c1 spec.rules\\[0\\] allows`,
      ),
    ],
  ),
  [
    'an ingress gateway that lets everybody through',
    'partner-agency/option-2',
    patched(
      'AuthorizationPolicy partner-gateways/premium.premium-broker.insurances.8000',
      replace('/spec/rules', [{}]),
    ),
    /MESH3101 .*POST .* must not reach partner\/premium-broker\/insurances-premium \(no access rule allows it\), but it is answered: 200; so do 2 more stated calls/,
  ],
  [
    'a server of another host',
    'partner-agency/option-2',
    patched(
      'Gateway partner-gateways/public-insurances-partner-example',
      replace('/spec/servers/0/hosts', ['other.example']),
    ),
    /no filter chain for TLS with SNI insurances\.partner\.example .*; its chains are for other\.example/,
  ],
  [
    'a server on another port',
    'partner-agency/option-2',
    patched('Gateway partner-gateways/public-insurances-partner-example', replace('/spec/servers/0/port/number', 8444)),
    /partner\/partner-gateways\/public \(gateway\): no server listens on 8443/,
  ],
  [
    'a server that selects no gateway',
    'partner-agency/option-2',
    patched(
      'Gateway partner-gateways/public-insurances-partner-example',
      replace('/spec/selector', { istio: 'other' }),
    ),
    /partner\/partner-gateways\/public \(gateway\): no server listens on 8443/,
  ],
  [
    'a server that asks for no client certificate',
    'mutual-ingress/istio',
    patched('Gateway public-gateways/public-httpbin-example-com', replace('/spec/servers/0/tls/mode', 'SIMPLE')),
    /MESH3101 .*GET https:\/\/httpbin\.example\.com:443\/multimesh-call from \(outside\)\/clients\/client must not reach .*it shows no client certificate\), but it is answered: 200/,
  ],
  [
    'a route to another port of the service',
    'partner-agency/option-2',
    patched(`VirtualService ${INGRESS}`, replace('/spec/http/0/route/0/destination/port/number', 9999)),
    /there is no cluster outbound\|9999\|\|insurances/,
  ],
  [
    'a route to a service that is not there',
    'partner-agency/option-2',
    patched(
      `VirtualService ${INGRESS}`,
      replace('/spec/http/0/route/0/destination/host', 'other.premium-broker.svc.cluster.local'),
    ),
    /there is no cluster outbound\|8000\|\|other\.premium-broker/,
  ],
  [
    'a route to a subset that is not there',
    'partner-agency/option-2',
    patched(`VirtualService ${INGRESS}`, JsonPatch.add('/spec/http/0/route/0/destination/subset', 'v9')),
    /there is no cluster outbound\|8000\|v9\|insurances/,
  ],
  [
    'a Service that selects no pods',
    'partner-agency/option-1',
    patched('Service premium-broker/insurances', replace('/spec/selector', { app: 'other' })),
    /has no endpoint/,
  ],
  [
    'a route of another path',
    'partner-agency/option-1',
    patched(
      'VirtualService partner-gateways/premium.premium-broker.insurances.8000',
      replace('/spec/http/0/match/0/uri/prefix', '/other/'),
    ),
    /ends in 404: .*no route of insurances\.partner\.example:80 for GET \/insurances\/multimesh-call/,
  ],
  [
    'a route of every path',
    'partner-agency/option-1',
    patched(
      'VirtualService partner-gateways/premium.premium-broker.insurances.8000',
      replace('/spec/http/0/match/0/uri/prefix', '/'),
    ),
    /MESH3101 .*GET .*\/not-multimesh-call .*no access rule allows it\), but it is answered: 200/,
  ],
  [
    'a rule of the consumer that leads elsewhere',
    'partner-agency/option-1',
    patched(
      'VirtualService prod-travel-agency/premium-destinations',
      replace('/spec/http/0/route/0/destination/host', 'insurances.prod-travel-agency.svc.cluster.local'),
    ),
    /there is no cluster outbound\|80\|\|insurances\.prod-travel-agency/,
  ],
  [
    'an authority that the provider does not route',
    'partner-agency/option-1',
    patched(
      'VirtualService prod-travel-agency/premium-destinations',
      replace('/spec/http/0/route/0/headers/request/set/:authority', 'other.example'),
    ),
    /no virtual host for other\.example/,
  ],
  [
    'an egress gateway that lets every workload through',
    'private-gateways/http',
    patched('AuthorizationPolicy istio-private-gateways/c1--c2-bookinfo-httpbin-8000', replace('/spec/rules', [{}])),
    /MESH3101 .*from c1\/default\/caller-\d+-as-multimesh-stranger must not reach c2\/bookinfo\/httpbin \(it is none of the callers\), but it is answered: 200/,
  ],
  [
    'a prefix that the provider does not route',
    'private-gateways/http',
    patched(
      'VirtualService istio-private-gateways/c1--c2-bookinfo-httpbin-8000',
      replace('/spec/http/0/rewrite/uri', '/other/'),
    ),
    /no ALLOW policy matches/,
  ],
  [
    'a workload that lets nobody in',
    'partner-agency/option-3',
    patched(
      'AuthorizationPolicy premium-broker/premium.premium-broker.insurances.8000.workload',
      replace('/spec/rules/0/from/0/source/principals', ['a.example/ns/b/sa/c']),
    ),
    /sidecar inbound\): no ALLOW policy matches/,
  ],
  [
    'a workload that lets everybody in',
    'shared-root/istio',
    patched('AuthorizationPolicy bar/c1-c2.bar.httpbin.8000.workload', replace('/spec/rules', [{}])),
    /MESH3101 .*from c1\/foo\/caller-\d+-as-multimesh-stranger must not reach c2\/bar\/httpbin-v1 \(no access rule names its identity\)/,
  ],
  [
    'a workload that lets another identity in',
    'shared-root/istio',
    patched(
      'AuthorizationPolicy bar/c1-c2.bar.httpbin.8000.workload',
      replace('/spec/rules/0/from/0/source/principals', ['cluster.local/ns/foo/sa/other']),
    ),
    /c2\/bar\/httpbin-v1 \(sidecar inbound\): no ALLOW policy matches/,
  ],
  [
    'clear text to a gateway that passes mTLS on',
    'shared-root/istio',
    patched('DestinationRule foo/c1-c2.httpbin.bar.cluster2', replace('/spec/trafficPolicy/tls/mode', 'DISABLE')),
    /c2\/istio-system\/eastwest \(gateway\): no filter chain for clear text/,
  ],
  [
    'a host that the gateway does not pass on',
    'shared-root/istio',
    patched('Gateway istio-system/eastwest-httpbin-bar-cluster2', replace('/spec/servers/0/hosts', ['other.example'])),
    /no filter chain for TLS with SNI outbound_\.8000_\._\.httpbin\.bar\.cluster2/,
  ],
  [
    'an identity that the server does not have',
    'shared-root/istio',
    patched(
      'ServiceEntry foo/c1-c2.httpbin.bar.cluster2',
      replace('/spec/subjectAltNames', ['spiffe://cluster.local/ns/bar/sa/other']),
    ),
    /verify SAN list: httpbin-v1 has spiffe:\/\/cluster\.local\/ns\/bar\/sa\/httpbin, expected spiffe:\/\/cluster\.local\/ns\/bar\/sa\/other/,
  ],
  [
    'another port of the gateway',
    'shared-root/istio',
    patched('ServiceEntry foo/c1-c2.httpbin.bar.cluster2', replace('/spec/endpoints/0/ports', { 'http-8000': 15444 })),
    /10\.72\.0\.30 does not take port 15444; it takes 15443/,
  ],
  [
    'a server name that nobody passes on',
    'partner-agency/option-3',
    patched(
      'DestinationRule istio-system/premium.premium-broker.insurances.8000.remote',
      replace('/spec/trafficPolicy/tls/sni', 'other.example'),
    ),
    /partner\/istio-system\/production-ingress \(gateway\): no filter chain for TLS with SNI other\.example/,
  ],
  [
    'an ingress gateway that lets another mesh through',
    'partner-agency/option-3',
    patched(
      'AuthorizationPolicy istio-system/premium.premium-broker.insurances.8000',
      replace('/spec/rules/0/from/0/source/principals', ['a.example/ns/b/sa/c']),
    ),
    /partner\/istio-system\/production-ingress \(gateway\): no ALLOW policy matches/,
  ],
  [
    'a name of a server outside that it does not have',
    'external-services/egress-shared',
    patched(
      'DestinationRule istio-egress/bank.api.bank.example.443',
      replace('/spec/trafficPolicy/portLevelSettings/0/tls/subjectAltNames', ['other.example']),
    ),
    /must reach \(outside\).*verify SAN list: .* has api\.bank\.example, expected other\.example/,
  ],
  [
    'clear text to a server outside',
    'external-services/egress-shared',
    patched(
      'DestinationRule istio-egress/shop.shop.example.443',
      replace('/spec/trafficPolicy/portLevelSettings/0/tls', { mode: 'DISABLE' }),
    ),
    /clear text to an application that speaks TLS/,
  ],
  [
    'another port of a server outside',
    'external-services/egress-shared',
    patched('ServiceEntry istio-egress/bank.api.bank.example.443', replace('/spec/ports/0/targetPort', 8443)),
    /does not take port 8443; it takes 443/,
  ],
  [
    'an object that the API server refuses',
    'partner-agency/option-1',
    patched(
      'Gateway partner-gateways/public-insurances-partner-example',
      replace('/spec/servers/0/port/number', 70000),
    ),
    /MESH4010 spec\.servers\[0\]\.port\.number is 70000, expected a port from 1 to 65535/,
  ],
  [
    'hand-written rules of the caller that turn TLS off',
    'shared-root/istio',
    included(
      'c1',
      `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: own, namespace: foo }
spec: { host: httpbin.bar.cluster2, exportTo: ["."], trafficPolicy: { tls: { mode: DISABLE } } }
`,
    ),
    /no filter chain for clear text/,
  ],
  [
    'a hand-written policy that denies',
    'partner-agency/option-1',
    included(
      'partner',
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: own, namespace: premium-broker }
spec: { action: DENY, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
`,
    ),
    /DENY ns\[premium-broker\]-policy\[own\]-rule\[0\] matches/,
  ],
  [
    'a hand-written policy that asks for a token',
    'partner-agency/option-1',
    included(
      'partner',
      `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: own, namespace: premium-broker }
spec: { rules: [{ from: [{ source: { requestPrincipals: ['*'] } }] }] }
`,
    ),
    /MESH3102 .*no ALLOW policy matches .*; depends on what no program says of its callers: request\.auth\.principal \*/,
  ],
  [
    'a hand-written EnvoyFilter that removes the policies of a gateway',
    'partner-agency/option-2',
    included(
      'partner',
      `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: own, namespace: partner-gateways }
spec:
  configPatches:
  - applyTo: HTTP_FILTER
    match:
      context: GATEWAY
      listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager, subFilter: { name: envoy.filters.http.rbac } } } }
    patch: { operation: REMOVE }
`,
    ),
    /MESH3101 .*it is answered: 200.*EnvoyFilter partner-gateways\/own @partner spec\.configPatches\[0\]/,
  ],
  [
    'a hand-written VirtualService of the same host',
    'partner-agency/option-1',
    included(
      'production',
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: own, namespace: prod-travel-agency }
spec: { hosts: [insurances], http: [{ directResponse: { status: 418 } }] }
`,
    ),
    /MESH3102 .*depends on which is older of VirtualService prod-travel-agency\/own @agency, VirtualService prod-travel-agency\/premium-destinations @agency: 418 or 200/,
  ],
  [
    'addresses of callers that nobody has',
    'at-the-gateway/addresses',
    patched(QUOTES, replace('/spec/rules/0/from/0/source/ipBlocks', ['192.0.2.7'])),
    /MESH3100 peering partner, broker\/quotes:8000: GET http:\/\/quotes.* must reach .* but it ends in 403/,
  ],
  [
    'a policy that asks for no address any more',
    'at-the-gateway/addresses',
    patched(QUOTES, JsonPatch.remove('/spec/rules/0/from')),
    /MESH3101 .*broker\/quotes:8000: .* must not reach .* \(its address is none of ipBlocks\), but it is answered: 200/,
  ],
  [
    'a policy that asks for no client behind the proxy any more',
    'at-the-gateway/addresses',
    patched(REPORTS, JsonPatch.remove('/spec/rules/0/from/0/source/remoteIpBlocks')),
    /MESH3101 .*broker\/reports:8000: .* \(its address is none of remoteIpBlocks\), but it is answered: 200/,
  ],
  [
    'a policy that asks for no audience any more',
    'at-the-gateway/tokens',
    patched(ORDERS, JsonPatch.remove('/spec/rules/0/when/1')),
    /MESH3101 .*broker\/orders:8000: .* \(its token, of https:\/\/login\.agency\.example for invoices, is for another exposure of the gateway\), but it is answered: 200/,
  ],
  [
    'a policy that asks for no token any more',
    'at-the-gateway/tokens',
    patched(ORDERS, JsonPatch.remove('/spec/rules/0/when'), JsonPatch.remove('/spec/rules/0/from')),
    /MESH3101 .*broker\/orders:8000: .* \(it carries no token\), but it is answered: 200/,
  ],
  [
    'a gateway that does not know the audience',
    'at-the-gateway/tokens',
    patched(LOGIN, replace('/spec/jwtRules/0/audiences', ['invoices'])),
    /MESH3100 .*broker\/orders:8000: .* but it ends in 403: .*no rule accepts a token of https:\/\/login\.agency\.example for orders/,
  ],
  [
    'hand-written YAML that the API server refuses',
    'partner-agency/option-1',
    included(
      'production',
      `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: own, namespace: prod-travel-agency }
spec: { hosts: [own.example], htp: [] }
`,
    ),
    /MESH4010 spec\.htp is no field of this kind/,
  ],
];

test.each(CASES)('%s', (_, scenario, change, expected) => {
  const found = findingsOf(scenario, change);
  expect(found.join('\n')).toMatch(expected);
  // what stands for an address that nobody states is nothing that a user could look for
  expect(found.join('\n')).not.toMatch(/\b(198\.19|10[048]\.\d+)\.\d+\.\d+/);
});

test('facts alone may break what was judged before', () => {
  const fleet = new Fleet({ outdir: temporaryFolder(), print: () => {} });
  scenarios['partner-agency/option-2'](fleet);
  const input = { manifests: fleet.manifests(), facts: fleet.facts(), included: [] };
  const settled = new Settled('tests');
  expect(judgeFleet(input, settled).findings).toEqual([]);
  const meshes = input.facts.meshes.map((mesh) => ({ ...mesh, trustDomain: 'elsewhere.example' }));
  const changed = { ...input, facts: { ...input.facts, meshes } };
  const { findings } = judgeFleet(changed, new Settled('tests', new Map(settled.entries)));
  expect(findings.map(({ code }) => code)).toContain('MESH3100');
  expect(findings).toEqual(judgeFleet(changed).findings);
});

test('a Sidecar that hides the hosts of several peerings is one finding, which lists them', () => {
  const fleet = new Fleet({ print: () => {} });
  const mesh = (name: string) =>
    new Mesh(new Cluster(fleet, name), name, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
  const consumer = mesh('shop');
  consumer.namespace('till');
  for (const name of ['stock', 'mail']) {
    const provider = mesh(name);
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
    const tls = PeeringTls.plain();
    const peering = new DirectPeering(fleet, `to-${name}`, { consumer, provider, ingress, tls });
    for (const number of [1, 2]) {
      peering.expose(provider.service(`s${number}`, { namespace: 'apps', ports: [Port.http(8080)] }), {
        host: `s${number}.${name}.example`,
        allow: [Access.http({ methods: ['GET'] })],
      });
    }
  }
  const sidecar = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'default', namespace: 'till' },
    spec: { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  };
  const included = [{ cluster: 'shop', file: 'hand.yaml', manifest: sidecar }];
  const { findings } = judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included });
  expect(findings.map(({ code, objects }) => [code, objects])).toEqual([['MESH3100', ['Sidecar till/default @shop']]]);
  expect(findings[0].message).toMatch(
    /^peering to-mail, apps\/s1:8080: GET http:\/\/s1\.mail\.example.*; so do 3 more stated calls of peerings to-mail, to-stock, to s1\.mail\.example, s2\.mail\.example, s1\.stock\.example, s2\.stock\.example$/,
  );
});
