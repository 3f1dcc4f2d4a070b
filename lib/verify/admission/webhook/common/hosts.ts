import { show } from '../../problem';
import { isAddress, isLabel, partialWildcardReason, type Reason, wildcardDomainReason } from './names';

/** `host.Name.Matches`: whether two host names, each with or without a wildcard in front, have a name in common. */
export function overlap(a: string, b: string): boolean {
  const [wildA, wildB] = [isWild(a), isWild(b)];
  if (wildA && wildB) return a.length < b.length ? b.slice(1).endsWith(a.slice(1)) : a.slice(1).endsWith(b.slice(1));
  if (wildA) return b.endsWith(a.slice(1));
  return wildB ? a.endsWith(b.slice(1)) : a === b;
}

/** `host.Name.SubsetOf`: whether every name of `a` is one of `b`. */
export function isSubset(a: string, b: string): boolean {
  if (isWild(a)) return isWild(b) && a.slice(1).endsWith(b.slice(1));
  return isWild(b) ? a.endsWith(b.slice(1)) : a === b;
}

/** `host.Name.IsWildCarded`. */
export function isWild(name: string): boolean {
  return name.startsWith('*');
}

/**
 * `agent.ValidateNamespaceSlashWildcardHostname` for a Gateway: `host`, or a namespace, `.` or `*` in front of `/host`.
 *
 * @param converted whether istiod made the object of one of the Gateway API: then `~` is no namespace at all.
 */
export function gatewayHostReason(host: string, converted: boolean): Reason {
  const [namespace, name] = split(host);
  if (namespace === undefined) return nameReason(name, true);
  if (namespace === '' || name === '') return `is ${show(host)}, expected a name on both sides of the slash`;
  const nobody = namespace === '~' && converted;
  if (namespace !== '*' && namespace !== '.' && !nobody && !isLabel(namespace)) return namespaceReason(host, namespace);
  return nameReason(name, true);
}

/** The same for an egress listener of a Sidecar; `~` in front of the namespace excludes. */
export function egressHostReason(host: string): Reason {
  const [namespace, name] = split(host);
  if (namespace === undefined) return `is ${show(host)}, expected namespace/host`;
  if (namespace === '' || name === '') return `is ${show(host)}, expected a name on both sides of the slash`;
  const selected = namespace.startsWith('~') ? namespace.slice(1) : namespace;
  if (selected !== '' && selected !== '*' && selected !== '.' && !isLabel(selected)) {
    return namespaceReason(host, namespace);
  }
  return nameReason(name, false);
}

/** `agent.validateSidecarOrGatewayHostnamePart`. */
function nameReason(name: string, gateway: boolean): Reason {
  if (name !== '*' && !name.includes('.'))
    return `is ${show(name)}, expected a full name such as name.namespace.svc.cluster.local`;
  const reason = wildcardDomainReason(name);
  if (reason !== undefined && !(gateway && isAddress(name))) return reason;
  return partialWildcardReason(name);
}

function namespaceReason(host: string, namespace: string): string {
  return `is ${show(host)}, expected a namespace, . or * before the slash, not ${show(namespace)}`;
}

function split(host: string): [namespace: string | undefined, name: string] {
  const slash = host.indexOf('/');
  return slash < 0 ? [undefined, host] : [host.slice(0, slash), host.slice(slash + 1)];
}
