import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from '../../testbed/bed/paths';

const PAGE = readFileSync(path.join(REPOSITORY, 'docs', 'testbed.md'), 'utf8');

/** Type errors of a text, as if it were a file of scenarios/. */
function typeErrors(text: string): string[] {
  const { config } = ts.readConfigFile(path.join(REPOSITORY, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, REPOSITORY);
  const file = path.join(REPOSITORY, 'testbed', 'scenarios', 'of-the-page.ts');
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => name === file || disk.fileExists(name),
    readFile: (name) => (name === file ? text : disk.readFile(name)),
    getSourceFile: (name, version) =>
      name === file ? ts.createSourceFile(name, text, version, true) : disk.getSourceFile(name, version),
  };
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

test('the scenario that docs/testbed.md shows compiles', () => {
  const [, example] = /```typescript\n([\s\S]*?)\n```/.exec(PAGE) ?? [];
  expect(example).toContain('export default scenario;');
  expect(typeErrors(example as string)).toEqual([]);
  expect(typeErrors((example as string).replace('sni:', 'snii:'))).not.toEqual([]);
});

test('docs/testbed.md names files that exist', () => {
  const files = [...PAGE.matchAll(/`([a-z-]+\/[a-z-]+\.ts)`/g)].map(([, file]) => file as string);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => !ts.sys.fileExists(path.join(REPOSITORY, 'testbed', file)))).toEqual([]);
});
