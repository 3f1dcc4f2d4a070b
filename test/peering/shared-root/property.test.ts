import * as fc from 'fast-check';
import { Access, type Fleet, Port, type Protocol, SharedRootPeering } from '../../../lib';
import { cancellingLeavesOthers, namesAreUnique, nothingElseIsGone } from '../../support/assertions';
import { synth } from '../../support/model';
import { eastWest, member } from './shared-root';

interface Exposed {
  readonly consumer: string;
  readonly service: string;
  readonly port: number;
  readonly subset: boolean;
}

const PORTS: Port[] = [Port.http(8000), Port.tcp(9000), Port.grpc(50051), Port.tls(443, { targetPort: 8443 })];

const exposed = fc.record({
  consumer: fc.constantFrom('c1', 'c3', 'c4'),
  service: fc.constantFrom('a', 'b', 'a-b'),
  port: fc.constantFrom(...PORTS.map(({ number }) => number)),
  subset: fc.boolean(),
});
const fleets = fc.uniqueArray(exposed, { minLength: 1, maxLength: 12, selector: (one) => JSON.stringify(one) });

const program = (all: readonly Exposed[]) => (fleet: Fleet) => {
  const { provider, ingress } = eastWest(fleet);
  const services = Object.fromEntries(
    ['a', 'b', 'a-b'].map((name) => [
      name,
      provider.service(name, { namespace: 'bar', ports: PORTS, subsets: { v1: { version: 'v1' } } }),
    ]),
  );
  const peerings = Object.fromEntries(
    ['c1', 'c3', 'c4'].map((name) => [
      name,
      new SharedRootPeering(fleet, `${name}-c2`, { consumer: member(fleet, name), provider, ingress }),
    ]),
  );
  const access = (protocol: Protocol) => {
    const from = ['cluster.local/ns/foo/*'];
    return protocol === 'tcp' || protocol === 'tls' ? Access.tcp({ from }) : Access.http({ from });
  };
  for (const { consumer, service, port: number, subset } of all) {
    const port = PORTS.find((one) => one.number === number) ?? PORTS[0];
    const options = { allow: [access(port.protocol)], ...(subset && { subset: 'v1' }) };
    // of one service, the base lets each port be exposed once to a consumer, as a whole or as a subset
    peerings[consumer].expose(services[service].at(port as Port<'http'>), options);
  }
};

test('nothing stands twice, whatever is exposed to whom', () => {
  fc.assert(
    fc.property(fleets, (all) => namesAreUnique(program(all))),
    { numRuns: 40 },
  );
});

test('the order of statements changes no byte', () => {
  fc.assert(
    fc.property(fleets, (all) => expect(synth(program([...all].reverse()))).toEqual(synth(program(all)))),
    { numRuns: 15 },
  );
});

test('cancelling an exposure changes nothing but the host that it shares', () => {
  fc.assert(
    fc.property(fleets, (all) => {
      const [cancelled, ...kept] = all;
      const { service, subset } = cancelled;
      const host = `${subset ? 'v1.' : ''}${service}.bar.c2`;
      const gone = cancellingLeavesOthers(program(all), program(kept), (identity) => {
        const [kind, name] = identity.split(/[ /@]+/).filter((_, index) => index !== 1);
        return kind === 'ServiceEntry' && (name.endsWith(`-c2.${host}`) || name === `eastwest.${host}`);
      });
      nothingElseIsGone(gone, program([cancelled]));
    }),
    { numRuns: 40 },
  );
});
