import { push } from '../../facts/memo';
import { isWildcard } from './hosts';

/** Values by host or wildcard. A look-up goes over the lengths of wildcards, never over all hosts. */
export class HostIndex<T> {
  private readonly byHost = new Map<string, T[]>();
  /** Lengths of the wildcards, longest first. */
  private lengths: number[] = [];

  public add(host: string, value: T): void {
    push(this.byHost, host, value);
    if (!isWildcard(host) || this.lengths.includes(host.length)) return;
    this.lengths = [...this.lengths, host.length].sort((a, b) => b - a);
  }

  /** Values of exactly this host or wildcard. */
  public of(host: string): readonly T[] {
    return this.byHost.get(host) ?? [];
  }

  /** Values by host, a list for each. */
  public all(): Iterable<readonly T[]> {
    return this.byHost.values();
  }

  /** Values of the host itself and of the wildcards that cover it, the most specific first. */
  public covering(host: string): T[] {
    const bare = isWildcard(host) ? host.slice(1) : host;
    const covers = this.lengths.flatMap((length) => {
      if (length - 1 > bare.length) return [];
      const wildcard = `*${bare.slice(bare.length - length + 1)}`;
      return wildcard === host ? [] : this.of(wildcard);
    });
    return [...this.of(host), ...covers];
  }
}
