import type { ApplicationFact } from '../../lib/verify/world/facts';
import type { Container } from '../../lib/verify/world/workloads';
import { type AppKind, appKind } from '../kubernetes/apps';

const ANSWERS = {
  statusInPath: '/status/(\\d{3})',
  delayInPath: '[?&]sleep=(\\d+)',
  failuresInPath: '[?&]fail=(\\d+)',
};

const FACTS: Readonly<Record<AppKind, ApplicationFact>> = {
  http: { ...ANSWERS, speaks: 'http' },
  h2c: { ...ANSWERS, speaks: 'http', http2: 'only' },
  https: { ...ANSWERS, speaks: 'https' },
  tcp: { speaks: 'tcp' },
  tls: { speaks: 'tls' },
  sleep: { speaks: 'none' },
};

/** What the testbed's programs do in a container (`kubernetes/apps.ts`). */
export function applicationOf({ name, image, ports, env }: Container): ApplicationFact {
  if (/(^|\/)connect-proxy([:@]|$)/.test(image)) return { speaks: 'connect', targets: (env.ALLOW ?? '').split(' ') };
  const fact = FACTS[appKind({ name, image, ports: ports.map((containerPort) => ({ containerPort })) })];
  if (fact.speaks !== 'https' && fact.speaks !== 'tls') return fact;
  const { CERT_DIR = '/etc/certs', CLIENT_CA } = env;
  // programs of `tls` negotiate nothing
  const alpn = fact.speaks === 'https' ? { alpn: ['http/1.1'] } : {};
  return { ...fact, ...alpn, certificate: { directory: CERT_DIR, ...(CLIENT_CA && { clientCa: CLIENT_CA }) } };
}
