import { push } from '../../facts/memo';
import type { Registry } from '../registry/registry';
import type { Service } from '../registry/service';
import type { Mesh } from '../world/mesh';

/** Which namespaces see which services (`PushContext.initServiceRegistry`). */
export class Visibility {
  private readonly everywhere: Service[] = [];
  private readonly everywhereFrom = new Map<string, Service[]>();
  private readonly onlyIn = new Map<string, Service[]>();
  private readonly position = new Map<Service, number>();

  constructor(
    private readonly mesh: Mesh,
    registry: Registry,
  ) {
    for (const [index, service] of registry.services.entries()) {
      this.position.set(service, index);
      const exportTo = this.exportTo(service);
      if (exportTo.includes('*')) {
        this.everywhere.push(service);
        push(this.everywhereFrom, service.namespace, service);
      } else if (!exportTo.includes('~')) {
        const names = exportTo.map((name) => (name === '.' ? service.namespace : name));
        for (const name of new Set(names)) push(this.onlyIn, name, service);
      }
    }
  }

  /** Whether every namespace sees the same services. */
  public get isUniform(): boolean {
    return this.everywhere.length === this.position.size;
  }

  /** Services that a namespace sees, own ones that are not public first (`PushContext.servicesExportedToNamespace`). */
  public exportedTo(namespace: string, from?: readonly string[]): readonly Service[] {
    const own = this.onlyIn.get(namespace) ?? [];
    if (!from) return own.length > 0 ? [...own, ...this.everywhere] : this.everywhere;
    const shared = from.flatMap((one) => this.everywhereFrom.get(one) ?? []);
    shared.sort((a, b) => (this.position.get(a) ?? 0) - (this.position.get(b) ?? 0));
    return [...own.filter((service) => from.includes(service.namespace)), ...shared];
  }

  /** `PushContext.IsServiceVisible`. */
  public isVisible(service: Service, namespace: string): boolean {
    const exportTo = this.exportTo(service);
    if (exportTo.includes('*') || exportTo.includes(namespace)) return true;
    return exportTo.includes('.') && service.namespace === namespace;
  }

  private exportTo(service: Service): readonly string[] {
    return service.exportTo ?? this.mesh.config.defaultServiceExportTo ?? ['*'];
  }
}
