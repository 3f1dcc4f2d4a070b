/** `npm run docs`: writes the generated pages of docs/. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocs } from './generate';

const DOCS = join(__dirname, '..', '..', 'docs');

const pages = generatedDocs();
rmSync(join(DOCS, 'api'), { recursive: true, force: true });
mkdirSync(join(DOCS, 'api'));
for (const [file, text] of pages) {
  writeFileSync(join(DOCS, file), text);
  console.log(`docs/${file}`);
}
