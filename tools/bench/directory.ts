import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Where the files go: memory, if the system offers it, so that programs are compared and not the disk under them. */
export const DIRECTORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
