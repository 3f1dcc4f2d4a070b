import { apiPages, undescribed } from '../../../tools/docs/api';

const pages = apiPages();

test('there is a page per room, and one that leads to all of them', () => {
  const index = pages.get('README.md') ?? '';
  for (const page of [...pages.keys()].filter((name) => name !== 'README.md')) expect(index).toContain(`](${page})`);
  expect(index).toContain('[DirectPeering](peerings.md#directpeering)');
});

test('a row says what a member means, its default, and what it throws with a link to the code', () => {
  expect(pages.get('gateways.md')).toContain(
    '| `portFor(protocol: GatewayProtocol): GatewayPort` | The port for a kind of traffic; TLS that is passed on may share the port of TLS that is ended. *Throws* [MESH1112](../errors.md#mesh1112) when it has none. |',
  );
  expect(pages.get('gateways.md')).toContain('Default: true for gateways that we write, false for existing ones.');
});

test('nothing internal is on a page', () => {
  const all = [...pages.values()].join('\n');
  expect(all).not.toContain('readsSecrets');
  expect(all).not.toContain('pods: GatewayPods');
});

test('everything public is described', () => {
  expect(undescribed()).toEqual([]);
});
