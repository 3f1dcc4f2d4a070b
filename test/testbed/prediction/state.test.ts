import type { KubeObject } from '../../../testbed/kubernetes/types';
import { Foreseen } from '../../../testbed/prediction/foreseen';
import { Recorder, recordedState } from '../../../testbed/prediction/recording';
import { type BedState, reduced } from '../../../testbed/prediction/state';
import { Tally } from '../../../testbed/prediction/tally';

const named = (text: string) => (text.includes('ROOT') ? 'ca:root' : 'unknown');
const object = (kind: string, more: object = {}, metadata: object = {}): KubeObject => ({
  ...{ apiVersion: 'v1', kind },
  metadata: { name: 'it', namespace: 'ns', ...metadata },
  ...more,
});

describe('what is kept of an object', () => {
  it('is what predictions read', () => {
    const annotations = { 'kubectl.kubernetes.io/last': 'x', mine: 'y' };
    const uid = { uid: 'u', resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
    expect(
      reduced(object('Deployment', { spec: { replicas: 1 }, status: { x: 1 } }, { annotations, ...uid }), named),
    ).toEqual([
      {
        ...{ apiVersion: 'v1', kind: 'Deployment', spec: { replicas: 1 } },
        metadata: {
          ...{ name: 'it', namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' },
          annotations: { mine: 'y' },
        },
      },
    ]);
  });

  it('is nothing of what the API server makes itself', () => {
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
    expect(reduced(object('ClusterRole', {}, { labels }), named)).toEqual([]);
    expect(reduced(object('ConfigMap', { data: { x: 'y' } }), named)).toEqual([]);
    expect(reduced(object('Secret', { type: 'kubernetes.io/service-account-token' }), named)).toEqual([]);
  });

  it('names what Secrets and the MeshConfig hold, never the values', () => {
    const data = {
      'ca.crt': Buffer.from('ROOT').toString('base64'),
      'tls.key': Buffer.from('secret').toString('base64'),
    };
    expect(reduced(object('Secret', { data, type: 'Opaque' }), named)[0].data).toEqual({
      ...{ 'ca.crt': 'ca:root', 'tls.key': 'unknown' },
    });
    const mesh =
      'caCertificates:\n- pem: |\n    -----BEGIN CERTIFICATE-----\n    ROOT\n    -----END CERTIFICATE-----\n';
    const [config] = reduced(object('ConfigMap', { data: { mesh } }, { name: 'istio' }), named);
    expect((config.data as { mesh: string }).mesh).toBe('caCertificates:\n  - pem: ca:root\n');
  });

  it('is the address of a pod that a controller made, and the whole of another', () => {
    const pod = { spec: { containers: [] }, status: { phase: 'Running', podIP: '10.0.0.1', conditions: [] } };
    const status = { phase: 'Running', podIP: '10.0.0.1' };
    expect(reduced(object('Pod', pod, { ownerReferences: [{}] }), named)[0]).toMatchObject({ spec: {}, status });
    expect(reduced(object('Pod', pod), named)[0]).toMatchObject({ spec: { containers: [] }, status });
  });
});

const selected = { app: 'web' };
const workload = (name: string, image: string, ports: number[]): KubeObject => ({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'ns' } },
  spec: {
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image, ports: ports.map((containerPort) => ({ containerPort })) }] },
    },
  },
});
const state: BedState = {
  certificates: [],
  clusters: {
    c1: {
      ...{ root: 'root-c1', dns: {}, failing: {} },
      objects: [
        workload('web', 'bed/echo', [8080]),
        workload('curl', 'bed/curl', []),
        object(
          'Pod',
          { spec: {}, status: { phase: 'Running', podIP: '10.0.0.7' } },
          {
            ...{ name: 'web-1', labels: selected },
            ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true }],
          },
        ),
        object('Service', {
          spec: { clusterIP: '10.9.0.1', selector: selected, ports: [{ port: 80, targetPort: 8080 }] },
        }),
      ],
    },
  },
};
const call = { from: 'c1/ns/curl', url: 'http://it.ns/', expect: { code: 200 }, why: '' };
const result = { code: 200, body: '{"pod": "web-1"}', hops: [], duration: 1 };

describe('a state of a bed', () => {
  it('is enough to foresee what a call does', () => {
    const foreseen = new Foreseen(state);
    expect(foreseen.compare(call, result, foreseen.traces(call))).toEqual({ kind: 'agrees' });
  });

  it('says what fails', () => {
    const { c1 } = state.clusters;
    const failing = new Foreseen({ ...state, clusters: { c1: { ...c1, failing: { '10.0.0.7': 503 } } } });
    expect(failing.traces(call)[0].outcome).toMatchObject({ code: 503, served: { workload: 'c1/ns/web' } });
  });

  it('comes out of a recording as it went in, and is kept once', () => {
    const recorder = new Recorder('one');
    recorder.add(state, call, result);
    recorder.add(state, call, result);
    const recording = JSON.parse(JSON.stringify(recorder.recording));
    expect([recording.states.length, recording.calls.length]).toEqual([1, 2]);
    expect(recordedState(recording, 0)).toEqual(state);
  });
});

test('a tally says how many calls agree, differ and are not modelled, by class', () => {
  const tally = new Tally();
  tally.add({ kind: 'agrees' });
  tally.add({ kind: 'differs', by: 'status', found: '200', predicted: '503' });
  const all = new Tally();
  all.addAll(tally);
  all.add({ kind: 'unmodelled', why: 'a policy' });
  expect(all.describe()).toBe('predicted 3 calls: agree 1, differ 1 (1 status), unmodelled 1 (1 a policy)');
  expect(new Tally().describe()).toBe('predicted 0 calls: agree 0, differ 0, unmodelled 0');
});
