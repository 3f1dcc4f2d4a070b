import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { type Entry, entryOf, type Row } from './declarations';
import { cell } from './markdown';
import { ROOMS, type Room, roomOf } from './rooms';

const ROOT = join(__dirname, '..', '..');

/** Entry points of the package, by the name that users import. */
const ENTRY_POINTS = [
  { name: 'cdk8s-multimesh', file: 'lib/index.ts' },
  { name: 'cdk8s-multimesh/testing', file: 'lib/testing/index.ts' },
];

/** docs/api/: a page per room, by file name, and one that leads to them. */
export function apiPages(): Map<string, string> {
  const { checker, exported } = read();
  const described = new Map<ts.Symbol, Entry>();
  // what signatures name is described where it stands, though nobody imports it
  let open = exported;
  while (open.length > 0) {
    for (const symbol of open) described.set(symbol, entryOf(checker, symbol));
    open = [...new Set([...described.values()].flatMap(({ mentions }) => mentions))].filter(
      (symbol) => isOfLibrary(symbol) && !described.has(symbol),
    );
  }
  const imported = new Set(exported);
  const byRoom = new Map<Room, { entry: Entry; isImported: boolean }[]>(ROOMS.map((room) => [room, []]));
  for (const [symbol, entry] of described) {
    byRoom.get(roomOf(fileOf(symbol)))?.push({ entry, isImported: imported.has(symbol) });
  }
  const filled = ROOMS.filter((room) => (byRoom.get(room) ?? []).length > 0);
  return new Map([
    ['README.md', index(filled, byRoom)],
    ...filled.map((room): [string, string] => [`${room.page}.md`, page(room, byRoom.get(room) ?? [])]),
  ]);
}

/** Public members without a docstring, as `<file>: <type>.<member>`. */
export function undescribed(): string[] {
  const { checker, exported } = read();
  return exported.flatMap((symbol) => {
    const { name, summary, rows } = entryOf(checker, symbol);
    const where = relative(ROOT, fileOf(symbol));
    return [
      ...(summary === '' ? [`${where}: ${name}`] : []),
      ...rows.filter((row) => row.summary === '').map((row) => `${where}: ${name} ${row.signature}`),
    ];
  });
}

function read(): { checker: ts.TypeChecker; exported: ts.Symbol[] } {
  const config = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const files = ENTRY_POINTS.map(({ file }) => join(ROOT, file));
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  const exported = files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${file}: no such file, or it exports nothing`);
    return checker
      .getExportsOfModule(module)
      .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  });
  return { checker, exported: [...new Set(exported)] };
}

function fileOf(symbol: ts.Symbol): string {
  return symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
}

function isOfLibrary(symbol: ts.Symbol): boolean {
  const isType = (symbol.flags & ts.SymbolFlags.TypeParameter) === 0;
  return isType && fileOf(symbol).startsWith(join(ROOT, 'lib', sep));
}

function index(rooms: Room[], byRoom: ReadonlyMap<Room, { entry: Entry; isImported: boolean }[]>): string {
  const lines = [
    '<!-- Generated from the docstrings of lib/ by `npm run docs`. Do not edit. -->',
    '# API',
    '',
    'What the package exports, in the order of reading. Wrong input is refused with a code that [errors](../errors.md)',
    'explains. The typed Kubernetes objects (`cdk8s-multimesh/istio`, `/maistra`, `/openshift`, `/cert-manager`, `/sail`)',
    'follow the API references of those projects and are not repeated here.',
    '',
    '| Page | | |',
    '|---|---|---|',
    ...rooms.map((room) => {
      const names = (byRoom.get(room) ?? []).filter(({ isImported }) => isImported).map(({ entry }) => entry.name);
      const links = names.map((name) => `[${name}](${room.page}.md#${name.toLowerCase()})`);
      return `| [${room.title}](${room.page}.md) | ${room.about} | ${links.join(', ')} |`;
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function page(room: Room, entries: { entry: Entry; isImported: boolean }[]): string {
  const [exported, others] = [true, false].map((wanted) =>
    entries.filter(({ isImported }) => isImported === wanted).map(({ entry }) => entry),
  );
  const lines = [
    '<!-- Generated from the docstrings of lib/ by `npm run docs`. Do not edit. -->',
    `# ${room.title}`,
    '',
    `${room.about}.`,
    ...exported.flatMap(section),
    ...(others.length === 0 ? [] : ['', '# Types that these name', ...others.flatMap(section)]),
  ];
  return `${lines.join('\n')}\n`;
}

function section({ name, kind, paragraphs, example, signature, rows }: Entry): string[] {
  const [first, ...more] = paragraphs;
  return [
    '',
    `## ${name}`,
    '',
    `*${kind}*${first === undefined ? '' : ` · ${first}`}`,
    ...more.flatMap((paragraph) => ['', paragraph]),
    ...(example === undefined ? [] : ['', '```ts', example, '```']),
    ...(signature === undefined ? [] : ['', '```text', signature, '```']),
    ...(rows.length === 0 ? [] : ['', '| | |', '|---|---|', ...rows.map(row)]),
  ];
}

function row({ signature, summary, throws }: Row): string {
  const codes = throws.replaceAll(/\bMESH\d{4}\b/g, (code) => `[${code}](../errors.md#${code.toLowerCase()})`);
  return `| \`${cell(signature)}\` | ${cell(summary)}${codes === '' ? '' : ` *Throws* ${cell(codes)}`} |`;
}
