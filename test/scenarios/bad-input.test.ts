import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import {
  Access,
  Callers,
  Cluster,
  Contract,
  ControlPlane,
  DirectPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  Ossm,
  PeeringTls,
  Port,
  Routing,
  Rule,
  Workload,
} from '../../lib';
import { filesOf, messageOf, synth, temporaryFolder } from '../support/model';

/** The parts of a program that is right; a case adds what is wrong. */
function parts(fleet: Fleet) {
  const platform = Istio.v1_31();
  const controlPlane = ControlPlane.existing('istio-system');
  const agency = new Mesh(new Cluster(fleet, 'east'), 'agency', { platform, controlPlane });
  const partner = new Mesh(new Cluster(fleet, 'west'), 'partner', { platform, controlPlane });
  agency.namespace('travel', { create: true });
  const local = agency.service('insurances', {
    namespace: 'travel',
    ports: [Port.http(8000)],
    subsets: { v1: { version: 'v1' } },
  });
  const broker = partner.service('insurances', { namespace: 'broker', ports: [Port.http(8000), Port.tcp(9000)] });
  const ingress = new Gateway(partner, 'public', { kind: 'ingress', namespace: 'gateways', denyByDefault: false });
  const peering = new DirectPeering(fleet, 'premium', {
    consumer: agency,
    provider: partner,
    ingress,
    tls: PeeringTls.plain(),
  });
  return { agency, partner, local, broker, ingress, peering };
}

const host = 'insurances.partner.example';
const allow = [Access.http()];

/** What is right. */
function good(fleet: Fleet): void {
  const { agency, local, broker, peering } = parts(fleet);
  const premium = peering.expose(broker.at(Port.http(8000)), { host, allow });
  new Routing(agency, 'destinations', {
    host: local,
    rules: [Rule.paths(['/premium/*']).to(premium), Rule.otherwise().to(local.subset('v1'))],
  });
}

type Parts = ReturnType<typeof parts>;

const cases: [string, (all: Parts, fleet: Fleet) => unknown, string][] = [
  [
    'an unknown subset',
    ({ local }) => local.subset('v9'),
    "MESH1104 east/agency/travel/insurances: subset 'v9' is not declared; declared are v1: add it to 'subsets' with its pod labels",
  ],
  [
    'a port that is not of the service',
    ({ broker }) => broker.at(Port.http(80)),
    'MESH1102 west/partner/broker/insurances: port http 80 is not one of the service; it has http 8000, tcp 9000',
  ],
  [
    'an ambiguous port',
    ({ broker, peering }) => peering.expose(broker as never, { host, allow }),
    'MESH1103 west/partner/broker/insurances: the service has several ports (http 8000, tcp 9000); say which one with .at(Port.…)',
  ],
  [
    'a duplicate object',
    ({ agency }) => {
      for (const id of ['one', 'two']) {
        const metadata = { name: 'same', namespace: 'travel' };
        new ApiObject(agency.chart(id), 'object', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      }
    },
    [
      'synthesis failed with 1 error, nothing was written',
      "error MESH2001: 2 constructs write one object: 'east/agency/one/object', 'east/agency/two/object'",
      '    ConfigMap travel/same @east',
      '  at run time: all of them are applied, and the last one wins',
      '  fix: rename one of them, or remove the statement that repeats it',
    ].join('\n'),
  ],
  [
    'a name over 63 characters',
    ({ agency }) => agency.service('a'.repeat(64), { namespace: 'travel', ports: [Port.http(80)] }),
    `MESH1001 east/agency/travel/${'a'.repeat(64)}: service name '${'a'.repeat(64)}' has 64 characters, expected at most 63; choose a shorter one`,
  ],
  [
    'an empty list of destinations',
    ({ agency, local }) => new Routing(agency, 'x', { host: local, rules: [Rule.otherwise().to()] }),
    'MESH1302 Rule.otherwise: the list of destinations is empty; state where the calls go',
  ],
  [
    'an empty list of rules',
    ({ agency, local }) => new Routing(agency, 'x', { host: local, rules: [] }),
    'MESH1301 east/agency/x: the list of rules is empty, so every call would end in 404; state at least one rule',
  ],
  [
    'two Routings of one host',
    ({ agency, local }) => {
      for (const id of ['one', 'two']) new Routing(agency, id, { host: local, rules: [Rule.otherwise().to(local)] });
    },
    'MESH1303 east/agency/two: another Routing is about travel/insurances; put all rules of a host into one',
  ],
  [
    'two peerings on one consumer and host of the provider',
    ({ agency, partner, ingress, peering, broker }, fleet) => {
      peering.expose(broker.at(Port.http(8000)), { host, allow });
      const more = { consumer: agency, provider: partner, ingress, tls: PeeringTls.plain() };
      new DirectPeering(fleet, 'more', more).expose(broker.at(Port.http(8000)), { host, allow });
    },
    "MESH1213 more: peering 'premium' already leads from agency to host 'insurances.partner.example' of gateway west/partner/public; expose more through it, or give this exposure a host of its own",
  ],
  [
    'a service of another mesh, exposed',
    ({ peering, local }) => peering.expose(local, { host, allow }),
    'MESH1203 premium: service travel/insurances of east/agency is not of the provider; expected a service of west/partner',
  ],
  [
    'a service of another mesh, routed to',
    ({ agency, local, partner }) => {
      const to = partner.service('quotes', { namespace: 'broker', ports: [Port.http(80)] });
      new Routing(agency, 'x', { host: local, rules: [Rule.otherwise().to(to)] });
    },
    'MESH1304 east/agency/x: destination quotes.broker.svc.cluster.local is of mesh west/partner; expected a service of east/agency, or an exposure that it consumes',
  ],
  [
    'a malformed host',
    ({ peering, broker }) => peering.expose(broker.at(Port.http(8000)), { host: 'https://x.example', allow }),
    "MESH1002 premium: host 'https://x.example' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
  ],
  [
    'a malformed path',
    () => Rule.paths(['premium']),
    "MESH1004 Rule.paths: path 'premium' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'",
  ],
  [
    'weights that do not add up',
    ({ local }) => Rule.otherwise().to({ weight: 60, to: local }, { weight: 60, to: local.subset('v1') }),
    'MESH1302 Rule.otherwise: weights 60, 60 add up to 120; expected 100 (percent)',
  ],
  [
    'an Access that the strategy cannot enforce',
    ({ peering, broker }) =>
      peering.expose(broker.at(Port.http(8000)), {
        host,
        allow: [Access.http({ from: ['cluster.local/ns/travel/sa/web'] })],
      }),
    "MESH1206 premium: an access rule names callers (cluster.local/ns/travel/sa/web), but DirectPeering does not carry the caller's own identity; leave 'from' out; the rule would be widened",
  ],
  [
    'a platform that lacks what is used',
    (_, fleet) =>
      new Mesh(new Cluster(fleet, 'north'), 'x', {
        platform: Istio.v1_31(),
        controlPlane: ControlPlane.smcp('istio-system'),
      }),
    'MESH1105 north/x: ControlPlane.smcp needs ServiceMeshControlPlane, which Istio 1.31 does not have: it is an object of OpenShift Service Mesh 2; use ControlPlane.existing or ControlPlane.sail',
  ],
  [
    'a gateway that somebody else would have to write',
    (_, fleet) => {
      const controlPlane = ControlPlane.existing('istio-system');
      const ossm = new Mesh(new Cluster(fleet, 'north'), 'x', { platform: Ossm.v2_6(), controlPlane });
      Gateway.smcp(ossm, 'wan', { kind: 'egress' });
    },
    'MESH1115 north/x/wan: the ServiceMeshControlPlane exists and is not ours to write; add this gateway to it and use Gateway.existing:',
  ],
  [
    'an unreadable contract',
    () => Contract.file('nowhere/premium.json'),
    "MESH1501 nowhere/premium.json: the contract cannot be read (ENOENT: no such file or directory, open 'nowhere/premium.json'); copy it from the provider's dist/contracts/",
  ],
  [
    'an edited contract',
    () => {
      const contract = synth(good)['contracts/premium.json'];
      Contract.parse(contract.replace('"port": 80,', '"port": 81,'), 'premium.json');
    },
    "MESH1503 premium.json: field 'exposures[0].port' was changed after the contract was written; change the provider's main.ts and synthesize it again",
  ],
  [
    'a contract for another consumer',
    ({ partner }, fleet) => {
      const contract = Contract.parse(synth(good)['contracts/premium.json'], 'premium.json');
      DirectPeering.fromContract(fleet, { consumer: partner, contract });
    },
    "MESH1504 premium.json: field 'consumer.name' is 'agency', here it is 'partner'; the contract is for somebody else, or one of the two is wrong",
  ],
  [
    'hand-written YAML that is not there',
    ({ agency }) => agency.include('nowhere/*.yaml'),
    "MESH1107 east/agency: 'nowhere/*.yaml' matches no file; give a path from the current folder",
  ],
  [
    'a namespace declared twice',
    ({ agency }) => agency.namespace('travel'),
    "MESH1106 east/agency: namespace 'travel' is declared twice; declare it once",
  ],
  [
    'an image that may be another one tomorrow',
    ({ agency, local }) => new Workload(agency, 'x', { service: local, image: 'insurances' }),
    "MESH1109 east/agency/x: image 'insurances' has no fixed tag or digest; expected something like 'quay.io/example/insurances:1.0'",
  ],
  [
    'no callers',
    () => Callers.namespaces(),
    'MESH1205 Callers.namespaces: the list is empty; name at least one namespace, or leave callers out',
  ],
  [
    'a malformed identity',
    () => Identity.spiffe('spiffe://x.example/y'),
    "MESH1401 Identity.spiffe: 'spiffe://x.example/y' is no SPIFFE ID without scheme; expected '<trust domain>/<path>' such as 'cluster.local/ns/foo/sa/sleep'",
  ],
  [
    'nobody, where nothing of ours could refuse',
    ({ agency }, fleet) => {
      const bank = External.server({ host: 'api.bank.example', ports: [Port.http(80)] });
      const peering = new DirectPeering(fleet, 'bank', { consumer: agency, provider: bank, tls: PeeringTls.plain() });
      peering.expose(bank, { host: bank.host, allow: [] });
    },
    "MESH1206 bank: 'allow' is empty, but nothing of ours stands before api.bank.example to deny the calls; leave the exposure out; the rule would be widened",
  ],
  [
    'two mTLS policies of one namespace',
    ({ agency }) => {
      for (const id of ['one', 'two']) new MtlsPolicy(agency, id, { namespace: 'travel', mode: 'STRICT' });
    },
    "MESH1305 east/agency/two: policy 'east/agency/one' is about namespace 'travel', too, and of two the older would win; state one policy for each",
  ],
];

describe('bad input is refused, and an older dist/ is left as it was', () => {
  test.each(cases)('%s', (_, add, message) => {
    // GIVEN what an earlier synth wrote
    const dist = temporaryFolder();
    const before = synth(good, dist);
    // WHEN the program, good for the most part, says something wrong
    const thrown = messageOf(() =>
      synth((fleet) => {
        const all = parts(fleet);
        all.agency.namespace('more', { create: true });
        add(all, fleet);
      }, dist),
    );
    // THEN it is told what, and nothing was written
    expect(thrown.split('\n').slice(0, message.split('\n').length).join('\n')).toBe(message);
    expect(filesOf(dist)).toEqual(before);
  });

  test('what each case adds is all that is wrong with it', () => {
    const dist = temporaryFolder();
    const before = synth(good, dist);
    const after = synth((fleet) => void parts(fleet).agency.namespace('more', { create: true }), dist);
    expect(after).not.toEqual(before);
  });
});

describe('a file in dist/ that the index does not own', () => {
  test('in the folder of a cluster would be applied: refused', () => {
    const dist = temporaryFolder();
    synth(good, dist);
    writeFileSync(join(dist, 'east', 'mine.yaml'), 'kind: Namespace\n');
    const before = filesOf(dist);
    expect(messageOf(() => synth((fleet) => void parts(fleet), dist))).toBe(
      `MESH2006 ${dist}: '${dist}/east/mine.yaml' was not written by this fleet, and \`kubectl apply -f\` would apply it; move hand-written YAML out of the output directory (mesh.include() judges it there), or delete the file if an earlier program generated it`,
    );
    expect(filesOf(dist)).toEqual(before);
  });

  test('elsewhere is left alone', () => {
    const dist = temporaryFolder();
    mkdirSync(join(dist, 'notes'));
    writeFileSync(join(dist, 'notes', 'mine.yaml'), 'kind: Namespace\n');
    expect(synth(good, dist)['notes/mine.yaml']).toBe('kind: Namespace\n');
  });
});
