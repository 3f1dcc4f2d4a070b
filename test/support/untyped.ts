import {
  Access,
  Address,
  Callers,
  ControlPlane,
  Credential,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../lib';
import { agencyAndPartner, mesh } from './model';

const ca = TrustBundle.declared('ca');

/** What programs have when they state the next thing; made anew for each case. */
export function world() {
  const fleet = new Fleet({ print: () => {} });
  const root = TrustBundle.declared('root', { rootSha256: ['a1'.repeat(32)] });
  const all = agencyAndPartner(
    fleet,
    { ports: [GatewayPort.http(), GatewayPort.https(), GatewayPort.tls()] },
    { root, virtualIpRange: '240.0.0.0/9', controlPlane: ControlPlane.existing('istio-system', { dnsCapture: true }) },
  );
  const { agency } = all;
  agency.namespace('travel');
  const egress = new Gateway(agency, 'out', { kind: 'egress', namespace: 'egress' });
  const far = mesh(fleet, 'far', {
    root,
    controlPlane: ControlPlane.existing('istio-system', { trustDomainAliases: ['agency.example'] }),
  });
  const eastWest = new Gateway(far, 'east-west', {
    kind: 'ingress',
    namespace: 'east-west',
    ports: [GatewayPort.tls()],
    address: Address.ip('192.0.2.1'),
    denyByDefault: false,
  });
  const maistra = mesh(fleet, 'maistra', { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('maistra-system') });
  const neighbour = new Mesh(maistra.cluster, 'neighbour', {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('neighbour-system'),
    trustDomain: 'neighbour.example',
  });
  return {
    ...all,
    fleet,
    root,
    egress,
    far,
    eastWest,
    maistra,
    neighbour,
    distant: far.service('stock', { namespace: 'stock', ports: [Port.http(80)], subsets: { v1: { version: 'v1' } } }),
    elsewhere: Mesh.external(fleet, 'elsewhere', { trustDomain: 'elsewhere.example', root }),
    web: agency.service('web', { namespace: 'travel', ports: [Port.http(80)], subsets: { v1: { version: 'v1' } } }),
    bank: External.server({ host: 'api.bank.example', ports: [Port.http(443)] }),
    identity: Identity.spiffe('agency.example/ns/egress/sa/out'),
    client: Credential.secret('client', { identity: Identity.spiffe('agency.example/ns/egress/sa/out'), signer: ca }),
    server: Credential.secret('server', { identity: Identity.dns('a.partner.example'), signer: ca }),
    peerEnd: new PeerEnd(Identity.dns('a.partner.example'), ca),
    ca,
    namespaces: Callers.namespaces('travel'),
    allow: [Access.http()],
    plain: PeeringTls.plain(),
  };
}

export type World = ReturnType<typeof world>;

/** One constructor, factory or method with all of its options in valid values. */
export interface Entry {
  readonly name: string;
  readonly options: (own: World) => Record<string, unknown>;
  readonly run: (own: World, options: never) => unknown;
  /** Whether the options are arguments, which are not an object to the callee. */
  readonly isPositional?: boolean;
}

/** What comes from JSON and the environment where something else belongs. */
export const OTHER_KINDS = [null, undefined, 42, 'text', {}, []];

/** Whether the callee would take one for the other by its kind; what it says is then another matter. */
export function isSameKind(valid: unknown, other: unknown): boolean {
  return kindOf(valid) === kindOf(other);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return Object.getPrototypeOf(value) === Object.prototype ? 'options' : 'value';
}
