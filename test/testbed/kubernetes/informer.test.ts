import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { pause } from '../../../testbed/bed/process';
import { Informer, type Kube } from '../../../testbed/kubernetes/kube';
import type { KubeObject } from '../../../testbed/kubernetes/types';

/** An API server with a list that is set, and a watch to which events are written. */
class Server {
  private version = 0;
  private items: KubeObject[] = [];
  private readonly events = Object.assign(new PassThrough(), { statusCode: 200 });
  readonly kube = {
    get: async () => ({ metadata: { resourceVersion: String(this.version) }, items: this.items }),
    open: async () => this.events as unknown as IncomingMessage,
  } as unknown as Kube;

  list(version: number, ...items: KubeObject[]): void {
    this.version = version;
    this.items = items;
  }

  send(type: string, object: KubeObject): void {
    this.events.write(`${JSON.stringify({ type, object })}\n`);
  }
}

const pod = (name: string, version: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'app', resourceVersion: String(version) },
});

async function started(...items: KubeObject[]): Promise<{ server: Server; informer: Informer<KubeObject> }> {
  const server = new Server();
  server.list(10, ...items);
  const informer = new Informer<KubeObject>(server.kube, '/api/v1/pods', () => {});
  await informer.start();
  return { server, informer };
}

describe('an informer is current', () => {
  test('when the watch has told of everything that the server lists', async () => {
    const { server, informer } = await started(pod('a', 5));
    server.list(11, pod('a', 5), pod('b', 11));
    let isCurrent = false;
    const current = informer.current().then(() => {
      isCurrent = true;
    });
    await pause(120);
    expect(isCurrent).toBe(false);
    server.send('ADDED', pod('b', 11));
    await current;
    expect([...informer.items.keys()]).toEqual(['app/a', 'app/b']);
    informer.stop();
  });

  test('when an object is deleted right after it was listed', async () => {
    const { server, informer } = await started(pod('a', 5));
    server.list(11, pod('a', 11));
    server.send('MODIFIED', pod('a', 11));
    server.send('DELETED', pod('a', 12));
    await pause(20);
    await informer.current();
    expect(informer.items.size).toBe(0);
    informer.stop();
  });

  test('when what is listed no more is gone here, too', async () => {
    const { server, informer } = await started(pod('a', 5), pod('b', 6));
    server.list(12, pod('b', 6));
    const current = informer.current();
    server.send('DELETED', pod('a', 12));
    await current;
    expect([...informer.items.keys()]).toEqual(['app/b']);
    informer.stop();
  });

  test('when what is listed no more was made again meanwhile', async () => {
    const { server, informer } = await started(pod('a', 5), pod('b', 6));
    server.list(12, pod('b', 6));
    server.send('DELETED', pod('a', 12));
    server.send('ADDED', pod('a', 13));
    await pause(20);
    await informer.current();
    expect([...informer.items.keys()]).toEqual(['app/b', 'app/a']);
    informer.stop();
  });
});
