import { Duration } from 'cdk8s';
import {
  Cluster,
  ControlPlane,
  Fleet,
  Istio,
  Mesh,
  Port,
  type RequestOptions,
  Routing,
  Rule,
  StringMatch,
} from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const mesh = new Mesh(new Cluster(new Fleet(), 'east'), 'shop', {
  platform: Istio.v1_31(),
  controlPlane: ControlPlane.existing('istio-system'),
});
const web = mesh.service('web', { namespace: 'shop', ports: [Port.http(80)] });
const db = mesh.service('db', { namespace: 'shop', ports: [Port.tcp(5432)] });
const nginx = mesh.service('nginx', { namespace: 'shop', ports: [Port.tls(443)] });
const timeout = Duration.seconds(1);

// GIVEN rules that fit what flows
new Routing(mesh, 'web', {
  host: web,
  rules: [
    Rule.when({ methods: ['GET'] })
      .to(web)
      .with({ timeout }),
  ],
});
new Routing(mesh, 'db', { host: db, rules: [Rule.port(Port.tcp(5432)).to(db)] });
new Routing<'tls'>(mesh, 'nginx', { host: nginx, rules: [Rule.sni(['a.example']).to(nginx)] });

// @ts-expect-error conditions of requests where bytes flow
new Routing(mesh, 'a', { host: db, rules: [Rule.when({ methods: ['GET'] }).to(web)] });
// @ts-expect-error requests led to bytes
Rule.when({ methods: ['GET'] }).to(db);
// @ts-expect-error bytes led to requests
Rule.port(Port.tcp(5432)).to(web);
// @ts-expect-error the application's TLS led to requests
Rule.sni(['a.example']).to(web);
// @ts-expect-error a timeout where the mesh sees no requests
Rule.otherwise().to(db).with({ timeout });
// @ts-expect-error an answer where the mesh sees no requests
new Routing(mesh, 'b', { host: db, rules: [Rule.otherwise().deny()] });
// @ts-expect-error a redirect where the mesh sees no requests
new Routing(mesh, 'c', { host: db, rules: [Rule.otherwise().redirect({ path: '/a' })] });
// @ts-expect-error copies of requests sent to bytes
export const mirrored: RequestOptions = { mirror: { to: db } };
// @ts-expect-error conditions of requests at a port of bytes
Rule.when({ port: Port.tcp(5432) });
// @ts-expect-error a path is there always
Rule.paths([StringMatch.present()]);
// @ts-expect-error a duration without unit
Rule.otherwise().to(web).with({ timeout: 2 });
// @ts-expect-error a condition of retries that Envoy does not know
export const retried: RequestOptions = { retries: { attempts: 1, on: ['timeout'] } };
// @ts-expect-error a rule that leads nowhere
new Routing(mesh, 'd', { host: web, rules: [Rule.otherwise()] });
// @ts-expect-error look-alikes do not pass (nominal)
Rule.when({ headers: { beta: { kind: 'exact', text: '1' } } });
