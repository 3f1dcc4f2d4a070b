import { groupBy } from '../../facts/group-by';
import { type Labels, selects } from '../../facts/labels';
import { objectsOf } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';
import { asksForGateway } from '../world/injection';

interface Deployment {
  readonly template?: {
    readonly metadata?: {
      readonly labels?: { readonly [key: string]: string };
      readonly annotations?: { readonly [key: string]: string };
    };
  };
}

interface GatewaySpec {
  readonly selector?: Labels;
  readonly servers?: readonly { readonly port?: { readonly number?: number } }[];
}

interface ServiceSpec {
  readonly selector?: Labels;
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

/** A gateway that runs, and that no Gateway resource tells what to listen for; or what listens at a second port for TLS. */
export const unusedGateway: ClusterRule = {
  code: 'MESH3097',
  severity: 'info',
  scope: 'cluster',
  title: 'gateway without exposures, or a second port of one',
  why: 'its pods run, listen for nothing, and cost what pods cost; a second https port is not taken by itself',
  fix: 'expose a service through it (at a second https port with gatewayPort), or remove it',
  reads: ['Deployment', 'Gateway', 'Service'],
  check: (input) => {
    const resources = groupBy(
      objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io'),
      ({ cluster }) => cluster,
    );
    const services = groupBy(objectsOf<ServiceSpec>(input, 'Service', ''), ({ cluster }) => cluster);
    return objectsOf<Deployment>(input, 'Deployment', 'apps').flatMap((gateway): Problem[] => {
      const { labels = {}, annotations = {} } = gateway.spec.template?.metadata ?? {};
      if (!asksForGateway(annotations)) return [];
      const { cluster, namespace, name, ref } = gateway;
      const own = (resources.get(cluster) ?? []).filter(({ spec: { selector } }) => selects(selector, labels));
      const what = `gateway ${namespace}/${name} of cluster ${cluster}`;
      if (own.length === 0) {
        const message = `${what} runs, and no Gateway resource selects its pods`;
        return [{ objects: [at(ref, 'spec.template.metadata.labels')], message }];
      }
      const taken = new Set(own.flatMap(({ spec: { servers = [] } }) => servers.map(({ port }) => port?.number)));
      return (services.get(cluster) ?? [])
        .filter((service) => service.namespace === namespace && isBefore(service.spec, labels))
        .flatMap(({ ref: service, spec: { ports = [] } }) => {
          const https = ports.filter(({ name: port = '' }) => /^https(-|$)/.test(port));
          const [used] = https.filter(({ port }) => taken.has(port));
          const unused = used ? https.filter(({ port }) => !taken.has(port)) : [];
          return unused.map((port) => ({
            objects: [at(service, `spec.ports[${ports.indexOf(port)}]`)],
            message: `${what} has https port ${port.port}, at which no Gateway resource listens: exposures arrive at ${used.port}`,
          }));
        });
    });
  },
};

/** Whether a Service leads to pods with these labels. */
const isBefore = ({ selector }: ServiceSpec, labels: Labels): boolean =>
  selector !== undefined && Object.keys(selector).length > 0 && selects(selector, labels);
