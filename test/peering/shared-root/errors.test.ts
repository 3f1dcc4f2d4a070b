import { X509Certificate } from 'node:crypto';
import {
  Access,
  Address,
  Callers,
  ControlPlane,
  type ControlPlaneOptions,
  Fleet,
  Gateway,
  GatewayPort,
  Mesh,
  OtherRoots,
  Port,
  RouteFront,
  SharedRootPeering,
  TrustBundle,
} from '../../../lib';
import { mesh, messageOf } from '../../support/model';
import { selfSigned } from '../../trust/self-signed';
import { eastWest, member, root, SHA, twoMeshes } from './shared-root';

let certificates: string;
beforeAll(async () => {
  certificates = await selfSigned('other');
});

const SLEEP = 'cluster.local/ns/foo/sa/sleep';
const allow = [Access.http({ from: [SLEEP] })];
const refused = (build: (fleet: Fleet) => unknown) => messageOf(() => build(new Fleet()));

describe('roots', () => {
  const between = (first: TrustBundle<'declared'> | undefined, second: TrustBundle<'declared'> | undefined) =>
    refused((fleet) => {
      const consumer = member(fleet, 'c1', {}, { root: first });
      const provider = mesh(fleet, 'c2', { root: second, trustDomain: 'cluster.local' });
      const ingress = Gateway.existing(provider, 'eastwest', {
        kind: 'ingress',
        namespace: 'istio-system',
        selector: { istio: 'eastwest' },
        address: Address.ip('192.0.2.2'),
      });
      new SharedRootPeering(fleet, 'p', { consumer, provider, ingress });
    });

  test('must be stated', () => {
    expect(between(root, undefined)).toBe(
      'MESH1250 p: mesh c2 states no root, so nobody can tell whether the other mesh accepts its certificates; state root: TrustBundle.declared(…), the one of its cacerts',
    );
  });

  test('must be one, by fingerprints or by name; while one is rotated, an overlap is enough', () => {
    expect(between(TrustBundle.declared('a'), TrustBundle.declared('b'))).toBe(
      "MESH1251 p: c1 has root 'a', c2 'b'; plug intermediates of one root into both meshes, or state mergedRoots: true",
    );
    const [a, b] = ['a', 'b'].map((name, index) =>
      TrustBundle.declared(name, { rootSha256: [`${index}0`.repeat(32)] }),
    );
    expect(between(a, b)).toContain(`MESH1251 p: c1 has root 'a' (SHA-256 ${'00'.repeat(32)}), c2 'b'`);
    const rotated = TrustBundle.declared('shared-root', { rootSha256: [SHA, 'b2'.repeat(32)] });
    expect(messageOf(() => between(root, rotated))).toBe('nothing was thrown');
  });

  test('of one name have the same fingerprints in the whole fleet', () => {
    const other = TrustBundle.declared('shared-root', { rootSha256: ['b2'.repeat(32)] });
    expect(
      refused((fleet) => {
        member(fleet, 'c1');
        member(fleet, 'c2', {}, { root: other });
      }),
    ).toBe(
      `MESH1118 c2/c2: root 'shared-root' has the SHA-256 fingerprints ${'b2'.repeat(32)}, in c1/c1 ${SHA}; one of the two clusters has another root, or the roots need names of their own`,
    );
    expect(
      refused((fleet) => {
        member(fleet, 'c1');
        Mesh.external(fleet, 'c3', { trustDomain: 'c3.example', root: other });
      }),
    ).toContain('MESH1118 c3:');
  });

  test('that are one are not merged', () => {
    expect(refused((fleet) => twoMeshes(fleet, { mergedRoots: JSON.parse('null') }))).toBe(
      "MESH1006 p: 'mergedRoots' is null, expected true or false; is an environment variable unset, or a field of a JSON file missing?",
    );
    expect(refused((fleet) => twoMeshes(fleet, { mergedRoots: true }))).toBe(
      `MESH1251 p: c1 and c2 have one root, 'shared-root' (SHA-256 ${SHA}), so nothing is merged; leave mergedRoots out`,
    );
  });

  test('that are merged must be believed by every proxy of both meshes', () => {
    const sha256 = new X509Certificate(certificates).fingerprint256.replaceAll(':', '').toLowerCase();
    const other = TrustBundle.declared('other-root', { rootSha256: [sha256] });
    const merged = (ofConsumer: ControlPlaneOptions) =>
      refused((fleet) => {
        const consumer = member(fleet, 'c1', ofConsumer);
        const { provider, ingress } = eastWest(fleet, 'c2');
        const third = member(fleet, 'c3', {}, { root: other });
        expect(provider.name).toBe('c2');
        const gateway = new Gateway(third, 'eastwest', {
          kind: 'ingress',
          namespace: 'istio-system',
          ports: ingress.ports,
          address: ingress.address,
          denyByDefault: false,
        });
        new SharedRootPeering(fleet, 'p', { consumer, provider: third, ingress: gateway, mergedRoots: true });
      });
    expect(merged({})).toBe(
      `MESH1116 p: control plane of c1/c1: its workloads do not believe root 'other-root' (SHA-256 ${sha256}) of c3 (503 UF); state otherRoots: OtherRoots.byEveryProxy({ … }) with that root`,
    );
    const believed = { root: other, certificates };
    expect(merged({ otherRoots: OtherRoots.byGateways(believed) })).toContain('MESH1116 p: control plane of c1/c1:');
    expect(merged({ otherRoots: OtherRoots.byEveryProxy(believed) })).toBe(
      `MESH1116 p: control plane of c3/c3: its workloads do not believe root 'shared-root' (SHA-256 ${SHA}) of c1 (503 UF); state otherRoots: OtherRoots.byEveryProxy({ … }) with that root`,
    );
  });

  test('a control plane that we write needs one that is plugged in', () => {
    expect(
      refused((fleet) =>
        twoMeshes(fleet, { consumer: member(fleet, 'c9', {}, { controlPlane: ControlPlane.sail('a') }) }),
      ),
    ).toBe(
      'MESH1116 p: control plane of c9/c9: istiod signs with a root that it makes itself; state pluggedInCa: true',
    );
  });
});

describe('trust domains', () => {
  const peering = (fleet: Fleet, options: ControlPlaneOptions) => {
    const consumer = member(fleet, 'c1', {}, { trustDomain: 'c1.local' });
    const provider = member(fleet, 'c2', options, { trustDomain: 'c2.local' });
    const ingress = Gateway.existing(provider, 'eastwest', {
      kind: 'ingress',
      namespace: 'istio-system',
      selector: { istio: 'eastwest' },
      address: Address.ip('192.0.2.2'),
    });
    const httpbin = provider.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
    return { peering: new SharedRootPeering(fleet, 'p', { consumer, provider, ingress }), httpbin };
  };
  const exposed = (options: ControlPlaneOptions, ...from: string[]) =>
    messageOf(() => {
      const { peering: made, httpbin } = peering(new Fleet(), options);
      made.expose(httpbin, { allow: [from.length > 0 ? Access.http({ from }) : Access.http()] });
      throw new Error('accepted');
    });

  test('that differ must be accepted by the provider', () => {
    expect(refused((fleet) => peering(fleet, {}))).toBe(
      "MESH1116 p: control plane of c2/c2: its workloads refuse identities of 'c1.local', the trust domain of c1, whoever signed them (503 UC); state otherRoots: OtherRoots.byEveryProxy({ root, certificates, trustDomains: ['c1.local'] }) with the root of c1, or trustDomainAliases: ['c1.local']",
    );
  });

  test('an alias widens exact identities, which must then all be named', () => {
    const aliased = { trustDomainAliases: ['c1.local'] };
    expect(exposed(aliased, 'c1.local/ns/foo/sa/sleep')).toBe(
      'MESH1206 p: trustDomainAliases of c2 make an access rule name c2.local/ns/foo/sa/sleep, too; name them as well, or use OtherRoots.byEveryProxy with trustDomains instead of aliases; the rule would be widened',
    );
    expect(exposed(aliased, 'c1.local/ns/foo/sa/sleep', 'c2.local/ns/foo/sa/sleep')).toBe('accepted');
    expect(exposed(aliased, 'c1.local/ns/foo/*')).toBe('accepted');
    expect(exposed(aliased)).toBe('accepted');
  });

  test('accepted for another root, they widen nothing', () => {
    const otherRoots = OtherRoots.byEveryProxy({
      root: TrustBundle.declared('x'),
      certificates,
      trustDomains: ['c1.local'],
    });
    expect(exposed({ otherRoots }, 'c1.local/ns/foo/sa/sleep')).toBe('accepted');
    expect(exposed({ otherRoots }, 'c2.local/ns/foo/sa/sleep')).toBe(
      "MESH1206 p: an access rule names 'c2.local/ns/foo/sa/sleep', which is no identity of c1; expected ones of trust domain 'c1.local'; the rule would be widened",
    );
  });

  test('where both meshes share one, a rule without callers would let in the provider itself', () => {
    expect(
      refused((fleet) => {
        const { peering: made, httpbin } = twoMeshes(fleet);
        made.expose(httpbin.at(Port.http(8000)), { allow: [Access.http()] });
      }),
    ).toBe(
      "MESH1206 p: an access rule names no callers, and c1 and c2 share trust domain 'cluster.local', so workloads of c2 itself could not be told apart; state from: ['cluster.local/ns/<namespace>/*'], or ['cluster.local/*'] for every workload of the trust domain; the rule would be widened",
    );
  });
});

describe('the gateway', () => {
  const gateway = (props: Parameters<typeof eastWest>[2]) =>
    refused((fleet) => {
      const consumer = member(fleet, 'c1');
      const { provider, ingress } = eastWest(fleet, 'c2', props);
      new SharedRootPeering(fleet, 'p', { consumer, provider, ingress });
    });

  test('must be ours where the provider is, and pass TLS on', () => {
    expect(refused((fleet) => twoMeshes(fleet, { ingress: undefined }))).toContain('MESH1210 p:');
    expect(gateway({ ports: [GatewayPort.http()] })).toContain('MESH1112');
  });

  test('must have an address, no Route, and promise nothing that it cannot keep', () => {
    expect(gateway({ address: undefined })).toBe(
      "MESH1252 p: gateway c2/c2/eastwest has no address, so the consumer's sidecars would not know what to dial; state address: Address.ip(…), Address.nodePort(…) or Address.hostname(…)",
    );
    expect(gateway({ ports: [GatewayPort.https()], route: RouteFront.passthrough() })).toBe(
      "MESH1252 p: gateway c2/c2/eastwest is behind a Route, but the SNI of the mesh's mTLS has underscores, which no Route can have as its host; give it an address of its own",
    );
    expect(gateway({ denyByDefault: true })).toBe(
      'MESH1252 p: gateway c2/c2/eastwest shall deny by default, but no policy sees mTLS that is passed on: it lets every exposed host through, and workloads decide; state denyByDefault: false',
    );
  });

  test('of somebody else needs an address; of ours it says it itself', () => {
    const outside = (props: object) =>
      refused((fleet) => {
        const provider = Mesh.external(fleet, 'c2', { trustDomain: 'cluster.local', root });
        const peering = new SharedRootPeering(fleet, 'p', { consumer: member(fleet, 'c1'), provider, ...props });
        peering.expose(provider.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] }), { allow });
      });
    expect(outside({})).toBe(
      "MESH1252 p: nobody says how the provider's gateway is reached; state address: Address.ip(…), or use fromContract",
    );
    expect(messageOf(() => outside({ address: Address.nodePort({ nodes: ['192.0.2.9'], port: 32001 }) }))).toBe(
      'nothing was thrown',
    );
    expect(refused((fleet) => twoMeshes(fleet, { address: Address.ip('192.0.2.1') }))).toBe(
      "MESH1215 p: 'address' is stated, but the provider c2 is ours: its gateway says how it is reached; state the address there",
    );
  });
});

describe('names', () => {
  test('resolve by DNS capture, unless rules alone lead to them', () => {
    const consumer = (fleet: Fleet) => member(fleet, 'c9', { dnsCapture: false });
    expect(refused((fleet) => twoMeshes(fleet, { consumer: consumer(fleet) }))).toBe(
      "MESH1116 p: control plane of c9/c9: no DNS server knows the hosts of other meshes; state dnsCapture: true, or names: 'rulesOnly' where only a Routing leads to them",
    );
    expect(
      messageOf(() => refused((fleet) => twoMeshes(fleet, { consumer: consumer(fleet), names: 'rulesOnly' }))),
    ).toBe('nothing was thrown');
  });

  test.each([{ callers: Callers.namespaces('foo') }, { names: 'rulesOnly' as const }])(
    'what only a consumer of ours can use is refused: %j',
    (option) => {
      expect(
        refused((fleet) => {
          const consumer = Mesh.external(fleet, 'c1', { trustDomain: 'cluster.local', root });
          const { provider, ingress } = eastWest(fleet);
          new SharedRootPeering(fleet, 'p', { consumer, provider, ingress, ...option });
        }),
      ).toBe(
        `MESH1215 p: '${Object.keys(option)[0]}' is stated, but the consumer c1 is not ours, so nothing would be written; leave it out`,
      );
    },
  );
});

describe('exposures', () => {
  const expose = (use: (made: ReturnType<typeof twoMeshes>) => void) => refused((fleet) => use(twoMeshes(fleet)));

  test('access rules fit what the workload sees', () => {
    expect(
      expose(({ peering, httpbin }) =>
        peering.expose(httpbin.at(Port.tcp(9000)), { allow: [Access.http({ from: [SLEEP] })] }),
      ),
    ).toBe(
      'MESH1206 p: an Access.http rule does not fit what the workload sees of tcp; expected Access.tcp; the rule would be widened',
    );
  });

  test('a host is one service, each port once: at the consumer', () => {
    const host = 'httpbin.bar.cluster2';
    expect(
      expose(({ peering, httpbin, provider }) => {
        peering.expose(httpbin.at(Port.http(8000)), { allow });
        peering.expose(provider.service('other', { namespace: 'bar', ports: [Port.http(80)] }), { allow, host });
      }),
    ).toBe(
      "MESH1254 p: port 80 of host 'httpbin.bar.cluster2' at gateway c2/c2/eastwest cannot lead to bar/other:80: the host is that of bar/httpbin:8000; give this exposure a host of its own",
    );
    const outside = (port: number) =>
      refused((fleet) => {
        const provider = Mesh.external(fleet, 'c2', { trustDomain: 'cluster.local', root });
        const address = Address.ip('192.0.2.9');
        const made = new SharedRootPeering(fleet, 'p', { consumer: member(fleet, 'c1'), provider, address });
        const service = provider.service('a', { namespace: 'bar', ports: [Port.http(80), Port.http2(81)] });
        made.expose(service.at(Port.http(80)), { allow });
        made.expose(service.at(Port.http2(81)), { allow, port, host: port === 81 ? 'a.bar.c2' : undefined });
      });
    expect(outside(80)).toBe(
      "MESH1254 p: port 80 of host 'a.bar.c2' cannot lead to bar/a:81: it leads to bar/a:80; give this exposure a host of its own",
    );
    expect(messageOf(() => outside(81))).toBe('nothing was thrown');
  });

  test('and at the gateway, whoever the consumers are', () => {
    expect(
      refused((fleet) => {
        const { provider, ingress, httpbin } = eastWest(fleet);
        const peering = (name: string) =>
          new SharedRootPeering(fleet, `${name}-c2`, { consumer: member(fleet, name), provider, ingress });
        peering('c1').expose(httpbin.at(Port.http(8000)), { allow, port: 80 });
        peering('c3').expose(httpbin.at(Port.http2(8001)), { allow, port: 80 });
      }),
    ).toBe(
      "MESH1254 c3-c2: port 80 of host 'httpbin.bar.c2' at gateway c2/c2/eastwest cannot lead to bar/httpbin:8001: it leads to bar/httpbin:8000; give this exposure a host of its own",
    );
  });

  test('a virtual IP is that of the host', () => {
    expect(
      expose(({ peering, httpbin }) => {
        peering.expose(httpbin.at(Port.http(8000)), { allow, virtualIp: '240.0.0.2' });
        peering.expose(httpbin.at(Port.http2(8001)), { allow });
      }),
    ).toBe(
      "MESH1253 p: host 'httpbin.bar.cluster2' has virtualIp 240.0.0.2, for its port 8001 none is; state one for all of its ports",
    );
  });

  test('a server has an identity', () => {
    expect(
      expose(({ peering, httpbin }) => peering.expose(httpbin.at(Port.http(8000)), { allow, serviceAccounts: [] })),
    ).toBe(
      "MESH1256 p/bar/httpbin: serviceAccounts is empty; state those that the service's pods run as, or leave it out for one with the service's name",
    );
  });
});
