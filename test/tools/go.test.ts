import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ISTIO_MODULE } from '../../tools/go';

test("oracles are built in the testbed's module of Istio", () => {
  expect(existsSync(join(ISTIO_MODULE, 'go.mod'))).toBe(true);
});
