import https from 'node:https';
import { pause, until } from '../bed/process';
import type { KubeObject } from './types';

/** An answer of the API server that is not 2xx. */
export class KubeError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface KubeOptions {
  /** Address of the API server. */
  host: string;
  port: number;
  /** Certificate authority of the API server, PEM. */
  ca: string;
  token: string;
}

interface Resource {
  path: string;
  namespaced: boolean;
}

/**
 * The few verbs of the Kubernetes API that the testbed needs. `@kubernetes/client-node` would do too, but it loads in
 * a second and holds 60 MB, for four verbs and a watch.
 */
export class Kube {
  private readonly agent = new https.Agent({ keepAlive: true });
  private readonly resources = new Map<string, Promise<Map<string, Resource>>>();

  constructor(private readonly options: KubeOptions) {}

  close(): void {
    this.agent.destroy();
  }

  get<T>(path: string): Promise<T> {
    return this.request('GET', path);
  }

  /** As `get`, but undefined when there is no such object. */
  async find<T>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return undefined;
      throw error;
    }
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.request('POST', path, body);
  }

  merge<T>(path: string, body: unknown): Promise<T> {
    return this.request('PATCH', path, body, 'application/merge-patch+json');
  }

  delete(path: string, body?: unknown): Promise<unknown> {
    return this.request('DELETE', path, body);
  }

  /** Server-side apply. */
  async apply(object: KubeObject): Promise<void> {
    const path = await this.pathOf(object);
    await this.request('PATCH', `${path}?fieldManager=testbed&force=true`, object, 'application/apply-patch+yaml');
  }

  /** Forgets what is served: after CustomResourceDefinitions changed. */
  rediscover(): void {
    this.resources.clear();
  }

  async pathOf(object: KubeObject): Promise<string> {
    const { apiVersion, kind, metadata } = object;
    let served = this.resources.get(apiVersion);
    if (!served) {
      served = this.discover(apiVersion);
      this.resources.set(apiVersion, served);
    }
    const resource = (await served).get(kind);
    if (!resource) {
      this.resources.delete(apiVersion);
      throw new Error(`${apiVersion} ${kind} is not served`);
    }
    const root = groupPath(apiVersion);
    const scope = resource.namespaced ? `/namespaces/${metadata.namespace}` : '';
    return `${root}${scope}/${resource.path}/${metadata.name}`;
  }

  private async discover(apiVersion: string): Promise<Map<string, Resource>> {
    const list = await this.get<{ resources: { name: string; kind: string; namespaced: boolean }[] }>(
      groupPath(apiVersion),
    );
    const plain = list.resources.filter(({ name }) => !name.includes('/'));
    return new Map(plain.map(({ name, kind, namespaced }) => [kind, { path: name, namespaced }]));
  }

  private async request<T>(method: string, path: string, body?: unknown, type?: string): Promise<T> {
    const response = await this.open(method, path, body, type);
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const status = response.statusCode ?? 0;
    if (status >= 300) throw new KubeError(status, `${method} ${path}: ${status} ${messageOf(text)}`);
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }

  /** Sends a request; the answer's body is still to be read. */
  open(
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<import('node:http').IncomingMessage> {
    const { host, port, ca, token } = this.options;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers: Record<string, string> = { authorization: `Bearer ${token}`, accept: 'application/json' };
    if (text !== undefined) {
      headers['content-type'] = type;
      // Stated, because Node sends none for DELETE: the body would be taken for the next request.
      headers['content-length'] = String(Buffer.byteLength(text));
    }
    return new Promise((resolve, reject) => {
      const request = https.request({ agent: this.agent, host, port, ca, method, path, headers }, resolve);
      request.on('error', reject);
      request.end(text);
    });
  }
}

const groupPath = (apiVersion: string) => (apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

function messageOf(text: string): string {
  try {
    return JSON.parse(text).message ?? text;
  } catch {
    return text;
  }
}

interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** All objects of one resource in one cluster, kept up to date by a watch. */
export class Informer<T extends KubeObject> {
  /** By `namespace/name`. */
  readonly items = new Map<string, T>();
  /** The resource version up to which all is known. */
  private known = 0;
  private stopped = false;
  private response: import('node:http').IncomingMessage | undefined;

  /** @param onChange called after every change, once per batch of events that arrived together */
  constructor(
    private readonly kube: Kube,
    private readonly path: string,
    private readonly onChange: () => void,
  ) {}

  /** Resolves when the objects that exist now are known. */
  async start(): Promise<void> {
    // A resource that has just come into being is not ready to be listed at once.
    const version = await until(`list of ${this.path}`, 10, () => this.list());
    void this.follow(version);
  }

  /** Waits until everything is known that exists at this moment. */
  async current(): Promise<void> {
    const { metadata, items } = await this.kube.get<{ metadata: { resourceVersion: string }; items: T[] }>(this.path);
    const there = new Set(items.map(keyOf));
    const before = [...this.items.keys()];
    // not what `items` has of each: one that is deleted meanwhile is never there
    const newest = Math.max(0, ...items.map(({ metadata }) => Number(metadata.resourceVersion)));
    await until(`watch of ${this.path}`, 10, async () => {
      // what is there all the same was made again since
      const gone = before.every((key) => there.has(key) || this.versionOf(key) > Number(metadata.resourceVersion));
      return gone && this.known >= newest ? true : undefined;
    });
  }

  private versionOf(key: string): number {
    return Number(this.items.get(key)?.metadata.resourceVersion ?? Number.POSITIVE_INFINITY);
  }

  stop(): void {
    this.stopped = true;
    this.response?.destroy();
  }

  private async list(): Promise<string> {
    const list = await this.kube.get<{ metadata: { resourceVersion: string }; items: T[] }>(this.path);
    this.items.clear();
    for (const item of list.items) this.items.set(keyOf(item), item);
    this.known = Number(list.metadata.resourceVersion);
    this.onChange();
    return list.metadata.resourceVersion;
  }

  private async follow(from: string): Promise<void> {
    let version: string | undefined = from;
    while (!this.stopped) {
      try {
        version ??= await this.list();
        version = await this.watch(version);
      } catch {
        version = undefined;
        await pause(200);
      }
    }
  }

  /** Reads events until the server ends the watch; gives the version to go on from, or undefined to list again. */
  private async watch(from: string): Promise<string | undefined> {
    let version: string | undefined = from;
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${from}`;
    this.response = await this.kube.open('GET', `${this.path}?${query}`);
    if (this.response.statusCode !== 200) {
      this.response.destroy();
      return undefined;
    }
    let rest = '';
    this.response.setEncoding('utf8');
    for await (const chunk of this.response) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) version = this.take(JSON.parse(line) as WatchEvent<T>);
      if (lines.length > 0) this.onChange();
      if (version === undefined) break;
    }
    return version;
  }

  private take(event: WatchEvent<T>): string | undefined {
    if (event.type === 'ERROR') return undefined;
    if (event.type === 'DELETED') this.items.delete(keyOf(event.object));
    else if (event.type !== 'BOOKMARK') this.items.set(keyOf(event.object), event.object);
    this.known = Number(event.object.metadata.resourceVersion);
    return event.object.metadata.resourceVersion;
  }
}

export const keyOf = (object: KubeObject) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
