import {
  Access,
  Credential,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  type Mesh,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  type PrivateGatewayPeeringProps,
  TrustBundle,
} from '../../lib';
import { mesh } from '../support/model';

// Two meshes with a private gateway each, for tests of PrivateGatewayPeering and its parts.

export const consumersCa = TrustBundle.declared('consumers-ca', { rootSha256: ['a1'.repeat(32)] });
export const providersCa = TrustBundle.declared('providers-ca', { rootSha256: ['b2'.repeat(32)] });
export const server = Credential.secret('server', { identity: Identity.spiffe('c2.example/igw'), signer: providersCa });

export const clientOf = (name: string) =>
  Credential.secret(`${name}-client`, { identity: Identity.spiffe(`${name}.example/egw`), signer: consumersCa });

/** A mesh that calls, with its gateway. */
export function calling(fleet: Fleet, name = 'c1') {
  const consumer = mesh(fleet, name, {}, `${name}-cluster`);
  consumer.namespace('web');
  return { consumer, egress: new Gateway(consumer, 'egw', { kind: 'egress', namespace: 'gws' }) };
}

/** A mesh that is called, with its gateway and services of every protocol. */
export function called(fleet: Fleet, props: Partial<GatewayProps> = {}) {
  const provider = mesh(fleet, 'c2', {}, 'c2-cluster');
  provider.namespace('app');
  const ingress = new Gateway(provider, 'igw', {
    kind: 'ingress',
    namespace: 'gws',
    ports: [GatewayPort.https(15443), GatewayPort.tls(15444), GatewayPort.tls(31400), GatewayPort.tls(31401)],
    ...props,
  });
  return { provider, ingress };
}

export function servicesOf(provider: Mesh) {
  const namespace = 'app';
  const subsets = { v1: { version: 'v1' } };
  return {
    web: provider.service('web', { namespace, ports: [Port.http(8000)], subsets }),
    two: provider.service('two', {
      namespace,
      ports: [Port.http(8001, { name: 'http-a' }), Port.grpc(8002, { name: 'grpc-b', targetPort: 18002 })],
    }),
    db: provider.service('db', { namespace, ports: [Port.tcp(9000)], pods: { db: 'main' } }),
    own: provider.service('own', { namespace, ports: [Port.tls(443)], subsets }),
  };
}

/** A peering between the two, and the provider's services. */
export function peered(
  fleet: Fleet,
  gateway: Partial<GatewayProps> = {},
  props: Partial<PrivateGatewayPeeringProps> = {},
) {
  const sides = { ...calling(fleet), ...called(fleet, gateway) };
  const peering = new PrivateGatewayPeering(fleet, 'p', {
    ...sides,
    host: 'c2.example.com',
    tls: PeeringTls.mutual({ client: clientOf('c1'), server }),
    ...props,
  });
  return { ...sides, peering, services: servicesOf(sides.provider) };
}

export const get = [Access.http({ methods: ['GET'] })];
