import http from 'node:http';
import path from 'node:path';
import { Daemon, until } from '../bed/process';

const CLIENT = { host: '127.0.0.1', port: 2379 };

interface KeyValue {
  /** base64 */
  key: string;
  value: string;
  mod_revision: string;
}

/** All keys of one cluster at one moment. */
export type Snapshot = ReadonlyMap<string, KeyValue>;

/** Keys that the API server renews by itself all the time. */
const VOLATILE = ['/masterleases/', '/leases/', '/events/'];

/** One etcd for all clusters; each has a prefix of its own. */
export class Etcd {
  private readonly daemon: Daemon;

  constructor(binaries: string, state: string) {
    const url = `http://${CLIENT.host}:${CLIENT.port}`;
    this.daemon = new Daemon(
      'etcd',
      [
        path.join(binaries, 'etcd'),
        ...[`--data-dir=${state}/etcd`, '--unsafe-no-fsync', '--log-level=error', '--max-txn-ops=100000'],
        ...[
          `--listen-client-urls=${url}`,
          `--advertise-client-urls=${url}`,
          '--listen-peer-urls=http://127.0.0.1:2380',
        ],
        ...['--max-request-bytes=33554432', '--quota-backend-bytes=4294967296'],
      ],
      { log: path.join(state, 'etcd.log'), env: { TESTBED_CLUSTER: 'all' } },
    );
  }

  async ready(): Promise<void> {
    await until('etcd', 20, async () => {
      if (!this.daemon.running) throw new Error('has ended');
      await this.call('/v3/maintenance/status', {});
      return true;
    });
  }

  async snapshot(prefix: string): Promise<Snapshot> {
    const { kvs = [] } = await this.call<{ kvs?: KeyValue[] }>('/v3/kv/range', rangeOf(prefix));
    return new Map(kvs.map((pair) => [decode(pair.key), pair]));
  }

  /** Puts the keys of a cluster back to what they were: new keys go, changed and missing ones are written again. */
  async restore(prefix: string, snapshot: Snapshot): Promise<void> {
    const now = await this.snapshot(prefix);
    const relevant = (key: string) => !VOLATILE.some((part) => key.includes(part));
    const success: object[] = [];
    for (const [key, pair] of now) {
      if (!snapshot.has(key) && relevant(key)) success.push({ request_delete_range: { key: pair.key } });
    }
    for (const [key, pair] of snapshot) {
      if (now.get(key)?.mod_revision !== pair.mod_revision && now.get(key)?.value !== pair.value && relevant(key)) {
        success.push({ request_put: { key: pair.key, value: pair.value } });
      }
    }
    if (success.length > 0) await this.call('/v3/kv/txn', { success });
  }

  /** Deletes all keys of a cluster. */
  async clear(prefix: string): Promise<void> {
    await this.call('/v3/kv/deleterange', rangeOf(prefix));
  }

  private call<T>(path: string, body: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = http.request({ ...CLIENT, path, method: 'POST' }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`etcd ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
      });
      request.on('error', reject);
      request.end(JSON.stringify(body));
    });
  }
}

const decode = (key: string) => Buffer.from(key, 'base64').toString();

const encode = (key: string) => Buffer.from(key).toString('base64');

/** All keys that begin with a prefix that ends with a slash: up to the character after the slash. */
const rangeOf = (prefix: string) => ({ key: encode(prefix), range_end: encode(`${prefix.slice(0, -1)}0`) });
