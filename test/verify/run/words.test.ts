import { classesOf } from '../../../lib/verify/run/words';

test.each([
  ['curl 1: Received HTTP/0.9 when not allowed', ['closed']],
  ['curl 16: Send failure: Broken pipe', ['closed', 'no answer']],
  ['curl 6', ['name']],
  ['ENOTFOUND: getaddrinfo', ['name']],
  ['ERR_SSL_WRONG_VERSION_NUMBER: x', ['TLS']],
  ['no answer within 4 s', ['no answer']],
])('%s is of the classes %j', (error, classes) => {
  expect(classesOf(error)).toEqual(classes);
});

test('a word that is none of the list has no class', () => {
  expect(classesOf('curl 61: bad content encoding')).toBeUndefined();
  expect(classesOf('curl 100')).toBeUndefined();
});
