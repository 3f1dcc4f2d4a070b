import type { KubeObject } from '../kubernetes/types';

/** The revision that the installation is rendered for. */
export const DEFAULT_REVISION = 'default';

const LABEL = 'istio.io/rev';

interface Expression {
  readonly key: string;
  values?: string[];
}

interface Webhook {
  readonly name: string;
  readonly namespaceSelector?: { readonly matchExpressions: readonly Expression[] };
  readonly objectSelector?: { readonly matchExpressions: readonly Expression[] };
}

/**
 * Makes an object of the installation that of a revision, as Helm renders it with the value `revision`: its label,
 * ConfigMaps by the names that istiod derives from it, and injection for those alone that ask for it.
 */
export function revise(object: KubeObject, revision: string): void {
  const { kind, metadata } = object;
  if (metadata.labels?.[LABEL] === undefined) return;
  metadata.labels[LABEL] = revision;
  if (kind === 'ConfigMap') metadata.name = `${metadata.name}-${revision}`;
  if (kind !== 'MutatingWebhookConfiguration') return;
  const webhooks = (object.webhooks as Webhook[]).filter(({ name }) => name.startsWith('rev.'));
  for (const { namespaceSelector, objectSelector } of webhooks) {
    const expressions = [namespaceSelector, objectSelector].flatMap((selector) => selector?.matchExpressions ?? []);
    for (const expression of expressions) {
      if (expression.key === LABEL && expression.values) expression.values = [revision];
    }
  }
  object.webhooks = webhooks;
}

/** A pod that the istiod of a revision injects. */
export function probePod(revision: string): object {
  const labels = revision === DEFAULT_REVISION ? { 'sidecar.istio.io/inject': 'true' } : { [LABEL]: revision };
  return { metadata: { name: 'probe', labels }, spec: { containers: [{ name: 'probe', image: 'probe' }] } };
}
