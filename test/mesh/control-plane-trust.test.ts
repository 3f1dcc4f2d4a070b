import { parse } from 'yaml';
import {
  ControlPlane,
  type ControlPlaneOptions,
  Gateway,
  type MeshProps,
  Ossm,
  OtherRoots,
  TrustBundle,
} from '../../lib';
import { mesh, messageOf, objectsOf, synth } from '../support/model';
import { selfSigned } from '../trust/self-signed';

let certificates: string;
const peer = () => ({ root: TrustBundle.declared('peer-root'), certificates, trustDomains: ['peer.example'] });

beforeAll(async () => {
  certificates = await selfSigned('peer');
});

const everything = (): ControlPlaneOptions => ({
  outboundTrafficPolicy: 'REGISTRY_ONLY',
  network: 'east',
  dnsCapture: true,
  trustDomainAliases: ['b.example', 'a.example'],
  otherRoots: OtherRoots.byEveryProxy(peer()),
});
const meshConfig = () => ({
  trustDomainAliases: ['a.example', 'b.example'],
  caCertificates: [{ pem: certificates, trustDomains: ['peer.example'] }],
  defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true', PROXY_CONFIG_XDS_AGENT: 'true' } },
});
const values = () => ({
  meshConfig: {
    trustDomain: 'production.example',
    outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    ...meshConfig(),
  },
  global: { network: 'east' },
  pilot: { env: { ISTIO_MULTIROOT_MESH: 'true' } },
});
const fragment = () => ({
  security: { trust: { domain: 'production.example' } },
  proxy: { networking: { trafficControl: { outbound: { policy: 'REGISTRY_ONLY' } } } },
  cluster: { network: 'east' },
  runtime: { components: { pilot: { container: { env: { ISTIO_MULTIROOT_MESH: 'true' } } } } },
  techPreview: { meshConfig: meshConfig() },
});

const objects = (props: Partial<MeshProps>) => objectsOf((fleet) => mesh(fleet, 'production', props, 'east'));
const files = (props: Partial<MeshProps>) => synth((fleet) => mesh(fleet, 'production', props, 'east'));

test('Sail: everything is in the values of the Istio', () => {
  const written = objects({ controlPlane: ControlPlane.sail('istio-system', everything()) });
  expect(written.one('Istio').spec).toMatchObject({ values: values() });
});

test('OpenShift Service Mesh 2: what its own fields do not know is in techPreview', () => {
  const controlPlane = ControlPlane.smcp('istio-system', everything());
  expect(objects({ platform: Ossm.v2_6(), controlPlane }).one('ServiceMeshControlPlane').spec).toMatchObject(
    fragment(),
  );
});

describe('a control plane that exists', () => {
  test('gets a file of the values that it must have, outside of what is applied', () => {
    const written = files({ controlPlane: ControlPlane.existing('istio-system', everything()) });
    const text = written['values/east/production.yaml'];
    expect(text).toMatch(
      /^# Values of the Helm chart istiod for mesh production \(helm upgrade -f\); for istioctl below spec.values.\n/,
    );
    expect(parse(text)).toEqual(values());
    expect(written['fleet.index']).toContain('  values/east/production.yaml\n');
    expect(Object.keys(written).filter((path) => path.startsWith('east/'))).toEqual([]);
  });

  test('of OpenShift Service Mesh 2 gets a part of a ServiceMeshControlPlane', () => {
    const text = files({
      platform: Ossm.v2_6(),
      controlPlane: ControlPlane.existing('istio-system', { ...everything(), name: 'full' }),
    })['values/east/production.yaml'];
    expect(text).toContain('# Part of spec of the ServiceMeshControlPlane of mesh production: merge it.');
    expect(parse(text)).toEqual(fragment());
  });

  test('gets none where every installation has what it needs', () => {
    const controlPlane = ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true });
    expect(Object.keys(files({ controlPlane }))).toEqual(['fleet.index', 'fleet.json']);
  });
});

test('fleet.json says what is stated', () => {
  const document = JSON.parse(
    files({ controlPlane: ControlPlane.existing('istio-system', everything()) })['fleet.json'],
  );
  expect(document.meshes[0].controlPlane).toEqual({
    namespace: 'istio-system',
    writtenBy: 'existing',
    outboundTrafficPolicy: 'REGISTRY_ONLY',
    mtls: false,
    dnsCapture: true,
    network: 'east',
    trustDomainAliases: ['a.example', 'b.example'],
    otherRoots: {
      believedBy: 'everyProxy',
      roots: [{ name: 'peer-root', sha256: [expect.any(String)], trustDomains: ['peer.example'] }],
    },
  });
});

test('trust domains that workloads accept: the own, aliases, those of other roots', () => {
  const plane = ControlPlane.existing('istio-system', everything());
  const accepted = ['own.example', 'a.example', 'peer.example', 'elsewhere.example'].filter((domain) =>
    plane.accepts(domain, 'own.example'),
  );
  expect(accepted).toEqual(['own.example', 'a.example', 'peer.example']);
});

test('aliases are trust domains, and not the own one', () => {
  const trustDomainAliases = ['production.example'];
  expect(
    messageOf(() => objects({ controlPlane: ControlPlane.existing('istio-system', { trustDomainAliases }) })),
  ).toBe(
    "MESH1117 east/production: trustDomainAliases names 'production.example', which is the trust domain of the mesh itself; leave it out",
  );
  expect(messageOf(() => ControlPlane.sail('istio-system', { trustDomainAliases: ['A'] }))).toContain(
    "MESH1401 ControlPlane: trust domain 'A' is malformed",
  );
});

describe('roots that gateways alone believe', () => {
  const gateways = () => ({ otherRoots: OtherRoots.byGateways(peer()) });
  const gateway = (options: ControlPlaneOptions, believesOtherRoots?: boolean) =>
    objectsOf((fleet) => {
      const own = mesh(fleet, 'production', { controlPlane: ControlPlane.sail('istio-system', options) });
      new Gateway(own, 'public', { kind: 'ingress', namespace: 'gateways', believesOtherRoots });
    });
  const annotations = (written: ReturnType<typeof gateway>) =>
    (written.one('Deployment').spec as { template: { metadata: { annotations: Record<string, string> } } }).template
      .metadata.annotations;

  test('are asked for by the pods of those that say so', () => {
    const asking = gateway(gateways(), true);
    expect(JSON.parse(annotations(asking)['proxy.istio.io/config'])).toEqual({
      proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' },
    });
    const { values } = asking.one('Istio').spec as { values: { meshConfig: object; pilot: object } };
    expect(values.meshConfig).toMatchObject({ caCertificates: [{ pem: certificates }] });
    expect(values.meshConfig).not.toHaveProperty('defaultConfig');
    expect(values.pilot).toEqual({ env: { ISTIO_MULTIROOT_MESH: 'true' } });
    expect(annotations(gateway(gateways()))).toEqual({ 'inject.istio.io/templates': 'gateway' });
  });

  test('are in its facts; where every proxy believes them, so does every gateway', () => {
    const believes = (options: ControlPlaneOptions, believesOtherRoots?: boolean) => {
      const written = synth((fleet) => {
        const own = mesh(fleet, 'production', { controlPlane: ControlPlane.existing('istio-system', options) });
        const props = { kind: 'ingress', namespace: 'gateways', selector: { istio: 'public' } } as const;
        Gateway.existing(own, 'public', { ...props, believesOtherRoots });
      });
      return JSON.parse(written['fleet.json']).meshes[0].gateways[0].believesOtherRoots;
    };
    expect(believes(gateways(), true)).toBe(true);
    expect(believes(gateways())).toBeUndefined();
    expect(believes(everything())).toBe(true);
    expect(believes({})).toBeUndefined();
  });

  test('must be stated by the control plane, and by gateways only', () => {
    expect(messageOf(() => gateway({}, true))).toBe(
      'MESH1117 production-cluster/production/public: believesOtherRoots is true, but the control plane of the mesh states no other root; state otherRoots: OtherRoots.byGateways({ … })',
    );
    expect(messageOf(() => gateway(everything(), false))).toBe(
      'MESH1117 production-cluster/production/public: believesOtherRoots is false, but every proxy of the mesh believes them; use OtherRoots.byGateways',
    );
  });

  test('cannot be asked for by a gateway that the operator deploys', () => {
    const deployed = () =>
      objectsOf((fleet) => {
        const controlPlane = ControlPlane.smcp('istio-system', gateways());
        const own = mesh(fleet, 'production', { platform: Ossm.v2_6(), controlPlane });
        Gateway.smcp(own, 'public', { kind: 'ingress', believesOtherRoots: true });
      });
    expect(messageOf(deployed)).toBe(
      'MESH1117 production-cluster/production/public: the operator deploys the gateway, so it cannot be told to ask for roots; use OtherRoots.byEveryProxy, or a gateway by injection',
    );
  });
});
