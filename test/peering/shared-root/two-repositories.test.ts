import { X509Certificate } from 'node:crypto';
import {
  Access,
  Callers,
  Contract,
  ControlPlane,
  type ControlPlaneOptions,
  type Fleet,
  Mesh,
  MeshContract,
  OtherRoots,
  Port,
  SharedRootPeering,
  TrustBundle,
} from '../../../lib';
import { twoRepositoriesEqualOne } from '../../support/assertions';
import { messageOf, synth } from '../../support/model';
import { selfSigned } from '../../trust/self-signed';
import { eastWest, member } from './shared-root';

const SLEEP = 'cluster.local/ns/foo/sa/sleep';
const options = { callers: Callers.namespaces('foo') };
const consumerOf = (fleet: Fleet) => member(fleet, 'c1');

function provide(fleet: Fleet, consumer: ReturnType<typeof member> | ReturnType<typeof Mesh.external>) {
  const { provider, ingress, httpbin } = eastWest(fleet);
  const own = consumer.kind === 'mesh' ? options : {};
  const peering = new SharedRootPeering(fleet, 'p', { consumer, provider, ingress, domain: 'cluster2', ...own });
  const used = consumer.kind === 'mesh' ? { virtualIp: '240.0.0.2' } : {};
  peering.expose(httpbin.at(Port.http(8000)), { allow: [Access.http({ from: [SLEEP] })], ...used });
  peering.expose(httpbin.at(Port.tcp(9000)), {
    // one trust domain: who calls in the provider's mesh could call from the consumer's, too
    allow: [Access.tcp({ from: [SLEEP, 'cluster.local/ns/bar/sa/x'] })],
    alsoFrom: ['cluster.local/ns/bar/sa/x'],
    ...used,
  });
  peering.expose(httpbin.at(Port.http2(8001)), { allow: [Access.http({ from: [SLEEP] })], subset: 'v1' });
}

const contractOf = (fleet: (fleet: Fleet) => void) => Contract.parse(synth(fleet)['contracts/p.json'], 'p.json');

test('two repositories write what one would', () => {
  twoRepositoriesEqualOne({
    together: (fleet) => provide(fleet, consumerOf(fleet)),
    before: (fleet) => consumerOf(fleet).writeContract(),
    provider: (contracts) => (fleet) =>
      provide(fleet, Mesh.external(fleet, 'c1', { contract: MeshContract.parse(contracts('c1.mesh.json'), 'c1') })),
    consumer: (contracts) => (fleet) => {
      const contract = Contract.parse(contracts('p.json'), 'p.json');
      const peering = SharedRootPeering.fromContract(fleet, { consumer: consumerOf(fleet), contract, ...options });
      expect(peering.exposure('bar/httpbin:8000', { virtualIp: '240.0.0.2' }).nextHop).toEqual({
        host: 'httpbin.bar.cluster2',
        port: 8000,
      });
      peering.tcpExposure('bar/httpbin:9000', { virtualIp: '240.0.0.2' });
      peering.exposure('bar/httpbin:8001/v1');
    },
  });
});

test('a contract of another root, trust domain or strategy is refused by name of the field', () => {
  const contract = contractOf((fleet) => provide(fleet, consumerOf(fleet)));
  const consume = (props: Parameters<typeof member>[3]) =>
    messageOf(() =>
      synth((fleet) => {
        SharedRootPeering.fromContract(fleet, { consumer: member(fleet, 'c1', {}, props), contract });
        throw new Error('accepted');
      }),
    );
  expect(consume({})).toBe('accepted');
  expect(consume({ root: TrustBundle.declared('mine', { rootSha256: ['b2'.repeat(32)] }) })).toBe(
    `MESH1504 p.json: field 'common.roots.consumer' is 'shared-root' (SHA-256 ${'a1'.repeat(32)}), mesh c1 has 'mine' (SHA-256 ${'b2'.repeat(32)}); one of the two is wrong`,
  );
  expect(consume({ root: undefined })).toContain('MESH1250 p: mesh c1 states no root');
  expect(consume({ trustDomain: 'c1.local' })).toContain("MESH1504 p.json: field 'consumer.trustDomain'");
});

test('of meshes with two roots, each side is asked for what it must believe', async () => {
  const pems = { c1: await selfSigned('c1'), c2: await selfSigned('c2') };
  const rootOf = (name: 'c1' | 'c2') =>
    TrustBundle.declared(`${name}-root`, { rootSha256: [new X509Certificate(pems[name]).fingerprint256] });
  const believes = (name: 'c1' | 'c2', trustDomains?: string[]): ControlPlaneOptions => ({
    dnsCapture: true,
    otherRoots: OtherRoots.byEveryProxy({ root: rootOf(name), certificates: pems[name], trustDomains }),
  });
  const contract = contractOf((fleet) => {
    const consumer = Mesh.external(fleet, 'c1', { trustDomain: 'c1.local', root: rootOf('c1') });
    const { provider, ingress, httpbin } = eastWest(fleet, 'c2', {}, believes('c1', ['c1.local']), {
      root: rootOf('c2'),
      trustDomain: 'c2.local',
    });
    const peering = new SharedRootPeering(fleet, 'p', { consumer, provider, ingress, mergedRoots: true });
    peering.expose(httpbin.at(Port.http(8000)), { allow: [Access.http()] });
  });
  expect(contract.exposure('bar/httpbin:8000')).toMatchObject({
    servers: ['spiffe://c2.local/ns/bar/sa/httpbin'],
    access: [{ kind: 'http', from: ['c1.local/*'] }],
  });
  const consume = (controlPlane: ControlPlaneOptions) => () =>
    synth((fleet) => {
      const consumer = member(
        fleet,
        'c1',
        {},
        {
          root: rootOf('c1'),
          trustDomain: 'c1.local',
          controlPlane: ControlPlane.existing('istio-system', controlPlane),
        },
      );
      SharedRootPeering.fromContract(fleet, { consumer, contract }).exposure('bar/httpbin:8000');
    });
  expect(messageOf(consume({ dnsCapture: true }))).toContain(
    "MESH1116 p: control plane of c1/c1: its workloads do not believe root 'c2-root'",
  );
  expect(Object.keys(consume(believes('c2'))())).toContain('c1/c1.p.consumer.k8s.yaml');
});
