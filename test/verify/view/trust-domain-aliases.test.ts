import { principalsOf, trustDomainsOf } from '../../../lib/verify/view/trust-domain-aliases';

const own = ['new', 'old'];

test.each([
  ['old/ns/a/sa/b', ['new/ns/a/sa/b', 'old/ns/a/sa/b']],
  ['cluster.local/ns/a/sa/b', ['new/ns/a/sa/b', 'old/ns/a/sa/b']],
  ['other/ns/a/sa/b', ['other/ns/a/sa/b']],
  ['*/ns/a/sa/b', ['*/ns/a/sa/b']],
  // what is not of the full form is taken as it is
  ['old/*', ['old/*']],
  ['*', ['*']],
  ['old/ns/a/*', ['old/ns/a/*']],
  ['*ld/ns/a/sa/b', ['new/ns/a/sa/b', '*ld/ns/a/sa/b']],
  ['ol*/ns/a/sa/b', ['new/ns/a/sa/b', 'old/ns/a/sa/b']],
])('the principal %s stands for %j', (principal, expected) => {
  expect(principalsOf(principal, own)).toEqual(expected);
});

test('a trust domain of the mesh stands for all of them, another one for itself', () => {
  expect(trustDomainsOf('old', own)).toEqual(own);
  expect(trustDomainsOf('other', own)).toEqual(['other']);
  expect(trustDomainsOf('new', ['new', 'new'])).toEqual(['new']);
});
