import { hostsMatch } from '../registry/hosts';

/** A host of a policy without the port that it may name. */
export const withoutPort = (host: string): string => host.replace(/:[^:]*$/, '');

/** Whether hosts of a policy are about a host. */
export const areAbout = (hosts: readonly string[], host: string): boolean =>
  hosts.some((one) => hostsMatch(withoutPort(one), host));
