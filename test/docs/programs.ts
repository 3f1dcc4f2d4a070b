import { join } from 'node:path';
import ts from 'typescript';
import type { Block } from './markdown';

export const ROOT = join(__dirname, '..', '..');

/** A TypeScript file that the blocks of a page make up: those with the same file name are one file, in their order. */
export interface Program {
  readonly page: string;
  /** Path from the folder of the page's programs. */
  readonly file: string;
  readonly text: string;
  /** Blocks that it is made of. */
  readonly blocks: Block[];
}

/** The programs of a page, in the order in which their last blocks stand. */
export function programsOf(blocks: readonly Block[]): Program[] {
  const byFile = new Map<string, Block[]>();
  for (const block of blocks.filter(({ language }) => language === 'ts')) {
    const file = block.marks.find((mark) => mark.endsWith('.ts')) ?? `line-${block.line}.ts`;
    const earlier = byFile.get(file) ?? [];
    byFile.delete(file);
    byFile.set(file, [...earlier, block]);
  }
  return [...byFile].map(([file, parts]) => ({
    page: (parts[0] as Block).page,
    file,
    text: parts.map(({ text }) => text).join('\n'),
    blocks: parts,
  }));
}

/** Names that users import, and what stands for them here. */
const PACKAGE: Record<string, string> = {
  'cdk8s-multimesh': 'lib/index',
  'cdk8s-multimesh/testing': 'lib/testing/index',
  'cdk8s-multimesh/istio': 'imports/istio/index',
  'cdk8s-multimesh/maistra': 'imports/maistra/index',
  'cdk8s-multimesh/openshift': 'imports/openshift/index',
  'cdk8s-multimesh/cert-manager': 'imports/cert-manager/index',
  'cdk8s-multimesh/sail': 'imports/sail/index',
};

/** Type errors of programs, as `<page>:<line> <message>`, by the compiler options of the repository. */
export function typeErrors(programs: readonly Program[]): string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  options.paths = Object.fromEntries(Object.entries(PACKAGE).map(([name, file]) => [name, [join(ROOT, `${file}.ts`)]]));
  const folder = join(ROOT, 'test', 'docs', 'virtual');
  const files = new Map(programs.map((program) => [join(folder, program.page, program.file), program]));
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (path) => files.has(path) || onDisk.fileExists(path);
  host.readFile = (path) => files.get(path)?.text ?? onDisk.readFile(path);
  host.directoryExists = (path) => path.startsWith(folder) || (onDisk.directoryExists?.(path) ?? true);
  host.getSourceFile = (path, version) => {
    const own = files.get(path);
    return own ? ts.createSourceFile(path, own.text, version, true) : onDisk.getSourceFile(path, version);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files].flatMap(([path, own]) => {
    const file = program.getSourceFile(path);
    if (file === undefined) return [`${own.page}: ${own.file} is not part of the program`];
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((diagnostic) => {
      const { line } = file.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
      const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
      return `${own.page}:${lineOf(own, line)} ${message}`;
    });
  });
}

/** Line of the page that a line of a program stands in. */
function lineOf({ blocks }: Program, line: number): number {
  let first = 0;
  for (const block of blocks) {
    const count = block.text.split('\n').length;
    if (line < first + count) return block.line + line - first;
    first += count;
  }
  return 0;
}

/** Loads a module of the repository or of node_modules, as `require` in a test does. */
export type Load = (name: string) => unknown;

/**
 * Runs a program in this process. `cdk8s-multimesh` is the source of this repository; `test` and `it` run what they are
 * given.
 *
 * @param others programs of the page that it may import.
 */
export async function runProgram(program: Program, others: readonly Program[], load: Load): Promise<void> {
  const pending: unknown[] = [];
  const test = (_name: string, body: () => unknown) => pending.push(body());
  const loaded = new Map<string, object>();
  const run = (own: Program): object => {
    const existing = loaded.get(own.file);
    if (existing) return existing;
    const module = { exports: {} };
    loaded.set(own.file, module.exports);
    const { outputText } = ts.transpileModule(own.text, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true },
    });
    const require = (name: string): unknown => {
      if (name in PACKAGE) return load(join(ROOT, PACKAGE[name] as string));
      if (!name.startsWith('.')) return load(name);
      const file = `${join(own.file, '..', name)}.ts`;
      const other = others.find((candidate) => candidate.file === file);
      if (other === undefined)
        throw new Error(`${own.page}: ${own.file} imports ${name}, which the page does not have`);
      return run(other);
    };
    new Function('module', 'exports', 'require', 'test', 'it', outputText)(module, module.exports, require, test, test);
    return module.exports;
  };
  run(program);
  await Promise.all(pending);
}
