import fc from 'fast-check';
import { HostIndex } from '../../../lib/verify/registry/host-index';
import { isSubsetOf } from '../../../lib/verify/registry/hosts';

const host = fc
  .tuple(
    fc.constantFrom('', '', '*', '*.'),
    fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { minLength: 1, maxLength: 3 }),
  )
  .map(([prefix, labels]) => prefix + labels.join('.'));

test('finds the hosts and wildcards that cover a host, and no others', () => {
  fc.assert(
    fc.property(fc.array(host, { maxLength: 20 }), host, (hosts, asked) => {
      const index = new HostIndex<string>();
      for (const one of hosts) index.add(one, one);
      expect(index.covering(asked).sort()).toEqual(hosts.filter((one) => isSubsetOf(asked, one)).sort());
    }),
  );
});

test('the most specific comes first', () => {
  const index = new HostIndex<string>();
  for (const one of ['*', '*.b.c', 'a.b.c', '*.c']) index.add(one, one);
  expect(index.covering('a.b.c')).toEqual(['a.b.c', '*.b.c', '*.c', '*']);
  expect(index.of('a.c')).toEqual([]);
});
