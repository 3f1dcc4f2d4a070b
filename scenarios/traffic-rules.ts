import { Duration } from 'cdk8s';
import {
  Cluster,
  ControlPlane,
  type Fleet,
  Istio,
  Mesh,
  type MeshService,
  type Platform,
  Port,
  type Protocol,
  Routing,
  Rule,
  StringMatch,
} from '../lib';

const NAMESPACE = 'shop';

/** A mesh that exists, in a cluster of its own. */
export function shop(fleet: Fleet, platform: Platform = Istio.v1_31()): Mesh {
  const mesh = new Mesh(new Cluster(fleet, 'shop'), 'shop', {
    platform,
    controlPlane: ControlPlane.existing('istio-system'),
  });
  mesh.namespace(NAMESPACE);
  return mesh;
}

/** A service of the shop with one port. */
export function service<P extends Protocol>(mesh: Mesh, name: string, port: Port<P>): MeshService<P> {
  return mesh.service(name, { namespace: NAMESPACE, ports: [port] });
}

/** Requests to one host are told apart by what is in them, and passed on as each kind needs it. */
export function requests(fleet: Fleet): void {
  const mesh = shop(fleet);
  const reviews = service(mesh, 'reviews', Port.http(8000));
  const next = service(mesh, 'reviews-next', Port.http(8000));
  new Routing(mesh, 'reviews', {
    host: reviews,
    rules: [
      // by header and query: who tries out what comes next
      Rule.when({ headers: { 'end-user': 'jason' } }).to(next),
      Rule.when({ headers: { cookie: StringMatch.regex('(.*; )?beta=1(;.*)?') } }).to(next),
      Rule.when({ paths: ['/reviews/*'], query: { preview: StringMatch.present() } }).to(next),
      // by method: nobody writes through this host
      Rule.when({ methods: ['POST', 'PUT', 'DELETE'] }).deny(),
      // by a regular expression for the whole path
      Rule.paths([StringMatch.regex('/items/[0-9]+/reviews')]).to(next),
      // the server has another base path, and knows another host
      Rule.paths(['/v1/*'])
        .to(reviews)
        .with({ rewrite: { path: '/api/', authority: 'reviews.internal' } }),
      Rule.paths(['/stars/*'])
        .to(reviews)
        .with({ rewrite: { path: { regex: '^/stars/([0-9]+)$', to: '/reviews/\\1/stars' } } }),
      Rule.paths(['/old']).redirect({ authority: 'www.shop.example', path: '/reviews/', scheme: 'https', code: 308 }),
      // who waits for a report waits a second at most, and asks once
      Rule.paths(['/reports/*'])
        .to(reviews)
        .with({ timeout: Duration.seconds(1), retries: { attempts: 0 } }),
      // quotes may be asked for again, each time within half a second
      Rule.paths(['/quotes/*'])
        .to(reviews)
        .with({ retries: { attempts: 3, perTry: Duration.millis(500), on: ['5xx', 'reset'] } }),
      // what comes next sees what it will have to answer
      Rule.paths(['/checkout/*'])
        .to(reviews)
        .with({ mirror: { to: next } }),
      Rule.paths(['/chaos/*'])
        .to(reviews)
        .with({ faultForTests: { abort: { status: 418, percent: 100 } } }),
      Rule.otherwise().to(reviews),
    ],
  });
}

/** Where no requests are seen, calls are told apart by port, and TLS by server name. */
export function streams(fleet: Fleet): void {
  const mesh = shop(fleet);
  const primary = service(mesh, 'primary', Port.tcp(5432));
  const replica = service(mesh, 'replica', Port.tcp(5432));
  new Routing(mesh, 'db', {
    host: mesh.service('db', {
      namespace: NAMESPACE,
      ports: [Port.tcp(5432, { name: 'tcp-write' }), Port.tcp(5433, { name: 'tcp-read' })],
    }),
    rules: [
      Rule.port(Port.tcp(5432)).to(primary),
      Rule.port(Port.tcp(5433)).to({ weight: 50, to: primary }, { weight: 50, to: replica }),
    ],
  });
  const eu = service(mesh, 'broker-eu', Port.tls(443, { targetPort: 8443 }));
  const us = service(mesh, 'broker-us', Port.tls(443, { targetPort: 8443 }));
  new Routing(mesh, 'broker', {
    host: mesh.alias('broker', { namespace: NAMESPACE, port: Port.tls(443) }),
    rules: [Rule.sni(['eu.broker.example', '*.eu.broker.example']).to(eu), Rule.otherwise().to(us)],
  });
}
