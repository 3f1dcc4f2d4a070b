import { Duration } from 'cdk8s';
import {
  Access,
  Address,
  Callers,
  Failover,
  type FailoverProps,
  Fleet,
  Gateway,
  GatewayPort,
  Port,
  SharedRootPeering,
  type SharedRootUsed,
} from '../../../lib';
import { namesAreUnique } from '../../support/assertions';
import { messageOf, objectsOf, synth } from '../../support/model';
import { member } from './shared-root';

const port = Port.http(5000);
const HOST = 'helloworld.sample.global';

interface Setup {
  readonly failover?: Partial<FailoverProps<'http'>>;
  readonly used?: Partial<SharedRootUsed>;
  readonly domain?: string;
  readonly remotes?: string[];
  readonly at?: string;
  readonly dnsCapture?: boolean;
}

function program({ failover, used, domain = 'global', remotes = ['c3', 'c2'], at, dnsCapture = true }: Setup = {}) {
  return (fleet: Fleet) => {
    const c1 = member(fleet, 'c1', { dnsCapture });
    const service = (owner: typeof c1) => owner.service('helloworld', { namespace: 'sample', ports: [port] });
    const everywhere = new Failover(c1, 'everywhere', {
      host: HOST,
      port,
      locality: 'c1/c1-a',
      local: service(c1),
      ...failover,
    });
    for (const name of remotes) {
      const provider = member(fleet, name);
      const ingress = new Gateway(provider, 'eastwest', {
        kind: 'ingress',
        namespace: 'istio-system',
        ports: [GatewayPort.tls()],
        address: name === 'c2' ? Address.ip('192.0.2.2', '192.0.2.3') : Address.hostname(`gateway.${name}.example`),
        denyByDefault: false,
      });
      const allow = [Access.http({ from: ['cluster.local/ns/sample/*'] })];
      new SharedRootPeering(fleet, `c1-${name}`, {
        consumer: c1,
        provider,
        ingress,
        domain,
        names: 'rulesOnly',
      }).expose(service(provider), { allow, failover: everywhere.at(at ?? `${name}/${name}-a`), ...used });
    }
    return everywhere;
  };
}

const written = (setup?: Setup) => objectsOf(program(setup));
const NAME = 'istio-system/everywhere';
const labels = { 'security.istio.io/tlsMode': 'istio' };

test('one host, the endpoints of all, each with its locality', () => {
  expect(written().one('ServiceEntry', NAME)).toMatchObject({
    metadata: { namespace: 'istio-system' },
    spec: {
      hosts: [HOST],
      exportTo: ['*'],
      location: 'MESH_INTERNAL',
      resolution: 'DNS',
      addresses: [expect.stringMatching(/^240\./)],
      subjectAltNames: ['spiffe://cluster.local/ns/sample/sa/helloworld'],
      ports: [{ number: 5000, name: 'http-5000', protocol: 'HTTP' }],
      endpoints: [
        {
          address: 'helloworld.sample.svc.cluster.local',
          locality: 'c1/c1-a',
          ports: { 'http-5000': 5000 },
          labels,
        },
        { address: '192.0.2.2', locality: 'c2/c2-a', ports: { 'http-5000': 15443 }, labels },
        { address: '192.0.2.3', locality: 'c2/c2-a', ports: { 'http-5000': 15443 }, labels },
        { address: 'gateway.c3.example', locality: 'c3/c3-a', ports: { 'http-5000': 15443 }, labels },
      ],
    },
  });
});

test('outlier detection is always there, and can leave out a whole locality', () => {
  expect(written().one('DestinationRule', NAME).spec).toEqual({
    host: HOST,
    exportTo: ['*'],
    trafficPolicy: {
      tls: { mode: 'ISTIO_MUTUAL' },
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '10s',
        baseEjectionTime: '30s',
        maxEjectionPercent: 100,
      },
    },
  });
});

test('the region that is tried next; times and thresholds; who sees it', () => {
  const times = { interval: Duration.millis(1500), baseEjectionTime: Duration.seconds(90) };
  const ejection = { consecutive5xxErrors: 2, ...times };
  const failover = { next: 'c2', ejection, callers: Callers.namespaces('sample', 'foo') };
  const rule = written({ failover }).one('DestinationRule', 'sample/everywhere');
  expect(rule).toMatchObject({
    metadata: { namespace: 'sample' },
    spec: {
      exportTo: ['.', 'foo'],
      trafficPolicy: {
        loadBalancer: { localityLbSetting: { failover: [{ from: 'c1', to: 'c2' }] } },
        outlierDetection: {
          consecutive5xxErrors: 2,
          interval: '1500ms',
          baseEjectionTime: '90s',
          maxEjectionPercent: 100,
        },
      },
    },
  });
});

test('without a service of the own mesh, and with addresses alone, nothing is resolved', () => {
  const entry = written({ failover: { local: undefined }, remotes: ['c2'] }).one('ServiceEntry', NAME);
  expect(entry.spec).toMatchObject({ resolution: 'STATIC', endpoints: [{ locality: 'c2/c2-a' }, {}] });
});

test('the order of the peerings changes no byte, and nothing stands twice', () => {
  expect(synth(program({ remotes: ['c2', 'c3'] }))).toEqual(synth(program({ remotes: ['c3', 'c2'] })));
  namesAreUnique(program());
});

test('it is what rules and exposures lead to', () => {
  const fleet = new Fleet();
  const everywhere = program()(fleet);
  expect(everywhere.nextHop).toEqual({ host: HOST, port: 5000 });
  expect(everywhere.usableIn).toBe('c1/c1');
});

describe('is refused', () => {
  const refused = (setup: Setup) => messageOf(() => synth(program(setup)));
  const where = 'c1/c1/everywhere';

  test.each<[string, Setup, string]>([
    [
      'without endpoints elsewhere',
      { remotes: [] },
      `MESH1255 ${where}: no peering gives an endpoint; expose the service with failover: failover.at(…)`,
    ],
    [
      'when nothing is in the next region',
      { failover: { next: 'c4' } },
      `MESH1255 ${where}: next is 'c4', where no endpoint is; expected one of c2, c3`,
    ],
    [
      'with a malformed locality',
      { failover: { locality: 'c1/*' } },
      `MESH1255 ${where}: locality 'c1/*' is malformed; expected '<region>' or '<region>/<zone>', as the labels topology.kubernetes.io/region and zone of the nodes say it`,
    ],
    [
      'with a remote endpoint in the own region',
      { at: 'c1/c1-b' },
      `MESH1255 ${where}: locality 'c1/c1-b' is in the callers' own region, so it would answer beside the local service; expected another region than 'c1'`,
    ],
    [
      'when the provider exposes another host',
      { domain: 'elsewhere' },
      `MESH1255 c1-c3: sample/helloworld:5000 is exposed to c1/c1 as http helloworld.sample.elsewhere:5000, failover ${where} is of http ${HOST}:5000; the provider takes calls by host and port, so they must be the same`,
    ],
    [
      'with a virtual IP of one provider',
      { used: { virtualIp: '240.0.0.2' } },
      'MESH1255 c1-c3: virtualIp 240.0.0.2 of a host with failover is that of the failover; state it there',
    ],
    [
      'with a malformed number of errors',
      { failover: { ejection: { consecutive5xxErrors: 0 } } },
      `MESH1255 ${where}: consecutive5xxErrors 0 is malformed; expected a whole number, 1 or more`,
    ],
    [
      'with a malformed duration',
      { failover: { ejection: { interval: Duration.millis(0) } } },
      `MESH1309 ${where}: interval of 0 milliseconds is malformed; expected whole milliseconds, 1 or more`,
    ],
    [
      'with a duration as text',
      { failover: { ejection: { baseEjectionTime: '30s' as unknown as Duration } } },
      `MESH1006 ${where}: 'baseEjectionTime' of 'ejection' is '30s', expected a Duration of cdk8s such as Duration.seconds(2)`,
    ],
    [
      'when nothing resolves the host',
      { dnsCapture: false },
      `MESH1116 ${where}: control plane of c1/c1: no DNS server knows the hosts of other meshes; state dnsCapture: true, or names: 'rulesOnly' where only a Routing leads to them`,
    ],
  ])('%s', (_, setup, message) => {
    expect(refused(setup)).toContain(message);
  });

  test('with a service of another mesh', () => {
    const foreign = () => {
      const fleet = new Fleet();
      const local = member(fleet, 'c9').service('a', { namespace: 'b', ports: [port] });
      return new Failover(member(fleet, 'c1'), 'everywhere', { host: HOST, port, locality: 'c1', local });
    };
    expect(messageOf(foreign)).toBe(
      `MESH1255 ${where}: service b/a (http) of c9/c9 cannot be the local one; expected a http port of a service of c1/c1`,
    );
  });

  test('for a host that leads elsewhere', () => {
    const fleet = new Fleet();
    const c1 = member(fleet, 'c1');
    new Failover(c1, 'first', { host: HOST, port, locality: 'c1' });
    expect(messageOf(() => new Failover(c1, 'second', { host: HOST, port, locality: 'c1' }))).toBe(
      `MESH1204 c1/c1/second: host '${HOST}' already leads through peering 'c1/c1/first'; choose another one`,
    );
  });
});
