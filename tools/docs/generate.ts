import { CODES } from '../../lib';
import { apiPage } from './api';
import { errorsPage } from './errors';

/** Pages of docs/ that are generated, by file name. */
export const GENERATED_DOCS: ReadonlyMap<string, () => string> = new Map([
  ['api.md', apiPage],
  ['errors.md', () => errorsPage(CODES)],
]);
