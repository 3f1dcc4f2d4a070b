import { Callers } from '../../lib';
import { messageOf } from '../support/model';

describe('Callers', () => {
  test('namespaces: objects are in the first, and the others see them', () => {
    const callers = Callers.namespaces('travel', 'b', 'a', 'b');
    expect(callers.namespaces).toEqual(['travel', 'b', 'a']);
    expect(callers.exportTo).toEqual(['.', 'a', 'b']);
  });

  test('workload: one namespace, by labels, with the accounts that read the Secret', () => {
    const callers = Callers.workload({
      namespace: 'travel',
      labels: { app: 'web' },
      serviceAccounts: ['web', 'batch'],
    });
    expect(callers).toMatchObject({
      kind: 'workload',
      namespaces: ['travel'],
      labels: { app: 'web' },
      serviceAccounts: ['batch', 'web'],
    });
    expect(callers.exportTo).toEqual(['.']);
  });

  test('service accounts: of any namespaces, which see the host', () => {
    const callers = Callers.serviceAccounts('travel/web', 'batch/jobs', 'travel/web');
    expect(callers).toMatchObject({
      kind: 'serviceAccounts',
      namespaces: ['travel', 'batch'],
      serviceAccounts: ['batch/jobs', 'travel/web'],
    });
  });

  test.each<[() => unknown, string]>([
    [
      () => Callers.serviceAccounts(),
      'MESH1205 Callers.serviceAccounts: the list is empty; name at least one ServiceAccount, or leave callers out',
    ],
    [
      () => Callers.serviceAccounts('web'),
      "MESH1205 Callers.serviceAccounts: 'web' is malformed; expected '<namespace>/<name>' such as 'prod-travel-agency/travels'",
    ],
    [
      () => Callers.serviceAccounts('travel/sa/web'),
      "MESH1205 Callers.serviceAccounts: 'travel/sa/web' is malformed; expected '<namespace>/<name>'",
    ],
    [() => Callers.serviceAccounts('travel/'), "MESH1001 Callers.serviceAccounts: service account '' is no DNS label"],
    [() => Callers.serviceAccounts('/web'), "MESH1001 Callers.serviceAccounts: namespace '' is no DNS label"],
    [
      () => Callers.namespaces(),
      'MESH1205 Callers.namespaces: the list is empty; name at least one namespace, or leave callers out',
    ],
    [() => Callers.namespaces('Travel'), "MESH1001 Callers.namespaces: namespace 'Travel' is no DNS label"],
    [
      () => Callers.workload({ namespace: 'travel', labels: {}, serviceAccounts: ['web'] }),
      'MESH1205 Callers.workload: labels or serviceAccounts are empty; state the pod labels and ServiceAccounts of the calling workloads',
    ],
    [
      () => Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: [] }),
      'MESH1205 Callers.workload: labels or serviceAccounts are empty; state the pod labels and ServiceAccounts of the calling workloads',
    ],
    [
      () => Callers.workload({ namespace: 'Travel', labels: { app: 'web' }, serviceAccounts: ['web'] }),
      "MESH1001 Callers.workload: namespace 'Travel' is no DNS label",
    ],
    [
      () => Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['Web'] }),
      "MESH1001 Callers.workload: service account 'Web' is no DNS label",
    ],
  ])('%#: what does not fit is refused', (run, message) => {
    expect(messageOf(run).startsWith(message)).toBe(true);
  });
});
