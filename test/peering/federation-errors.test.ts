import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  FederationPeering,
  type FederationPeeringProps,
  Fleet,
  Mesh,
  Port,
  TrustBundle,
} from '../../lib';
import { believing, type Form, fails, federated, peer, services } from './federations';

const allow = [Access.http()];

describe('the two meshes', () => {
  test('have trust domains of their own', () => {
    expect(fails(peer, 'maistra', { trustDomain: 'a.local' })).toBe(
      "MESH1270 p: peer 'b' has trust domain 'a.local', which is that of mesh ocp/a itself, too; give each mesh its own",
    );
    expect(
      fails(({ fleet, cluster, a, b }) => {
        const c = federated(fleet, 'maistra', 'c', { cluster, trustDomain: 'b.local' });
        peer({ fleet, a, b });
        peer({ fleet, a, b: c }, {}, 'q');
      }),
    ).toBe("MESH1270 q: peer 'c' has trust domain 'b.local', which is that of peer 'b', too; give each mesh its own");
  });

  test('federate in one way', () => {
    expect(
      fails(({ fleet, cluster, a }) => {
        const c = federated(fleet, 'gateways', 'c', { cluster });
        peer({ fleet, a, b: c });
      }),
    ).toBe(
      'MESH1271 p: the consumer is of OpenShift Service Mesh 2, the provider of Istio or OpenShift Service Mesh 3, whose control planes do not federate with each other; use another strategy until both are of one kind',
    );
  });

  test('reach each other', () => {
    const apart = (form: Form) => fails(({ fleet, a }) => peer({ fleet, a, b: federated(fleet, form, 'c') }), form);
    expect(apart('maistra')).toBe(
      "MESH1273 p: the consumer's ingress gateway a-system/c-ingress has no address, and the peer is in another cluster or program; state it at the consumer's: new FederationGateways(…, { address: … })",
    );
    expect(apart('gateways')).toContain("MESH1273 p: the provider's ingress gateway c-system/a-ingress has no address");
  });

  test('believe the root of the other at their gateways', () => {
    const controlPlane = ControlPlane.existing('b-system', { otherRoots: believing('c', 'd') });
    expect(fails(peer, 'gateways', { controlPlane })).toBe(
      "MESH1282 p: gateways of ocp/b do not believe root 'a-root' of the peer: the other roots of its control plane are 'c-root', 'd-root'; state it with otherRoots: OtherRoots.byGateways({ root: …, certificates: … })",
    );
    expect(fails(peer, 'gateways', { controlPlane: ControlPlane.existing('b-system') })).toContain(
      "do not believe root 'a-root' of the peer: the other roots of its control plane are none;",
    );
    expect(
      fails((world) => {
        const c = federated(world.fleet, 'gateways', 'c', {
          cluster: world.cluster,
          root: undefined,
        });
        const alone = federated(world.fleet, 'gateways', 'd', {
          cluster: world.cluster,
          controlPlane: ControlPlane.existing('d-system'),
        });
        peer({ fleet: world.fleet, a: c, b: alone });
      }, 'gateways'),
    ).toContain("MESH1282 p: gateways of ocp/c do not believe root 'd-root' of the peer");
  });

  test('need no other root where both have one', () => {
    const fleet = new Fleet();
    const root = TrustBundle.declared('company', { rootSha256: ['0'.repeat(64)] });
    const cluster = new Cluster(fleet, 'ocp');
    const [a, b] = ['a', 'b'].map((id) =>
      federated(fleet, 'gateways', id, {
        cluster,
        root,
        controlPlane: ControlPlane.existing(`${id}-system`, { revision: id }),
      }),
    );
    expect(peer({ fleet, a, b }).name).toBe('p');
    expect(JSON.stringify(fleet.manifests())).not.toContain('PROXY_CONFIG_XDS_AGENT');
  });

  test('federate once in each direction', () => {
    expect(
      fails((world) => {
        peer(world);
        peer(world, {}, 'q');
      }),
    ).toBe("MESH1213 q: peering 'p' already federates a as consumer with b; expose more services through it");
  });

  test('of somebody else is known by its mesh contract', () => {
    expect(
      fails(({ fleet, a }) => {
        new FederationPeering(fleet, 'p', {
          consumer: a,
          provider: Mesh.external(fleet, 'c', { trustDomain: 'c.local' }),
        });
      }),
    ).toBe(
      "MESH1505 c: the mesh was not made from a mesh contract, which says by which gateways it federates; state { contract: MeshContract.file('…') }",
    );
  });
});

describe('services', () => {
  test('with several ports cannot be told apart by control planes', () => {
    expect(
      fails((world) => {
        const two = world.b.service('two', {
          namespace: 'x',
          ports: [Port.http(80), Port.http(81, { name: 'http-2' })],
        });
        peer(world).expose(two.at(Port.http(80)), { allow });
      }),
    ).toBe(
      'MESH1275 p: x/two:80 is of a Service with ports 80, 81, of which the routes between the meshes could name none; put a Service with port 80 alone before the workload, and expose it',
    );
  });

  test('have names of their own', () => {
    expect(
      fails((world) => {
        const peering = peer(world);
        peering.expose(world.web, { allow });
        peering.expose(world.rates, { allow, alias: { name: 'web' } });
      }, 'gateways'),
    ).toBe("MESH1277 p: x/rates:9000 would be exported as 'x/web', as x/web:80 is; give one of them an alias");
    expect(
      fails((world) => {
        const peering = peer(world);
        peering.expose(world.web, { allow, asLocal: { namespace: 'z', name: 'one' } });
        peering.expose(world.rates, { allow, asLocal: { namespace: 'z', name: 'one' } });
      }),
    ).toBe(
      'MESH1277 p: x/rates:9000 and x/web:80 would both join the local Service z/one; give one of them another name',
    );
    expect(fails((world) => peer(world).expose(world.web, { allow, alias: { name: '*' } }))).toContain(
      "MESH1001 p: exported name '*' is no DNS label",
    );
  });

  test('have access rules that the workload can enforce', () => {
    const rule = (access: Access) => fails((world) => peer(world).expose(world.web, { allow: [access] }));
    expect(rule(Access.http({ from: ['a.local/ns/x/sa/y'] }))).toBe(
      "MESH1206 p: an access rule names callers (a.local/ns/x/sa/y), but the workload sees the provider's own ingress gateway alone; leave 'from' out; the rule would be widened",
    );
    expect(rule(Access.tcp())).toBe(
      'MESH1206 p: an Access.tcp rule does not fit a http port; expected Access.http; the rule would be widened',
    );
  });

  test('have no options that only another platform understands', () => {
    const stated = (options: object, form: Form) =>
      fails((world) => peer(world).expose(world.web, { allow, ...options }), form);
    expect(stated({ asLocal: { namespace: 'z' } }, 'gateways')).toBe(
      "MESH1276 p: 'asLocal' of x/web:80 is stated, but without a control plane that federates a Service has only the endpoints of its own cluster; use a Routing with weights to the exposure",
    );
    expect(stated({ labels: { a: 'b' } }, 'gateways')).toBe(
      "MESH1276 p: 'labels' of x/web:80 is stated, but without a control plane that federates each exposure has objects of its own; leave labels out",
    );
    expect(stated({ virtualIp: '240.0.0.1' }, 'maistra')).toBe(
      "MESH1276 p: 'virtualIp' of x/web:80 is stated, but OpenShift Service Mesh 2.6 assigns addresses of imported services itself; leave it out",
    );
    expect(stated({ asLocal: { namespace: 'z' }, domainSuffix: 'b.example' }, 'maistra')).toBe(
      "MESH1276 p: 'domainSuffix' and 'asLocal' of x/web:80 are both stated; a local Service has the domain of its cluster: leave domainSuffix out",
    );
    expect(stated({ domainSuffix: 'svc.cluster.local' }, 'maistra')).toBe(
      "MESH1276 p: domain suffix 'svc.cluster.local' is that of the own cluster, which the control plane skips; use asLocal",
    );
    expect(stated({ domainSuffix: 'svc.cluster.local' }, 'gateways')).toBe(
      "MESH1276 p: domain suffix 'svc.cluster.local' is that of the own cluster, where only its own Services have names; state another one",
    );
    expect(stated({ domainSuffix: '*' }, 'gateways')).toContain("MESH1002 p: domain suffix '*'");
  });

  test('go over only where it is known from where to where, and from what', () => {
    const failover = (locality: FederationPeeringProps['locality'], name = 'web', twice = false) =>
      fails((world) => {
        world.a.service('web', { namespace: 'x', ports: [Port.http(80)] });
        const asLocal = { namespace: 'x', name, failover: { from: 'east' } };
        peer(world, { locality }).expose(world.web, { allow, asLocal });
        if (!twice) return;
        const c = federated(world.fleet, 'maistra', 'c', { cluster: world.cluster });
        peer({ ...world, b: c }, { locality }, 'q').expose(services(c).web, { allow, asLocal });
      });
    expect(failover(undefined)).toBe(
      "MESH1278 p: failover of 'web.x.svc.cluster.local' needs to know where imported services are; state locality: { region: … } of the peering",
    );
    expect(failover({ region: 'east' })).toBe(
      "MESH1278 p: failover of 'web.x.svc.cluster.local' goes from region 'east' to itself; state another region as locality of the peering",
    );
    expect(failover({ region: 'west', subzone: 'rack' })).toBe(
      'MESH1278 p: locality {"region":"west","subzone":"rack"} has a gap, so it would be dropped; a zone needs a region, a subzone a zone',
    );
    expect(failover({ region: 'west' }, 'unknown')).toBe(
      "MESH1279 p: failover of 'unknown.x.svc.cluster.local' is written to the DestinationRule of a Service that ocp/a does not state; state it with mesh.service()",
    );
    expect(failover({ region: 'west' }, 'web', true)).toBe(
      "MESH1278 q: calls to 'web.x.svc.cluster.local' go over to another peer already; Istio knows one region to go to, state failover once",
    );
  });
});

describe('options of the peering', () => {
  test('that nothing would be written from', () => {
    expect(fails((world) => peer(world, { locality: { region: 'r' } }), 'gateways')).toBe(
      "MESH1276 p: 'locality' is stated, which says where a control plane that federates puts imported services; leave it out",
    );
    expect(fails((world) => peer(world, { callers: Callers.namespaces('x') }))).toBe(
      'MESH1206 p: callers is stated, but the control plane makes the routes of its egress gateway itself and lets every workload of the mesh through; leave callers out; the rule would be widened',
    );
  });
});
