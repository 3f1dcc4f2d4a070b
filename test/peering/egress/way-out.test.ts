import * as fc from 'fast-check';
import type { Manifests } from '../../../lib/testing';
import { programOf } from '../../support/fleet-program';
import { manifestsOf } from '../../support/model';
import { domainOf } from '../../support/place';
import { anyFleet, isMesh, MESHES, type PeeringShape } from '../../support/random-fleet';
import { soundFleet } from '../../support/sound-fleet';
import { egressGateway } from '../../support/strategies/egress-gateway';
import { type HopShape, hopHost } from '../../support/strategies/hop';

// GIVEN any peerings of several meshes, each with one egress gateway that they share

const gatewayHostOf = (mesh: string) => `out.gateways.svc.${domainOf(mesh)}`;

test('each exposure has its own unbroken way through its egress gateway', () => {
  fc.assert(
    fc.property(anyFleet(egressGateway), (shape) => {
      const sound = soundFleet(shape);
      const manifests = manifestsOf(programOf(sound));
      for (const peering of sound.peerings.filter(({ strategy }) => strategy === egressGateway.name)) {
        for (const exposed of peering.exposures) {
          const isServer = !isMesh(peering.provider);
          const options = peering.options as HopShape;
          const host = hopHost({ id: peering.id, options, provider: peering.provider, isServer, exposed });
          expectWayOut(manifests, peering, host, options.mode === 'application');
        }
      }
    }),
    { numRuns: 60 },
  );
});

function expectWayOut(manifests: Manifests, { consumer }: PeeringShape, host: string, isPassedOn: boolean): void {
  const gatewayHost = gatewayHostOf(consumer);
  const find = (kind: string) => manifests.cluster(`cluster-${consumer}`).find(kind) as object[] as Resource[];
  // THEN the host leads to a subset of the egress gateway
  const [{ spec: virtualService }] = find('VirtualService').filter(
    ({ spec }) => spec.gateways?.includes('mesh') && spec.hosts?.includes(host),
  );
  const routes = routesOf(virtualService);
  // a Routing about the host may lead some calls elsewhere
  const leaving = routes.filter(({ route }) => route[0].destination.host === gatewayHost);
  expect(leaving).not.toEqual([]);
  const [fromCallers] = leaving;
  const { destination } = fromCallers.route[0];
  // AND the subset sends an SNI by which one Gateway takes the call, at the same port
  const [subset] = find('DestinationRule')
    .filter(({ spec }) => spec.host === gatewayHost)
    .flatMap(({ spec }) => spec.subsets ?? [])
    .filter(({ name }) => name === destination.subset);
  const [{ port, tls }] = subset.trafficPolicy.portLevelSettings;
  // bytes of several ports of a host have an SNI for each
  const sni = [host, `${fromCallers.match[0].port}.${host}`].find((name) => name === tls.sni) ?? host;
  expect(tls).toEqual(isPassedOn ? { mode: 'DISABLE' } : { mode: 'ISTIO_MUTUAL', sni });
  expect(port.number).toBe(destination.port.number);
  const [gateway] = find('Gateway').filter(
    ({ spec }) => spec.selector?.istio === 'out' && spec.servers?.[0].hosts.includes(sni),
  );
  expect(gateway.spec.servers).toMatchObject([
    { port: { number: port.number }, tls: { mode: isPassedOn ? 'PASSTHROUGH' : 'ISTIO_MUTUAL' } },
  ]);
  // AND that Gateway leads it on to the host's ServiceEntry
  const resource = `gateways/${gateway.metadata.name}`;
  const [way] = find('VirtualService').filter(
    ({ spec }) => spec.gateways?.includes(resource) && spec.hosts?.includes(sni),
  );
  const [fromGateway] = routesOf(way.spec).filter(
    ({ match, route }) =>
      match.some(({ gateways }) => gateways?.includes(resource)) &&
      route[0].destination.port?.number === fromCallers.match[0].port,
  );
  for (const match of fromGateway.match) expect(match).toMatchObject({ gateways: [resource], port: port.number });
  const [entry] = find('ServiceEntry').filter(({ spec }) => spec.hosts?.includes(host));
  expect(fromGateway.route).toMatchObject([{ destination: { host, port: { number: fromCallers.match[0].port } } }]);
  // AND whoever sees the host sees the way to it
  expect(entry.spec.exportTo).toEqual(virtualService.exportTo);
}

const routesOf = ({ http = [], tls = [], tcp = [] }: Resource['spec']): Route[] => [...http, ...tls, ...tcp];

test('all rules of the gateway host are merged: one namespace, one exportTo, no policy for all subsets', () => {
  fc.assert(
    fc.property(anyFleet(egressGateway), (shape) => {
      const manifests = manifestsOf(programOf(soundFleet(shape)));
      for (const id of MESHES) {
        const rules = manifests.cluster(`cluster-${id}`).find('DestinationRule') as object[] as Resource[];
        for (const { metadata, spec } of rules.filter((rule) => rule.spec.host === gatewayHostOf(id))) {
          expect(metadata.namespace).toBe('gateways');
          expect(spec.exportTo).toEqual(['*']);
          expect(spec).not.toHaveProperty('trafficPolicy');
        }
      }
    }),
    { numRuns: 30 },
  );
});

/** What these checks read of an object. */
interface Resource {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly host?: string;
    readonly hosts?: string[];
    readonly exportTo?: string[];
    readonly gateways?: string[];
    readonly selector?: { readonly istio: string };
    readonly servers?: { readonly hosts: string[] }[];
    readonly subsets?: {
      readonly name: string;
      readonly trafficPolicy: {
        readonly portLevelSettings: {
          readonly port: { readonly number: number };
          readonly tls: { readonly sni?: string };
        }[];
      };
    }[];
    readonly http?: Route[];
    readonly tls?: Route[];
    readonly tcp?: Route[];
  };
}

interface Route {
  readonly match: { readonly port: number; readonly gateways?: string[] }[];
  readonly route: {
    readonly destination: {
      readonly host: string;
      readonly port: { readonly number: number };
      readonly subset: string;
    };
  }[];
}
