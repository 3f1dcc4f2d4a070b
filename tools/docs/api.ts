import { join, sep } from 'node:path';
import ts from 'typescript';
import { type Entry, entryOf, type Row } from './declarations';
import { cell } from './errors';

const ROOT = join(__dirname, '..', '..');

/** Entry points of the package that the page describes, by the name that users import. */
const ENTRY_POINTS = [
  { name: 'cdk8s-multimesh', file: 'lib/index.ts' },
  { name: 'cdk8s-multimesh/testing', file: 'lib/testing/index.ts' },
];

/** docs/api.md: what the package exports, with the first paragraph of every docstring. */
export function apiPage(): string {
  const options = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    ROOT,
  ).options;
  const program = ts.createProgram(
    ENTRY_POINTS.map(({ file }) => join(ROOT, file)),
    options,
  );
  const checker = program.getTypeChecker();
  const lines = [
    '<!-- Generated from the docstrings of lib/ by `npm run docs`. Do not edit. -->',
    '# API',
    '',
    'What the package exports. Wrong input is refused with a code that [errors.md](errors.md) explains; docstrings in the',
    'editor name the codes of each call. The typed Kubernetes objects (`cdk8s-multimesh/istio`, `/maistra`, `/openshift`,',
    '`/cert-manager`, `/sail`) follow the API references of those projects and are not repeated here.',
  ];
  const described = new Set<ts.Symbol>();
  const mentioned = new Set<ts.Symbol>();
  for (const { name, file } of ENTRY_POINTS) {
    const source = program.getSourceFile(join(ROOT, file));
    if (source === undefined) throw new Error(`${file}: no such file; it is an entry point of the package`);
    lines.push('', `## ${name}`, ...describe(checker, exportsOf(checker, source), described, mentioned));
  }
  const others: string[] = [];
  for (let missing = unseen(mentioned, described); missing.length > 0; missing = unseen(mentioned, described)) {
    others.push(...describe(checker, missing, described, mentioned));
  }
  if (others.length > 0) lines.push('', '## Types that these name', ...others);
  return `${lines.join('\n')}\n`;
}

function exportsOf(checker: ts.TypeChecker, source: ts.SourceFile): ts.Symbol[] {
  const module = checker.getSymbolAtLocation(source);
  return module === undefined ? [] : checker.getExportsOfModule(module);
}

/** Sections of some symbols; notes what they are and what they name. */
function describe(
  checker: ts.TypeChecker,
  symbols: ts.Symbol[],
  described: Set<ts.Symbol>,
  mentioned: Set<ts.Symbol>,
): string[] {
  const sorted = [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((symbol) => {
    described.add(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    const entry = entryOf(checker, symbol);
    for (const other of entry.mentions) mentioned.add(other);
    return section(entry);
  });
}

/** Mentioned types of the library that no section is about yet. */
function unseen(mentioned: ReadonlySet<ts.Symbol>, described: ReadonlySet<ts.Symbol>): ts.Symbol[] {
  return [...mentioned].filter((symbol) => {
    const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
    const isType = (symbol.flags & ts.SymbolFlags.TypeParameter) === 0;
    return isType && file.startsWith(join(ROOT, 'lib', sep)) && !described.has(symbol);
  });
}

function section({ name, kind, summary, signature, rows }: Entry): string[] {
  return [
    '',
    `### ${name}`,
    '',
    `*${kind}*${summary === '' ? '' : ` · ${summary}`}`,
    ...(signature === undefined ? [] : ['', '```text', signature, '```']),
    ...(rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...rows.map(row)]),
  ];
}

function row({ signature, summary }: Row): string {
  return `| \`${cell(signature)}\` | ${cell(summary)} |`;
}
