import { MeshError } from '../facts/error';
import type { ControlPlane } from './control-plane';
import type { ExistingGatewayProps, GatewayOptions, GatewayRendering } from './gateway-options';
import { checkPortNames, GatewayPort } from './gateway-port';

/** Ports of a gateway that states none. */
export function defaultPorts(kind: 'ingress' | 'egress'): GatewayPort[] {
  return kind === 'ingress' ? [GatewayPort.http(), GatewayPort.https()] : [GatewayPort.https()];
}

/** @throws MESH1120 when what a policy or a Route names of a gateway that exists is not stated. */
export function checkExistingPorts(props: ExistingGatewayProps, where: string): void {
  const ports = props.ports ?? defaultPorts(props.kind);
  if (props.route) checkPortNames(ports, where);
  const guessed = ports.find((port) => !port.isTargetStated);
  if (!props.denyByDefault || !guessed) return;
  const { protocol, number, targetPort } = guessed;
  throw new MeshError(
    'MESH1120',
    where,
    `the gateway denies by default, so policies name the port that its pods listen on, which nobody states for port ${number}; state ports: [GatewayPort.${protocol}(${number}, ${targetPort})], if its pods listen on ${targetPort} (Istio's Helm chart listens on ${number})`,
  );
}

/** A gateway as it is checked, whoever deploys it. */
interface Checked {
  readonly kind: 'ingress' | 'egress';
  readonly selector: Readonly<Record<string, string>>;
  readonly denyByDefault: boolean;
  readonly policies: GatewayRendering;
}

/**
 * Checks that options fit together. An EnvoyFilter is no addition to a gateway that is open otherwise, and what it knows
 * of callers is certificates.
 *
 * @throws MESH1108 for what an egress gateway cannot have; MESH1110 without a selector; MESH1230 for an EnvoyFilter where
 * it cannot be.
 */
export function checkGatewayOptions(props: GatewayOptions, gateway: Checked, where: string): void {
  if (gateway.kind === 'egress' && (props.address || props.route)) {
    throw new MeshError('MESH1108', where, 'an egress gateway has no address or Route; nothing calls it from outside');
  }
  if (gateway.kind === 'egress' && props.serverTls) {
    throw new MeshError(
      'MESH1108',
      where,
      'an egress gateway has no serverTls; proxies of its own mesh call it, which agree with it',
    );
  }
  if (Object.keys(gateway.selector).length === 0) {
    throw new MeshError(
      'MESH1110',
      where,
      'the selector is empty, so it would select every pod; state the labels of the gateway pods',
    );
  }
  if (gateway.policies === 'AuthorizationPolicy') return;
  const problem =
    gateway.kind === 'egress'
      ? 'an egress gateway tells workloads of its own mesh apart; leave policies out'
      : gateway.denyByDefault
        ? undefined
        : 'its one EnvoyFilter denies what no exposure allows; set denyByDefault: true, or leave policies out';
  if (problem !== undefined) throw new MeshError('MESH1230', where, `policies is 'EnvoyFilter', but ${problem}`);
}

/** @throws MESH1117 when the control plane does not fit. */
export function believesOtherRoots(props: GatewayOptions, { otherRoots }: ControlPlane, where: string): boolean {
  const everyProxyDoes = otherRoots?.reach === 'everyProxy';
  const { believesOtherRoots = everyProxyDoes } = props;
  if (believesOtherRoots === everyProxyDoes || otherRoots?.reach === 'gateways') return believesOtherRoots;
  throw new MeshError(
    'MESH1117',
    where,
    everyProxyDoes
      ? 'believesOtherRoots is false, but every proxy of the mesh believes them; use OtherRoots.byGateways'
      : 'believesOtherRoots is true, but the control plane of the mesh states no other root; state otherRoots: OtherRoots.byGateways({ … })',
  );
}
