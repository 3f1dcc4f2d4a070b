import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { run } from '../../lib/cli/run';
import { readScript, type Script, writeScript } from './script';

// `UPDATE=1 npx jest test/cli/scripts` writes what is printed into the scripts; read the difference.

const ROOT = join(__dirname, '..', '..');
const SCRIPTS = join(__dirname, 'scripts');
const names = readdirSync(SCRIPTS).sort();
const cwd = process.cwd();
let folder: string;

/** What commands print as JSON is said by a schema, which may name that of traces. */
const SCHEMAS: Readonly<Record<string, string>> = {
  verify: 'findings',
  explain: 'trace',
  test: 'results',
  exposures: 'exposures',
  diff: 'diff',
};
const schemaNamed = (name: string) => JSON.parse(readFileSync(join(ROOT, 'schema', `${name}.schema.json`), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: false, schemas: Object.values(SCHEMAS).map(schemaNamed) });

/** What in the JSON of a command its schema does not say. */
function misfits(command: string, text: string): unknown {
  const { $id } = schemaNamed(SCHEMAS[command]);
  const validate = ajv.getSchema($id);
  return validate?.(JSON.parse(text)) ? [] : validate?.errors;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'script-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

/** Where errors are explained depends on where the repository is. */
const withoutPlace = (text: string): string => text.replace(/file:\S+\/docs\/errors\.md/g, 'docs/errors.md');

/** Runs the commands of a script; the files that outputs were compared with, as they should be, come back. */
function play({ commands, files }: Script): Map<string, string> {
  const wanted = new Map(files);
  let printed = { stdout: '', stderr: '' };
  let status = 0;
  let isStatusSeen = true;
  for (const { line, words, rest } of commands) {
    const [name, ...args] = words;
    const at = (found: unknown) => ({ line, found });
    if (name !== 'status' && !isStatusSeen) {
      expect({ ...at(status), ...printed }).toEqual({ ...at(0), ...printed });
      isStatusSeen = true;
    }
    if (name === 'multimesh') {
      printed = { stdout: '', stderr: '' };
      const io = {
        out: (text: string) => {
          printed.stdout += withoutPlace(text);
        },
        err: (text: string) => {
          printed.stderr += withoutPlace(text);
        },
        hasColour: false,
      };
      status = run(args, io);
      isStatusSeen = false;
      if (args.join(' ').includes('--format json') && status !== 2)
        expect(at(misfits(args[0], printed.stdout))).toEqual(at([]));
    } else if (name === 'status') {
      expect({ ...at(status), ...printed }).toEqual({ ...at(Number(args[0])), ...printed });
      isStatusSeen = true;
    } else if (name === 'stdout' || name === 'stderr') {
      const text = printed[name];
      if (args[0] === 'contains' || args[0] === 'lacks') {
        const part = rest.replace(/^\w+\s+/, '');
        expect({ ...at(part), [args[0]]: text.includes(part), text }).toEqual({
          ...at(part),
          [args[0]]: args[0] === 'contains',
          text,
        });
      } else {
        wanted.set(args[0], text);
        if (!process.env.UPDATE) expect(at(text)).toEqual(at(files.get(args[0])));
      }
    } else if (name === 'copy') {
      cpSync(join(ROOT, args[0]), join(folder, args[1]), { recursive: true, force: false });
    } else {
      throw new Error(`line ${line}: nobody knows the command ${name}`);
    }
  }
  if (!isStatusSeen) expect({ status, ...printed }).toEqual({ status: 0, ...printed });
  return wanted;
}

test.each(names)('%s', (name) => {
  const text = readFileSync(join(SCRIPTS, name), 'utf8');
  const script = readScript(text);
  for (const [file, body] of script.files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), body);
  }
  const wanted = play(script);
  if (process.env.UPDATE) writeFileSync(join(SCRIPTS, name), writeScript(text, wanted));
});

test('scripts hold the JSON of each command that prints some, and each schema is exported', () => {
  const commands = names.flatMap((name) =>
    readScript(readFileSync(join(SCRIPTS, name), 'utf8')).commands.map(({ words }) => words.join(' ')),
  );
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  for (const [command, schema] of Object.entries(SCHEMAS)) {
    expect(commands).toContainEqual(expect.stringMatching(new RegExp(`^multimesh ${command} .*--format json`)));
    expect(exports).toHaveProperty([`./schema/${schema}.json`], `./schema/${schema}.schema.json`);
  }
});
