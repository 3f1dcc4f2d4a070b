import { selects } from '../../facts/labels';
import { exportsOf } from '../objects/federation';
import { objectsOf } from '../objects/objects';
import { at, type Rule } from '../rule';

/** A Service that a label exports and no exposure names. */
export const exportedByLabel: Rule = {
  code: 'MESH3039',
  severity: 'warning',
  title: 'label that exports a Service which nobody exposes',
  why: 'no policy of the fleet limits what the peer may call of it',
  fix: 'take the label away, or let policies limit what the peer may call',
  inProgram: 'expose it by a FederationPeering, or take the label away',
  reads: ['ExportedServiceSet', 'Service'],
  check: (input) => {
    const services = objectsOf<object>(input, 'Service', '');
    const federations = input.facts.peerings.filter(({ strategy }) => strategy === 'FederationPeering');
    // where no program exposes anything, labels are how people export
    if (federations.length === 0) return [];
    const exposed = new Set(federations.flatMap(({ exposures }) => exposures.map(({ key }) => key.split(':')[0])));
    return exportsOf(input).flatMap((set) =>
      (set.spec.exportRules ?? []).flatMap(({ labelSelector }, index) => {
        const wanted = labelSelector?.selector?.matchLabels ?? {};
        if (Object.keys(wanted).length === 0) return [];
        return services
          .filter(
            ({ cluster, namespace, name, labels }) =>
              cluster === set.cluster &&
              (labelSelector?.namespace === undefined || namespace === labelSelector.namespace) &&
              selects(wanted, labels) &&
              !exposed.has(`${namespace}/${name}`),
          )
          .map(({ ref }) => ({
            objects: [at(set.ref, `spec.exportRules[${index}].labelSelector`), at(ref, 'metadata.labels')],
            message: `${set.ref} exports ${ref} by its labels, but no exposure names it`,
          }));
      }),
    );
  },
};
