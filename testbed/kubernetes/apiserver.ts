import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Certificates } from '../bed/certificates';
import { kubeconfigFile } from '../bed/paths';
import { Daemon, until } from '../bed/process';
import { API_PORT, apiServiceAddress, clusterIpRange, nodeAddress } from '../network/addresses';
import { Kube, KubeError } from './kube';

const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'endpointslice-controller',
  'serviceaccount-controller',
  'namespace-controller',
  'root-ca-certificate-publisher-controller',
];

/** kube-apiserver and kube-controller-manager of one cluster. */
export class ApiServer {
  readonly kube: Kube;
  readonly etcdPrefix: string;
  private readonly server: Daemon;
  private controllers: Daemon | undefined;

  private constructor(
    readonly slot: string,
    private readonly index: number,
    private readonly binaries: string,
    private readonly directory: string,
    ca: string,
    token: string,
  ) {
    this.etcdPrefix = `/${slot}`;
    const address = nodeAddress(index);
    this.kube = new Kube({ host: address, port: API_PORT, ca, token });
    writeFileSync(kubeconfigFile(slot), JSON.stringify(kubeconfig(address, ca, token)));
    this.server = new Daemon(
      'kube-apiserver',
      [
        path.join(binaries, 'kube-apiserver'),
        ...['--etcd-servers=http://127.0.0.1:2379', `--etcd-prefix=${this.etcdPrefix}`],
        ...[`--bind-address=${address}`, `--advertise-address=${address}`, `--secure-port=${API_PORT}`],
        ...[`--tls-cert-file=${this.file('api.crt')}`, `--tls-private-key-file=${this.file('api.key')}`],
        ...[`--service-cluster-ip-range=${clusterIpRange(index)}`, '--allow-privileged'],
        ...[`--token-auth-file=${this.file('tokens.csv')}`, '--authorization-mode=RBAC'],
        ...[
          `--service-account-key-file=${this.file('sa.pub')}`,
          `--service-account-signing-key-file=${this.file('sa.key')}`,
        ],
        '--service-account-issuer=https://kubernetes.default.svc',
        '--api-audiences=https://kubernetes.default.svc,istio-ca',
        // There is no kube-proxy where the API server runs: webhooks are called at the addresses of their endpoints.
        '--enable-aggregator-routing=true',
        ...['--enable-priority-and-fairness=false', '--max-requests-inflight=0', '--max-mutating-requests-inflight=0'],
        '--profiling=false',
      ],
      { log: this.file('kube-apiserver.log'), env: { TESTBED_CLUSTER: slot } },
    );
  }

  static async start(
    slot: string,
    index: number,
    binaries: string,
    directory: string,
    certificates: Certificates,
  ): Promise<ApiServer> {
    mkdirSync(directory, { recursive: true });
    const write = (name: string, text: string) => writeFileSync(path.join(directory, name), text);
    const serving = await certificates.issue({
      name: `api-${slot}`,
      ca: 'testbed-api',
      san: [`IP:${nodeAddress(index)}`, `IP:${apiServiceAddress(index)}`, 'DNS:kubernetes.default.svc'],
      eku: 'serverAuth',
    });
    const ca = await certificates.authority('testbed-api');
    const token = randomBytes(16).toString('hex');
    const account = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    write('api.crt', serving.crt);
    write('api.key', serving.key);
    write('api-ca.crt', ca);
    write('tokens.csv', `${token},admin,admin,system:masters\n`);
    write('sa.key', account.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    write('sa.pub', account.publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const server = new ApiServer(slot, index, binaries, directory, ca, token);
    await server.ready();
    return server;
  }

  private async ready(): Promise<void> {
    await until(`API server of ${this.slot}`, 60, async () => {
      if (!this.server.running) throw new Error(`has ended, see ${this.file('kube-apiserver.log')}`);
      await this.kube.get('/readyz');
      for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
        await this.kube.get(`/api/v1/namespaces/${name}`);
      }
      await this.kube.get('/api/v1/namespaces/default/services/kubernetes');
      const path = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes';
      await this.kube.get(path);
      return true;
    });
  }

  startControllers(): void {
    const config = kubeconfigFile(this.slot);
    this.controllers = new Daemon(
      'kube-controller-manager',
      [
        path.join(this.binaries, 'kube-controller-manager'),
        ...[`--kubeconfig=${config}`, `--authentication-kubeconfig=${config}`, `--authorization-kubeconfig=${config}`],
        ...[`--controllers=${CONTROLLERS.join(',')}`, '--leader-elect=false', '--concurrent-namespace-syncs=10'],
        ...[`--service-account-private-key-file=${this.file('sa.key')}`, `--root-ca-file=${this.file('api-ca.crt')}`],
        ...[`--bind-address=${nodeAddress(this.index)}`, `--cert-dir=${this.file('controller-manager')}`],
        ...['--kube-api-qps=500', '--kube-api-burst=1000', '--profiling=false'],
      ],
      { log: this.file('kube-controller-manager.log'), env: { TESTBED_CLUSTER: this.slot } },
    );
  }

  async stopControllers(): Promise<void> {
    await this.controllers?.stop(0);
    this.controllers = undefined;
  }

  async stop(): Promise<void> {
    this.kube.close();
    await Promise.all([this.stopControllers(), this.server.stop(0)]);
  }

  private file(name: string): string {
    return path.join(this.directory, name);
  }
}

/** Whether the API server refused an object that was sent as a trial, and why. */
export async function refusal(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt;
    return undefined;
  } catch (error) {
    if (error instanceof KubeError && error.status < 500) return error.message;
    throw error;
  }
}

function kubeconfig(address: string, ca: string, token: string): object {
  const cluster = {
    server: `https://${address}:${API_PORT}`,
    'certificate-authority-data': Buffer.from(ca).toString('base64'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'testbed', cluster }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'testbed', context: { cluster: 'testbed', user: 'admin' } }],
    'current-context': 'testbed',
  };
}
