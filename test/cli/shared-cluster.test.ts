import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  PeeringTls,
  Port,
  TrustBundle,
  Workload,
} from '../../lib';
import { run } from '../../lib/cli/run';
import { synthErrors, temporaryFolder } from '../support/model';

// Two meshes of one cluster: `a`, which is PERMISSIVE, and `b`, which is STRICT. Each is judged by its own control plane,
// and people see names of clusters alone.

interface Options {
  /** Whether `b` takes clear text, too. */
  readonly isOpen?: boolean;
  /** The mesh of the namespace `moving`. */
  readonly moves?: 'a' | 'b';
}

const HOST = 'api.b.example';

function program({ isOpen = false, moves }: Options = {}): (fleet: Fleet) => void {
  return (fleet) => {
    const cluster = new Cluster(fleet, 'core');
    const [a, b] = ['a', 'b'].map(
      (id) =>
        new Mesh(cluster, id, {
          platform: Istio.v1_31(),
          controlPlane: ControlPlane.existing(`istio-${id}`, { revision: id }),
          trustDomain: `${id}.example`,
        }),
    );
    const service = (mesh: Mesh, name: string, namespace = `${mesh.node.id}-shop`) => {
      const made = mesh.service(name, { namespace, ports: [Port.http(8080)] });
      new Workload(mesh, name, { service: made, image: 'quay.io/example/app:1.0' });
      return made;
    };
    a.namespace('a-shop', { create: true });
    b.namespace('b-shop', { create: true });
    service(a, 'web');
    const api = service(b, 'api');
    service(b, 'other');
    if (moves) {
      const owner = moves === 'a' ? a : b;
      owner.namespace('moving', { create: true });
      service(owner, 'moved', 'moving');
    }
    if (!isOpen) new MtlsPolicy(b, 'strict', { mode: 'STRICT' });
    b.namespace('b-gateways', { create: true });
    const ingress = new Gateway(b, 'public', { kind: 'ingress', namespace: 'b-gateways', denyByDefault: true });
    a.namespace('a-gateways', { create: true });
    const egress = new Gateway(a, 'egress', { kind: 'egress', namespace: 'a-gateways' });
    new EgressGatewayPeering(fleet, 'p', {
      consumer: a,
      provider: b,
      ...{ egress, ingress },
      callers: Callers.namespaces('a-shop'),
      tls: PeeringTls.mutual({
        client: Credential.secret('client', {
          identity: Identity.spiffe('a.example/web'),
          signer: TrustBundle.declared('a-ca'),
        }),
        server: Credential.secret('server', {
          identity: Identity.dns(HOST),
          signer: TrustBundle.declared('b-ca'),
        }),
      }),
    }).expose(api, { host: HOST, allow: [Access.http({ methods: ['GET'] })] });
  };
}

function synthesized(options?: Options): string {
  const folder = temporaryFolder();
  synthErrors(program(options), folder);
  return folder;
}

function multimesh(...argv: string[]) {
  const printed = { out: '', err: '' };
  const status = run(argv, {
    out: (text) => (printed.out += text),
    err: (text) => (printed.err += text),
    hasColour: false,
  });
  expect(printed.out + printed.err).not.toMatch(/core:[ab]\b/);
  return { status, ...printed };
}

/** Rows of a server and its port, as one text without line ends. */
const rowsOf = (text: string, server: string): string =>
  (text.split('\n\n').find((block) => block.startsWith(server)) ?? '').replace(/\s+/g, ' ');

const folder = synthesized();

describe('exposures', () => {
  const { out, status } = multimesh('exposures', folder);

  test('of a STRICT mesh beside a PERMISSIVE one are open to nobody in clear text', () => {
    expect(rowsOf(out, 'core/b-shop/api-v1:8080')).not.toMatch(/network of core: anyone|; clear/);
    expect(rowsOf(out, 'core/b-shop/other-v1:8080')).not.toMatch(/network of core: anyone|; clear/);
    expect(rowsOf(out, 'core/a-shop/web-v1:8080')).toMatch(/network of core: anyone .*clear/);
  });

  test('between meshes go through the gateway, and are what peerings allow', () => {
    expect(rowsOf(out, 'core/b-shop/api-v1:8080')).toMatch(
      /← core\/a-shop\/web-v1 GET any path via sidecar of the caller, core\/a-gateways\/egress, core\/b-gateways\/public, sidecar of b-shop\/api-v1; ISTIO_MUTUAL, MUTUAL, ISTIO_MUTUAL/,
    );
    expect(out).not.toContain('outside of the zone');
    expect(status).toBe(0);
  });

  test('are of all workloads of a mesh, each once', () => {
    const rows = JSON.parse(multimesh('exposures', folder, '--format', 'json').out).exposures;
    expect(new Set(rows.map((one: object) => JSON.stringify(one))).size).toBe(rows.length);
    expect([...new Set(rows.map(({ server }: { server: string }) => server))]).toEqual([
      'core/a-shop/web-v1',
      'core/b-shop/api-v1',
      'core/b-shop/other-v1',
    ]);
  });

  test('are selected by names of clusters', () => {
    const found = multimesh('exposures', folder, '--to', 'core/b-shop/api-v1', '--from', 'core/a-shop/*').out;
    expect(found).toMatch(/^1 exposure of 1 port/m);
  });

  test('are judged by a zone that names clusters', () => {
    const zone = join(temporaryFolder(), 'zone.yaml');
    writeFileSync(zone, 'allow: [{ to: [core/b-shop/other], from: [core/a-shop/*] }]\n');
    expect(multimesh('exposures', folder, '--zone', zone).out).toContain('outside of the zone of trust');
    writeFileSync(zone, 'allow: [{ to: [core/b-shop/*], from: [core/a-shop/*, anyone] }]\n');
    expect(multimesh('exposures', folder, '--zone', zone)).toMatchObject({ status: 0 });
  });
});

describe('a namespace that no mesh declares', () => {
  const pod = (namespace: string, name: string, labels = '{}') =>
    `---
apiVersion: v1
kind: Namespace
metadata: { name: ${namespace}, labels: ${labels} }
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: app, image: example/app, ports: [{ containerPort: 8080 }] }] }
`;
  const more = synthesized();
  writeFileSync(join(more, 'core/more.yaml'), pod('none', 'job') + pod('late', 'db', '{ istio.io/rev: b }'));
  const { out } = multimesh('exposures', more);

  test('is of the mesh whose revision it asks for', () => {
    expect(rowsOf(out, 'core/late/db:8080')).not.toMatch(/network of core: anyone|; clear|directly/);
    expect(multimesh('explain', 'core/b-shop/other', 'http://db.late/', '--dir', more).out).toMatch(/sidecar db +mTLS/);
  });

  test('or of none: its pods are there once, without a sidecar', () => {
    const rows = rowsOf(out, 'core/none/job:8080');
    expect(rows.match(/network of core: anyone/g)).toHaveLength(1);
    expect(rows).toContain('directly; clear');
    const calls = (url: string) => multimesh('explain', 'core/none/job', url, '--dir', more).out;
    expect(calls('http://web.a-shop:8080/')).toMatch(/200/);
    expect(calls('http://api.b-shop:8080/')).toMatch(/takes clear text ✗/);
  });

  test('changes once where it changes', () => {
    const changed = synthesized();
    writeFileSync(
      join(changed, 'core/more.yaml'),
      pod('none', 'job').replace('port: 80', 'port: 81') + pod('late', 'db', '{ istio.io/rev: b }'),
    );
    expect(multimesh('diff', more, changed).out).toContain('1 object changed');
  });
});

describe('explain', () => {
  const explain = (...argv: string[]) => multimesh('explain', ...argv, '--dir', folder).out;

  test('traces callers of each mesh by its own rules', () => {
    expect(explain('core/a-shop/web', `http://${HOST}/x`)).toMatch(
      /core gateway egress:8443.*core gateway public:8443.*core sidecar api-v1 +mTLS/s,
    );
    expect(explain('core/b-shop/other', 'http://api.b-shop:8080/')).toMatch(/200/);
    expect(explain('core/api', 'http://other.b-shop:8080/')).toMatch(/200/);
  });

  test('knows Services of the other mesh, whose sidecars refuse clear text', () => {
    const strict = explain('core/a-shop/web', 'http://api.b-shop:8080/');
    expect(strict).toMatch(/core sidecar api-v1 +\[NR\] takes clear text ✗ no filter chain/);
    const open = synthesized({ isOpen: true });
    expect(multimesh('explain', 'core/a-shop/web', 'http://api.b-shop:8080/', '--dir', open).out).toMatch(/200/);
  });

  test('knows pods of the other mesh: behind a headless Service, and for NetworkPolicies', () => {
    const open = synthesized({ isOpen: true });
    const policy = (namespace: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: callers, namespace: b-shop }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress:
  - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${namespace} } } }]
---
apiVersion: v1
kind: Service
metadata: { name: heads, namespace: b-shop }
spec: { clusterIP: None, selector: { app: api }, ports: [{ name: http, port: 8080 }] }
`;
    const facts = join(temporaryFolder(), 'facts.yaml');
    writeFileSync(facts, 'meshes: { core: { networkPolicies: enforced } }\n');
    const explained = (namespace: string) => {
      writeFileSync(join(open, 'core/policy.yaml'), policy(namespace));
      return multimesh('explain', 'core/a-shop/web', 'http://heads.b-shop:8080/', '--dir', open, '--facts', facts).out;
    };
    expect(explained('a-shop')).toMatch(/ 200 /);
    expect(explained('elsewhere')).toMatch(/NetworkPolicy b-shop\/callers takes no ingress/);
  });

  test('names callers that there are', () => {
    const { err, status } = multimesh('explain', 'core/a-shop/nobody', 'http://x/', '--dir', folder);
    expect(status).toBe(2);
    expect(err).toContain(
      'the cluster has core/a-gateways/egress, core/a-shop/web-v1, core/b-gateways/public, core/b-shop/api-v1, core/b-shop/other-v1',
    );
  });
});

test('test compares with servers by names of clusters, also after an action', () => {
  const file = join(temporaryFolder(), 'calls.json');
  const call = { from: 'core/b-shop/other', url: 'http://api.b-shop:8080/' };
  const fail = { cluster: 'core', namespace: 'b-shop', workload: 'api-v1', fail: 503 };
  writeFileSync(
    file,
    JSON.stringify([
      { ...call, expect: { code: 200, server: 'core/b-shop/api-v1' } },
      { ...call, before: [fail], expect: { code: 503 } },
      { ...call, before: [{ ...fail, fail: null }], expect: { code: 200 } },
      {
        ...call,
        before: [{ cluster: 'core', kubectl: ['scale', 'deployment/api-v1', '-n', 'b-shop', '--replicas=0'] }],
        expect: { code: 503 },
      },
    ]),
  );
  expect(multimesh('test', file, '--dir', folder, '--coverage')).toMatchObject({ err: '', status: 0 });
});

test('graph draws one cluster', () => {
  const { out } = multimesh('graph', folder, '--format', 'dot');
  expect(out.match(/label="core"/g)).toHaveLength(1);
  expect(multimesh('graph', folder, '--format', 'html').out).not.toContain('core, core');
});

describe('diff', () => {
  test('finds what one of the meshes opens', () => {
    const { out } = multimesh('diff', folder, synthesized({ isOpen: true }));
    expect(out).toMatch(/^opens: network of core: anyone/m);
    expect(out).not.toContain('core is new, core is old');
    expect(out).toContain('1 object changed');
  });

  test('finds nothing between a folder and itself', () => {
    expect(multimesh('diff', folder, folder).out).toContain('0 objects changed');
  });

  test('refuses manifests of which nothing says whose they are', () => {
    const other = temporaryFolder();
    cpSync(join(folder, 'core'), join(other, 'core'), { recursive: true });
    expect(multimesh('diff', other, folder).err).toContain(
      'MESH1174 cluster core: it has several meshes, and nothing says which are in the manifests before the change: they have no fleet.json; state one with --facts',
    );
  });

  test('refuses a namespace that moves to another control plane', () => {
    const [old, changed] = (['a', 'b'] as const).map((moves) => synthesized({ moves }));
    const { err, status } = multimesh('diff', old, changed);
    expect(status).toBe(2);
    expect(err).toContain(
      "MESH1174 namespace moving @core: it is seen by mesh 'a' before the change and by 'b' after it: calls of another control plane cannot be compared; look at 'multimesh exposures' of both, or compare the change without the move",
    );
    expect(multimesh('explain', 'core/web', 'http://x/', '--dir', changed, '--before', old).err).toContain('MESH1174');
  });
});

describe('facts', () => {
  const withFacts = (facts: object) => {
    const file = join(temporaryFolder(), 'facts.json');
    writeFileSync(file, JSON.stringify(facts));
    return multimesh('explain', 'core/a-shop/web', 'http://api.b-shop:8080/', '--dir', folder, '--facts', file);
  };

  test('of the cluster hold for each mesh', () => {
    const facts = { meshes: { core: { networkPolicies: 'ignored', region: 'eu' } }, dns: { core: { x: '10.0.0.1' } } };
    expect(withFacts(facts)).toMatchObject({ status: 0 });
  });

  test('of a control plane are refused: nothing says of which', () => {
    expect(withFacts({ meshes: { core: { root: 'corporate' } } }).err).toContain(
      "MESH1175 cluster core: facts state meshes.core.root, and the cluster has the meshes 'a' and 'b': of which of them it is, nothing says; expected dnsDomain, networkPolicies, region, zone, and the rest in fleet.json, which states it of each mesh",
    );
    expect(withFacts({ routers: { core: { address: '10.0.0.1' } } }).err).toContain('routers.core');
  });
});
