import { MeshError } from '../facts/error';

/** Labels and annotations by which injection, selectors and ownership work. */
const OURS = [
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/part-of',
  'inject.istio.io/templates',
  'istio.io/rev',
  'istio-injection',
  'networking.istio.io/exportTo',
  'sidecar.istio.io/inject',
];

const NAME = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Whether labels and annotations may have such a key. */
export function isKey(key: string): boolean {
  const slash = key.lastIndexOf('/');
  return NAME.test(key.slice(slash + 1)) && (slash < 0 || isSubdomain(key.slice(0, slash)));
}

/** Whether a label may have such a value. */
export const isLabelValue = (value: string) => value === '' || NAME.test(value);

/** Whether it is a name as objects of Kubernetes have it (RFC 1123 subdomain). */
export const isSubdomain = (name: string) => name.length <= 253 && DOMAIN.test(name);

/** Labels or annotations of the user for something that is written here. */
export interface OwnKeys {
  /** The option. */
  readonly option: string;
  readonly stated: Readonly<Record<string, string>> | undefined;
  /** What is there already. */
  readonly written: Readonly<Record<string, string>>;
  readonly kind: 'labels' | 'annotations';
  readonly where: string;
}

/**
 * Labels or annotations of the user, beside those that are written here.
 *
 * @throws MESH1166 for one that is ours, or malformed.
 */
export function ownKeys({ option, stated = {}, written, kind, where }: OwnKeys): Record<string, string> {
  const refuse = (message: string) => new MeshError('MESH1166', where, `${option} ${message}`);
  for (const [key, value] of Object.entries(stated)) {
    if (key in written || OURS.includes(key)) {
      throw refuse(`states '${key}', by which the gateway is found, injected or owned; leave it out`);
    }
    if (!isKey(key)) {
      throw refuse(`has the malformed key '${key}'; expected one such as 'team' or 'example.com/team'`);
    }
    if (kind === 'labels' && !isLabelValue(value)) {
      throw refuse(
        `has '${key}' with the malformed value '${value}'; expected at most 63 letters, digits, dashes, dots and underscores`,
      );
    }
  }
  return { ...stated };
}
