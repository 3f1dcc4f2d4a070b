import * as fc from 'fast-check';
import {
  Access,
  Callers,
  type Credential,
  type Gateway,
  GatewayPort,
  type GatewayRendering,
  JwtRule,
  PrivateGatewayPeering,
  type PrivateTls,
} from '../../../lib';
import { type Place, tcpGatewayPort, tcpGatewayPorts } from '../place';
import { anyHop, clientKeys, type HopShape, hopTls, nameOf, usualHop } from './hop';
import type { StrategyShape } from './strategy';

interface PrivateGatewayShape extends HopShape {
  readonly protocol: 'http' | 'tcp' | 'tls';
  /** How the provider's gateway tells its peers apart. */
  readonly policies: GatewayRendering;
  readonly callers: 'all' | 'namespaces' | 'serviceAccounts';
  /** Whether the gateway asks where calls come from, and for tokens where it can. */
  readonly asks: boolean;
  /** Whether a namespace of each side has no other way. */
  readonly isClosed: boolean;
}

const jwks = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-256', x: 'AQAB', y: 'AQAB' }] });
// what verifies tokens holds the audiences of all: one, so that it says the same whoever is cancelled
const TOKEN = JwtRule.inline({ issuer: 'https://login.example', audiences: ['everybody'], jwks });

const CALLERS = {
  all: () => undefined,
  namespaces: () => Callers.namespaces('travel', 'batch'),
  serviceAccounts: () => Callers.serviceAccounts('travel/web'),
};

const ingressName = ({ policies }: PrivateGatewayShape) => (policies === 'EnvoyFilter' ? 'private-filter' : 'private');

/** A gateway that denies by policy, and one by filter: of both together nothing would pass. */
function ingressOf(place: Place, options: PrivateGatewayShape): Gateway {
  const { address } = place.ingress;
  return place.gateway(ingressName(options), {
    kind: 'ingress',
    ports: [
      GatewayPort.https(15443, 15443),
      GatewayPort.tls(15444, 15444),
      ...tcpGatewayPorts().map((number) => GatewayPort.tls(number, number)),
    ],
    // one port of the nodes leads to one port of the gateway
    ...(address?.port === undefined && { address }),
    policies: options.policies,
  });
}

const keys = (hop: HopShape, consumer: string) =>
  clientKeys(hop, 'private-client', `${consumer}.example/private`) as Credential<'sds'>;

const consumerSide = (place: Place, { callers, isClosed }: PrivateGatewayShape) => ({
  egress: place.gateway('private-out', { kind: 'egress' }),
  callers: CALLERS[callers](),
  ...(isClosed && { onlyWayOut: ['travel'] }),
});

const providerSide = (place: Place, options: PrivateGatewayShape) => ({
  ingress: ingressOf(place, options),
  ...(options.isClosed && { onlyWayIn: ['travel'] }),
});

const usual = { ...usualHop, mode: 'mutual', callers: 'serviceAccounts', asks: false, isClosed: true } as const;

export const privateGateway: StrategyShape<PrivateGatewayShape> = {
  name: 'PrivateGatewayPeering',
  options: fc.record({
    mode: fc.constant('mutual'),
    flow: fc.constant('requests'),
    client: fc.constant('spiffe'),
    // a gateway shows one certificate, which all its peerings state
    server: fc.constant('spiffe'),
    serverKeys: fc.constant('cert-manager'),
    clientKeys: anyHop.clientKeys,
    protocol: fc.constantFrom('http', 'http', 'tcp', 'tls'),
    policies: fc.constantFrom('AuthorizationPolicy', 'EnvoyFilter'),
    callers: fc.constantFrom('all', 'namespaces', 'serviceAccounts'),
    asks: fc.boolean(),
    isClosed: fc.boolean(),
  }),
  samples: {
    requests: { ...usual, protocol: 'http', policies: 'AuthorizationPolicy' },
    'requests, by filter': { ...usual, protocol: 'http', policies: 'EnvoyFilter' },
    'requests, asked': { ...usual, protocol: 'http', policies: 'AuthorizationPolicy', asks: true },
    'bytes, asked, by filter': { ...usual, protocol: 'tcp', policies: 'EnvoyFilter', asks: true },
    bytes: { ...usual, protocol: 'tcp', policies: 'AuthorizationPolicy' },
    'TLS, by filter': { ...usual, protocol: 'tls', policies: 'EnvoyFilter' },
  },
  files: (options) => [
    'cluster-a/a.out.k8s.yaml',
    'cluster-a/a.private-out.k8s.yaml',
    'cluster-a/a.public.k8s.yaml',
    `cluster-b/b.broker.insurances${options.protocol === 'http' ? '' : `-${options.protocol}`}.k8s.yaml`,
    'cluster-b/b.out.k8s.yaml',
    `cluster-b/b.${ingressName(options)}.k8s.yaml`,
    'cluster-b/b.public.k8s.yaml',
  ],
  hasHosts: false,
  // there can be one filter of a gateway
  withoutComposed: (json) => (json.includes('"kind":"EnvoyFilter"') ? '' : json),
  fits: (_options, _consumer, provider) => provider !== undefined,
  protocol: ({ protocol }) => protocol,
  client: (_id, options, consumer) => keys(options, consumer),
  peer: (scope, id, options, sides) => {
    const { consumer, provider } = sides;
    if (provider.kind !== 'place') throw new Error(`the provider ${provider.name} is not ours`);
    return new PrivateGatewayPeering(scope, id, {
      consumer: consumer.kind === 'place' ? consumer.mesh : consumer,
      provider: provider.mesh,
      host: `private.${nameOf(provider)}.example`,
      ...providerSide(provider, options),
      ...(consumer.kind === 'place' && consumerSide(consumer, options)),
      tls: hopTls(id, options, sides, keys(options, nameOf(consumer)), ingressName(options)) as PrivateTls,
    });
  },
  fromContract: (scope, _id, options, consumer, contract) =>
    PrivateGatewayPeering.fromContract(scope, {
      consumer: consumer.mesh,
      contract,
      ...consumerSide(consumer, options),
      client: keys(options, consumer.mesh.name),
    }),
  stated: ({ options: { protocol, asks, policies }, exposed }) => {
    const { service, subset, access } = exposed;
    return {
      ...(subset !== undefined && { subset }),
      ...(protocol === 'tcp' && { gatewayPort: tcpGatewayPort(exposed) }),
      ...(protocol === 'tls' && { host: `${subset ?? 'all'}.${service[1]}.${service[0]}.example` }),
      ...(asks && { ipBlocks: ['10.0.0.0/8'] }),
      ...(asks && protocol === 'http' && policies === 'AuthorizationPolicy' && { jwtRules: [TOKEN] }),
      allow: access.map((rule) => (protocol === 'http' ? Access.http(rule) : Access.tcp())),
    };
  },
};
