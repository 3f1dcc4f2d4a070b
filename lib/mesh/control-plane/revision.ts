import { MeshError } from '../../facts/error';

/** The revision that the plain labels mean. */
export const DEFAULT_REVISION = 'default';

/** Label of namespaces whose pods get the proxy of the default revision; it has priority over `REVISION`. */
const INJECTION = 'istio-injection';

/** Label of namespaces and pods that ask for the proxy of a revision or revision tag. */
const REVISION = 'istio.io/rev';

/**
 * What lets the istiod of one revision inject its proxy. Of the two labels a namespace has one: `istio-injection` has
 * priority and means the default revision (Istio, `istio-discovery/templates/mutatingwebhook.yaml`; Sail operator,
 * `docs/ossm/injection`).
 */
export class Injection {
  constructor(
    /** Revision or revision tag of istiod. */
    public readonly revision: string,
  ) {}

  /** Labels of pods that shall have a proxy, also in a namespace without a label of its own. */
  public get ofPods(): Record<string, string> {
    return {
      'sidecar.istio.io/inject': 'true',
      ...(this.revision !== DEFAULT_REVISION && { [REVISION]: this.revision }),
    };
  }

  /**
   * Labels of a namespace whose pods shall have a proxy, with those that the user states.
   *
   * @throws MESH1121 when the user's labels switch injection off, ask for another revision, or for two.
   */
  public ofNamespace(name: string, stated: Readonly<Record<string, string>>, where: string): Record<string, string> {
    const { [INJECTION]: switched, [REVISION]: asked } = stated;
    const { revision } = this;
    const own: Record<string, string> =
      revision === DEFAULT_REVISION ? { [INJECTION]: 'enabled' } : { [REVISION]: revision };
    const label = Object.entries(own)[0].join(': ');
    const refuse = (problem: string) =>
      new MeshError('MESH1121', where, `${problem}; leave it out: '${label}' is written`);
    if (switched !== undefined && switched !== 'enabled') {
      throw refuse(
        `namespace '${name}' has label '${INJECTION}: ${switched}', with which none of its pods has a proxy`,
      );
    }
    if (switched === 'enabled' && (revision !== DEFAULT_REVISION || asked !== undefined)) {
      throw refuse(
        `namespace '${name}' has label '${INJECTION}: enabled', which means revision '${DEFAULT_REVISION}' and has priority over '${REVISION}: ${asked ?? revision}'`,
      );
    }
    if (asked !== undefined && asked !== revision) {
      throw refuse(
        `namespace '${name}' has label '${REVISION}: ${asked}', but the control plane of the mesh has revision '${revision}'`,
      );
    }
    return asked === undefined ? { ...own, ...stated } : { ...stated };
  }
}
