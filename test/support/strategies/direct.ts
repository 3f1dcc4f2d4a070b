import * as fc from 'fast-check';
import { Callers, DirectPeering } from '../../../lib';
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

interface DirectShape extends HopShape {
  readonly callers: 'all' | 'namespaces' | 'workload';
}

const CALLERS = {
  all: () => undefined,
  namespaces: () => Callers.namespaces('travel', 'batch'),
  workload: () => Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] }),
};

// a sidecar reads the key pair of its own workload
const keys = (id: string, hop: HopShape, consumer: string) =>
  clientKeys(hop, `client-${id}`, `${consumer}.example/ns/travel/sa/web`);

const usual = { ...usualHop, callers: 'workload' } as const;

export const direct: StrategyShape<DirectShape> = {
  name: 'DirectPeering',
  options: fc.record({
    ...anyHop,
    clientKeys: fc.constantFrom('secret', 'cert-manager', 'files'),
    callers: fc.constantFrom('all', 'namespaces', 'workload', 'workload'),
  }),
  samples: {
    plain: { ...usual, mode: 'plain' },
    simple: { ...usual, mode: 'simple' },
    mutual: { ...usual, mode: 'mutual' },
    'plain bytes': { ...usual, mode: 'plain', flow: 'bytes' },
    'bytes in mutual TLS': { ...usual, mode: 'mutual', flow: 'bytes' },
    application: { ...usual, mode: 'application' },
  },
  files: hopFiles,
  hasHosts: true,
  leadsPorts: () => true,
  withoutComposed: withoutClientNames,
  fits: (options, _consumer, provider) =>
    hopFits(options, provider) &&
    // a sidecar that originates TLS must be named
    (options.callers === 'workload' || options.mode === 'plain' || options.mode === 'application'),
  protocol: hopProtocol,
  client: (id, options, consumer) => (options.mode === 'mutual' ? keys(id, options, consumer) : undefined),
  peer: (scope, id, options, sides) => {
    const { consumer, provider } = sides;
    return new DirectPeering(scope, id, {
      consumer: consumer.kind === 'place' ? consumer.mesh : consumer,
      provider: provider.kind === 'place' ? provider.mesh : provider,
      ...(provider.kind === 'place' && { ingress: provider.ingress }),
      tls: hopTls(id, options, sides, keys(id, options, nameOf(consumer))),
      ...(consumer.kind === 'place' && { callers: CALLERS[options.callers]() }),
    });
  },
  fromContract: (scope, id, options, { mesh: consumer }, contract) =>
    DirectPeering.fromContract(scope, {
      consumer,
      contract,
      callers: CALLERS[options.callers](),
      ...(options.mode === 'mutual' && { client: keys(id, options, consumer.name) }),
    }),
  stated: hopStated,
};
