/** `npm run docs`: writes the generated pages of docs/. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED_DOCS } from './generate';

for (const [file, generate] of GENERATED_DOCS) {
  writeFileSync(join(__dirname, '..', '..', 'docs', file), generate());
  console.log(`docs/${file}`);
}
