import { exportsOf } from '../objects/federation';
import { objectsOf } from '../objects/objects';
import { at, type Rule } from '../rule';

interface ServiceSpec {
  readonly ports?: { readonly port: number }[];
}

/** An exported Service with several ports. */
export const exportedPorts: Rule = {
  code: 'MESH3038',
  severity: 'error',
  title: 'exported Service with several ports',
  why: 'routes between federated meshes name no port: istiod takes the port of the gateway, which the Service lacks',
  fix: 'put a Service with one port before the workload, and export it',
  reads: ['ExportedServiceSet', 'Service'],
  check: (input) => {
    const services = objectsOf<ServiceSpec>(input, 'Service', '');
    return exportsOf(input).flatMap((set) =>
      (set.spec.exportRules ?? []).flatMap(({ nameSelector }, index) =>
        services
          .filter(
            ({ cluster, namespace, name, spec }) =>
              cluster === set.cluster &&
              namespace === nameSelector?.namespace &&
              name === nameSelector.name &&
              (spec.ports ?? []).length > 1,
          )
          .map(({ ref, spec }) => ({
            objects: [at(set.ref, `spec.exportRules[${index}].nameSelector`), at(ref, 'spec.ports')],
            message: `${set.ref} exports ${ref}, which has ports ${spec.ports?.map(({ port }) => port).join(', ')}`,
          })),
      ),
    );
  },
};
