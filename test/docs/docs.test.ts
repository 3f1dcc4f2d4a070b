import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { run } from '../../lib/cli/run';
import { readScript } from '../cli/script';
import { anchorsOf, type Block, blocksOf, excerptMismatch, linksOf } from './markdown';
import { programsOf, ROOT, runProgram, typeErrors } from './programs';

/**
 * Marks, which stand as HTML comments before a block:
 *
 *     main.ts              ts: part of this program; without a mark a block is a program of its own
 *     run                  sh: run it in the folder of the page's programs
 *     throws               what the program before it throws
 *     prints               a part of what the program before it prints
 *     dist/<path>          a part of a committed file
 *     writes <path>        a part of a file that the programs wrote
 *     multimesh <args>     what the command prints in the folder of the repository, all of it
 *     session <path> <name>  the command of a session, and then the file of that name in a script of test/cli/scripts
 */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const pages = PAGES.map((page) => ({ page, blocks: blocksOf(page, text(page)) })).filter(
  ({ blocks }) => blocks.length > 0,
);

test('every ts block compiles', () => {
  const programs = pages.flatMap(({ blocks }) => programsOf(blocks));
  expect(programs.length).toBeGreaterThan(0);
  expect(typeErrors(programs)).toEqual([]);
});

test('files to copy, which name their path in the first line, are YAML', () => {
  const files = pages
    .flatMap(({ blocks }) => blocks)
    .filter(({ language, text }) => language === 'yaml' && /^# \S+\.yaml\n/.test(text));
  expect(files.length).toBeGreaterThan(0);
  for (const { page, line, text } of files) {
    const documents = parseAllDocuments(text);
    expect([page, line, documents.flatMap(({ errors }) => errors)]).toEqual([page, line, []]);
    expect(documents.every((document) => document.has('apiVersion') || document.has('jobs'))).toBe(true);
  }
});

describe.each(pages)('$page', ({ blocks }) => {
  const cwd = process.cwd();
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  afterAll(() => {
    process.chdir(cwd);
    rmSync(folder, { recursive: true });
  });

  test('does what it says', async () => {
    const programs = programsOf(blocks);
    let output = '';
    let error: unknown;
    const print = (chunk: unknown) => {
      output += String(chunk);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(print);
    jest.spyOn(process.stderr, 'write').mockImplementation(print);

    for (const [index, block] of blocks.entries()) {
      const program = programs.find((candidate) => candidate.blocks.at(-1) === block);
      if (program !== undefined) {
        const own = join(folder, dirname(program.file));
        mkdirSync(own, { recursive: true });
        process.chdir(own);
        output = '';
        error = await runProgram(program, programs, require).then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (!blocks[index + 1]?.marks.includes('throws') && error !== undefined) throw error;
      }
      for (const mark of block.marks) check(block, mark);
    }

    function check(block: Block, mark: string): void {
      const where = `${block.page}:${block.line}`;
      if (mark === 'run') {
        execFileSync('sh', ['-e', '-c', block.text], { cwd: folder });
      } else if (mark === 'throws') {
        expect({ where, message: (error as Error | undefined)?.message }).toEqual({ where, message: block.text });
      } else if (mark === 'prints') {
        expect({ where, mismatch: excerptMismatch(block.text, output), output }).toEqual({ where, output });
      } else if (mark.startsWith('multimesh ')) {
        expect({ where, printed: printedBy(mark) }).toEqual({ where, printed: `${block.text}\n` });
      } else if (mark.startsWith('dist/')) {
        expect({ where, mismatch: excerptMismatch(block.text, text(mark)) }).toEqual({ where });
      } else if (mark.startsWith('writes ')) {
        const written = readFileSync(join(folder, mark.slice('writes '.length)), 'utf8');
        expect({ where, mismatch: excerptMismatch(block.text, written), written }).toEqual({ where, written });
      } else if (mark.startsWith('session ')) {
        const [, path, name] = mark.split(' ');
        const printed = readScript(text(path)).files.get(name) ?? '';
        expect({ where, output: block.text.replace(/^\$ (npx )?multimesh .*\n/, '') }).toEqual({
          where,
          output: printed.trimEnd(),
        });
      } else if (!(block.language === 'ts' && mark.endsWith('.ts'))) {
        throw new Error(`${where}: nobody knows the mark '${mark}'`);
      }
    }
  });
});

/** What a command line prints. */
function printedBy(line: string): string {
  const cwd = process.cwd();
  process.chdir(ROOT);
  try {
    let printed = '';
    const print = (text: string) => {
      printed += text;
    };
    run(line.split(' ').slice(1), { out: print, err: print, hasColour: false });
    return printed;
  } finally {
    process.chdir(cwd);
  }
}

test.each(PAGES)('%s: links lead somewhere', (page) => {
  const broken = linksOf(text(page)).filter((link) => {
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path as string);
    if (!existsSync(join(ROOT, target))) return true;
    return anchor !== undefined && !anchorsOf(text(target)).includes(anchor);
  });
  expect(broken).toEqual([]);
});
