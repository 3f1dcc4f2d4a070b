import path from 'node:path';

/** State of a bed: a tmpfs that only the bed's own mount namespace sees, gone with it. */
export const STATE = '/run/testbed';

export const PKI = path.join(STATE, 'pki');

export const clusterDirectory = (slot: string) => path.join(STATE, slot);

export const kubeconfigFile = (slot: string) => path.join(clusterDirectory(slot), 'kubeconfig');

/** Directories of a cluster's pods, each with a POD_FILE. */
export const podsDirectory = (slot: string) => path.join(clusterDirectory(slot), 'pods');

/** Which pod a directory belongs to. */
export const POD_FILE = 'pod.json';

/** What a running bed is made of, for the commands that look into it. */
export const BED_FILE = path.join(STATE, 'bed.json');

/** Directory of the programs as a pod sees it: the cache itself may lie where uid 1337 may not look. */
export const POD_PROGRAMS = '/testbed/bin';

/** A file of PKI as a pod sees it. */
export const pki = (file: string) => path.posix.join('/testbed/pki', file);

export const REPOSITORY = path.resolve(__dirname, '..', '..');
