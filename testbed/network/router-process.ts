import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Certificates } from '../bed/certificates';
import { clusterDirectory } from '../bed/paths';
import { Daemon, until } from '../bed/process';
import { Informer, type Kube, keyOf } from '../kubernetes/kube';
import { tcpSucceeds } from '../kubernetes/probes';
import type { EndpointSlice, Route, Service } from '../kubernetes/types';
import { routerAddress } from './addresses';
import { addNamespace, deleteNamespace } from './network';
import { type RoutedHost, type RouteTarget, routerConfig, writeRouterFiles } from './router';
import { endpointsByService } from './services';

/** The router of one cluster: HAProxy in a network namespace of its own, started anew when Routes or endpoints change. */
export class RouterProcess {
  private readonly directory: string;
  private readonly netns: string;
  private state:
    | { kube: Kube; routes: Informer<Route>; slices: () => EndpointSlice[]; services: Informer<Service> }
    | undefined;
  private haproxy: Daemon | undefined;
  private config = '';
  private generation = 0;
  private working: Promise<void> = Promise.resolve();

  constructor(
    slot: string,
    private readonly index: number,
    private readonly certificates: Certificates,
  ) {
    this.directory = path.join(clusterDirectory(slot), 'router');
    this.netns = `${slot}-router`;
  }

  async start(kube: Kube, slices: () => EndpointSlice[], services: Informer<Service>): Promise<void> {
    mkdirSync(this.directory, { recursive: true });
    await addNamespace(this.netns, routerAddress(this.index));
    const routes = new Informer<Route>(kube, '/apis/route.openshift.io/v1/routes', () => this.refresh());
    this.state = { kube, routes, slices, services };
    await routes.start();
    await this.working;
  }

  async stop(): Promise<void> {
    const state = this.state;
    this.state = undefined;
    if (!state) return;
    state.routes.stop();
    await this.working;
    await this.haproxy?.stop(0);
    this.haproxy = undefined;
    this.config = '';
    await deleteNamespace(this.netns);
  }

  /** Resolves when HAProxy runs with the Routes that exist at this moment. */
  async current(): Promise<void> {
    await this.state?.routes.current();
    await this.working;
  }

  hosts(): string[] {
    return [...(this.state?.routes.items.values() ?? [])].flatMap(({ spec }) => spec.host ?? []);
  }

  refresh(): void {
    if (!this.state) return;
    this.working = this.working.then(() => this.apply()).catch((error) => console.error(error));
  }

  private async apply(): Promise<void> {
    if (!this.state) return;
    const hosts = this.routedHosts();
    const router = await this.certificates.issue({ name: 'router', ca: 'router-ca', san: ['DNS:*.apps.example'] });
    const defaults = {
      certificate: router.crt + router.key,
      serviceCa: await this.certificates.authority('service-ca'),
    };
    const { config } = routerConfig(hosts, '', defaults);
    if (config === this.config && this.haproxy?.running) return;
    this.config = config;
    this.generation += 1;
    const directory = path.join(this.directory, String(this.generation));
    const file = writeRouterFiles(directory, routerConfig(hosts, directory, defaults));
    await this.haproxy?.stop(0);
    const log = path.join(this.directory, 'haproxy.log');
    const argv = ['nsenter', `--net=/run/netns/${this.netns}`, 'haproxy', '-db', '-f', file];
    this.haproxy = new Daemon('haproxy', argv, { log, env: { TESTBED_CLUSTER: this.netns.replace('-router', '') } });
    const address = routerAddress(this.index);
    await until(`router at ${address}`, 10, async () => ((await tcpSucceeds(address, 443)) ? true : undefined));
    await Promise.all(hosts.map(({ route }) => this.admit(route)));
  }

  private routedHosts(): RoutedHost[] {
    if (!this.state) return [];
    const endpoints = endpointsByService(this.state.slices());
    const services = this.state.services.items;
    return [...this.state.routes.items.values()]
      .filter(({ spec }) => spec.host)
      .map((route) => {
        const { namespace } = route.metadata;
        const targets = [route.spec.to, ...(route.spec.alternateBackends ?? [])].map(
          ({ name, weight }): RouteTarget => {
            const service = services.get(`${namespace}/${name}`);
            // The port may be named, or given as the number of the pod's port.
            const wanted = route.spec.port?.targetPort;
            const ports = (service?.spec.ports ?? []).filter(
              (port) =>
                wanted === undefined || port.name === wanted || port.targetPort === wanted || port.port === wanted,
            );
            const port = ports[0];
            const behind = port ? (endpoints.get(`${namespace}/${name}/${port.name ?? ''}`) ?? []) : [];
            return { service: name, weight: weight ?? 100, endpoints: behind };
          },
        );
        return { route, targets };
      });
  }

  private async admit(route: Route): Promise<void> {
    const ingress = (route.status as { ingress?: unknown[] } | undefined)?.ingress;
    if (ingress?.length || !this.state) return;
    const [namespace, name] = keyOf(route).split('/');
    const admitted = {
      host: route.spec.host,
      routerName: 'default',
      conditions: [{ type: 'Admitted', status: 'True' }],
    };
    await this.state.kube
      .merge(`/apis/route.openshift.io/v1/namespaces/${namespace}/routes/${name}/status`, {
        status: { ingress: [admitted] },
      })
      .catch(() => {});
  }
}
