import * as fc from 'fast-check';
import { Callers, type Credential, EgressGatewayPeering, type EgressTls } from '../../../lib';
import type { Place } from '../place';
import {
  anyHop,
  clientKeys,
  type HopShape,
  hopFiles,
  hopFits,
  hopProtocol,
  hopStated,
  hopTls,
  nameOf,
  usualHop,
  withoutClientNames,
} from './hop';
import type { StrategyShape } from './strategy';

interface EgressGatewayShape extends HopShape {
  readonly callers: 'all' | 'namespaces' | 'serviceAccounts';
  /** Whether a namespace gets no other way out. */
  readonly isClosed: boolean;
}

const CALLERS = {
  all: () => undefined,
  namespaces: () => Callers.namespaces('travel', 'batch'),
  serviceAccounts: () => Callers.serviceAccounts('travel/web'),
};

// a gateway's key pair is used by all that go through it
const keys = (hop: HopShape, consumer: string) =>
  clientKeys(hop, 'client', `${consumer}.example/egress`) as Credential<'sds'>;

const ownSide = ({ egress }: Place, { callers, isClosed }: EgressGatewayShape) => ({
  egress,
  callers: CALLERS[callers](),
  ...(isClosed && { onlyWayOut: ['travel'] }),
});

const usual = { ...usualHop, callers: 'serviceAccounts', isClosed: true } as const;

export const egressGateway: StrategyShape<EgressGatewayShape> = {
  name: 'EgressGatewayPeering',
  options: fc.record({
    ...anyHop,
    callers: fc.constantFrom('all', 'namespaces', 'serviceAccounts'),
    isClosed: fc.boolean(),
  }),
  samples: {
    plain: { ...usual, mode: 'plain' },
    simple: { ...usual, mode: 'simple' },
    mutual: { ...usual, mode: 'mutual' },
    'plain bytes': { ...usual, mode: 'plain', flow: 'bytes' },
    'bytes in mutual TLS': { ...usual, mode: 'mutual', flow: 'bytes' },
    application: { ...usual, mode: 'application', callers: 'all' },
  },
  files: hopFiles,
  hasHosts: true,
  // the SNI of the application's own TLS says nothing of the port
  leadsPorts: ({ mode }) => mode !== 'application',
  withoutComposed: withoutClientNames,
  fits: (options, { egress }, provider) =>
    hopFits(options, provider) &&
    // the gateway must see who calls, and must deny the others
    (options.callers !== 'serviceAccounts' || (options.mode !== 'application' && egress.denyByDefault)),
  protocol: hopProtocol,
  client: (_id, options, consumer) => (options.mode === 'mutual' ? keys(options, consumer) : undefined),
  peer: (scope, id, options, sides) => {
    const { consumer, provider } = sides;
    return new EgressGatewayPeering(scope, id, {
      consumer: consumer.kind === 'place' ? consumer.mesh : consumer,
      provider: provider.kind === 'place' ? provider.mesh : provider,
      ...(provider.kind === 'place' && { ingress: provider.ingress }),
      ...(consumer.kind === 'place' && ownSide(consumer, options)),
      tls: hopTls(id, options, sides, keys(options, nameOf(consumer))) as EgressTls,
    });
  },
  fromContract: (scope, _id, options, consumer, contract) =>
    EgressGatewayPeering.fromContract(scope, {
      consumer: consumer.mesh,
      contract,
      ...ownSide(consumer, options),
      ...(options.mode === 'mutual' && { client: keys(options, consumer.mesh.name) }),
    }),
  stated: hopStated,
};
