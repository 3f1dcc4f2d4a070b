import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { Contract, type ContractDocument, writeContract } from '../../lib/facts/contract';
import { MeshError } from '../../lib/facts/error';
import type { HopFacts } from '../../lib/facts/exposure';
import { MeshContract } from '../../lib/facts/mesh-contract';
import { writeSealed } from '../../lib/facts/sealed-json';
import { messageOf, temporaryFolder } from '../support/model';

const insurances: HopFacts = {
  key: 'broker/insurances:8000',
  service: {
    host: 'insurances.broker.svc.cluster.local',
    namespace: 'broker',
    name: 'insurances',
    port: 8000,
    protocol: 'http',
  },
  host: 'insurances.partner.example',
  port: 80,
  endpoint: { port: 443, addresses: ['192.0.2.1', '192.0.2.2'] },
  tls: {
    mode: 'mutual',
    sni: 'insurances.partner.example',
    server: {
      subjectAltName: 'insurances.partner.example',
      signer: { name: 'ca', sha256: ['a'.repeat(64), 'b'.repeat(64)] },
    },
    client: { subjectAltName: 'spiffe://agency.example/egress', signer: { name: 'ca', sha256: [] } },
  },
  access: [{ kind: 'http', methods: ['GET', 'HEAD'], paths: ['/insurances/*'] }],
};
const quotes: HopFacts = {
  ...insurances,
  key: 'broker/quotes:9000/v1',
  service: { ...insurances.service, name: 'quotes', port: 9000, subset: 'v1' },
  host: 'quotes.partner.example',
  endpoint: { port: 443 },
  access: [],
};
const document: ContractDocument = {
  version: 2,
  peering: 'premium',
  strategy: 'DirectPeering',
  consumer: { name: 'agency', trustDomain: 'agency.example' },
  provider: { name: 'partner', trustDomain: 'partner.example' },
  common: {
    tls: {
      mode: 'mutual',
      server: { subjectAltName: 'insurances.partner.example', signer: { name: 'ca', sha256: [] } },
      client: { subjectAltName: 'spiffe://agency.example/egress', signer: { name: 'ca', sha256: [] } },
    },
  },
  exposures: [insurances, quotes],
};
const text = writeContract(document);

describe('what was written is read', () => {
  test('as the same document', () => {
    const { seal, ...read } = { ...Contract.parse(text, 'premium.json').document, seal: undefined };
    expect(read).toEqual(document);
    expect(seal).toBeUndefined();
  });

  test('from a file', () => {
    const file = join(temporaryFolder(), 'premium.json');
    writeFileSync(file, text);
    expect(Contract.file(file).exposure('broker/insurances:8000')).toEqual(insurances);
  });

  test('whatever the white space, and the order of keys', () => {
    const reversed = JSON.parse(text, (_, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    );
    expect(Contract.parse(JSON.stringify(reversed), 'premium.json').document.peering).toBe('premium');
  });

  test('exposures are sorted, so that the order of statements does not reach the bytes', () => {
    expect(writeContract({ ...document, exposures: [quotes, insurances] })).toBe(text);
    expect(text.endsWith('}\n')).toBe(true);
  });
});

describe('what cannot be read is refused', () => {
  test('a file that is missing', () => {
    expect(messageOf(() => Contract.file('contracts/nowhere.json'))).toMatch(
      /^MESH1501 contracts\/nowhere\.json: the contract cannot be read \(ENOENT: .*\); copy it from the provider's dist\/contracts\/$/,
    );
  });

  test('what is no JSON: cut off, or with the marks of a merge conflict', () => {
    for (const broken of [text.slice(0, -20), `<<<<<<< HEAD\n${text}`, '']) {
      expect(messageOf(() => Contract.parse(broken, 'premium.json'))).toMatch(
        /^MESH1502 premium\.json: the contract is no JSON \(.*\); copy it again from the provider's dist\/contracts\/$/s,
      );
    }
  });

  test.each(['null', '[]', '"text"', '7', '{}', '{"version":1}'])(
    '%s, which is no contract of this version',
    (other) => {
      expect(messageOf(() => Contract.parse(other, 'premium.json'))).toBe(
        `MESH1502 premium.json: field 'version' is ${other === '{"version":1}' ? 1 : undefined}, expected 2; write the contract with the same major version of this library`,
      );
    },
  );
});

describe('an edit is refused, and the field is named', () => {
  test.each<[string, (edited: Edited) => void, string]>([
    ['changed', (edited) => (edited.exposures[0].host = 'evil.example'), "field 'exposures[0].host' was changed"],
    [
      'widened',
      (edited) => edited.exposures[0].access[0].methods.push('POST'),
      "field 'exposures[0].access[0].methods[2]' was added",
    ],
    [
      'removed',
      (edited) => delete edited.exposures[0].access[0].paths,
      "field 'exposures[0].access[0].paths[0]' was removed",
    ],
    ['renamed', (edited) => (edited.consumer.name = 'other'), "field 'consumer.name' was changed"],
    ['retyped', (edited) => (edited.exposures[0].port = '80'), "field 'exposures[0].port' was changed"],
    ['emptied', (edited) => (edited.exposures[0].access = []), "field 'exposures[0].access' was added"],
    [
      'filled',
      (edited) => (edited.exposures[1].access = [{ kind: 'http' }]),
      "field 'exposures[1].access' was removed",
    ],
    ['with another seal', (edited) => (edited.seal.peering = '0'), "field 'peering' was changed"],
    ['without a seal', (edited) => delete edited.seal, "field 'common.tls.client.signer.name' was added"],
  ])('%s', (_, edit, message) => {
    const edited = JSON.parse(text);
    edit(edited);
    expect(messageOf(() => Contract.parse(JSON.stringify(edited), 'premium.json'))).toBe(
      `MESH1503 premium.json: ${message} after the contract was written; change the provider's main.ts and synthesize it again`,
    );
  });

  test('also a key that looks like a path, or like no key of its own', () => {
    for (const [key, named] of [
      ['consumer.name', '["consumer.name"]'],
      ['exposures[0]', '["exposures[0]"]'],
      ['', '[""]'],
      ['__proto__', '__proto__'],
    ]) {
      const edited = text.replace('"peering":', `${JSON.stringify(key)}: "agency", "peering":`);
      expect(messageOf(() => Contract.parse(edited, 'premium.json'))).toBe(
        `MESH1503 premium.json: field '${named}' was added after the contract was written; change the provider's main.ts and synthesize it again`,
      );
    }
  });

  test('every leaf: changed, or removed', () => {
    const content = JSON.parse(text);
    const { seal: _, ...unsealed } = content;
    const leaves = leavesOf(unsealed);
    expect(leaves.length).toBeGreaterThan(40); // so that a change of the format does not empty the test
    fc.assert(
      fc.property(
        fc.constantFrom(...leaves),
        fc.constantFrom('change', 'remove'),
        fc.jsonValue(),
        ({ steps, path }, how, value) => {
          const edited = JSON.parse(text);
          const parent = steps.slice(0, -1).reduce((at, step) => at[step], edited);
          const key = steps[steps.length - 1];
          fc.pre(how === 'remove' || JSON.stringify(parent[key]) !== JSON.stringify(value));
          if (how === 'change') parent[key] = value;
          else if (Array.isArray(parent)) parent.splice(Number(key), 1);
          else delete parent[key];
          refusedNaming(edited, path);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('every object and list: something added', () => {
    const places = placesOf(JSON.parse(text)).filter(({ path }) => path !== 'seal');
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.string(), fc.jsonValue(), ({ steps, path }, key, value) => {
        const edited = JSON.parse(text);
        const place = steps.reduce((at, step) => at[step], edited);
        if (Array.isArray(place)) place.push(value);
        else {
          fc.pre(!Object.hasOwn(place, key));
          Object.defineProperty(place, key, { value, enumerable: true });
        }
        refusedNaming(edited, path);
      }),
      { numRuns: 1000 },
    );
  });
});

test('the text of a sealed document is JSON with a digest for each leaf, laid out as JSON.stringify does', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z"\\]{1,6}$/), fc.jsonValue()), (fields) => {
      const text = writeSealed({ version: 2, ...fields });
      expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 2)}\n`);
      const { seal, ...document } = JSON.parse(text);
      expect(document).toEqual(JSON.parse(JSON.stringify({ version: 2, ...fields })));
      expect(Object.keys(seal)).toContain('version');
      expect(Object.values(seal)).toEqual(Object.values(seal).map(() => expect.stringMatching(/^[0-9a-f]{12}$/)));
    }),
  );
});

describe('a sealed contract of another shape is refused, and the field is named', () => {
  test.each<[string, (edited: Edited) => void, string]>([
    ['no strategy', (edited) => delete edited.strategy, "field 'strategy' is missing"],
    ['no host', (edited) => delete edited.exposures[1].host, "field 'exposures[1].host' is missing"],
    ['no common part', (edited) => delete edited.common.tls, "field 'common.tls' is missing"],
    ['a field more', (edited) => (edited.exposures[0].mode = 'x'), "field 'exposures[0].mode' is unknown"],
    ['null', (edited) => (edited.exposures[0].service = null), "field 'exposures[0].service' must be object"],
    ['a list for a text', (edited) => (edited.peering = ['premium']), "field 'peering' must be string"],
  ])('%s', (_, edit, message) => {
    const edited = JSON.parse(text);
    delete edited.seal;
    edit(edited);
    expect(messageOf(() => Contract.parse(writeSealed(edited), 'premium.json'))).toBe(
      `MESH1507 premium.json: ${message}; write the contract with the same version of this library`,
    );
  });

  test('one of a strategy that is not ours has what every strategy has', () => {
    const { service, access } = insurances;
    const own = { ...document, strategy: 'OwnPeering', common: { any: 1 } };
    const read = Contract.parse(writeContract({ ...own, exposures: [{ key: 'a', service, access }] }), 'own.json');
    expect(read.exposure('a')).toEqual({ key: 'a', service, access });
    expect(
      messageOf(() => Contract.parse(writeSealed({ ...own, exposures: [{ key: 'a', access }] }), 'own.json')),
    ).toBe(
      "MESH1507 own.json: field 'exposures[0].service' is missing; write the contract with the same version of this library",
    );
  });
});

describe('a contract that does not fit', () => {
  const contract = Contract.parse(text, 'premium.json');

  test.each([
    ['strategy', 'EgressGatewayPeering', "field 'strategy' is 'DirectPeering', here it is 'EgressGatewayPeering'"],
    ['consumer.name', 'other', "field 'consumer.name' is 'agency', here it is 'other'"],
    ['consumer.trustDomain', 'x.example', "field 'consumer.trustDomain' is 'agency.example', here it is 'x.example'"],
  ] as const)('%s', (field, expected, message) => {
    expect(messageOf(() => contract.require(field, expected))).toBe(
      `MESH1504 premium.json: ${message}; the contract is for somebody else, or one of the two is wrong`,
    );
  });

  test('what fits is accepted', () => {
    contract.require('strategy', 'DirectPeering');
    contract.require('consumer.name', 'agency');
    contract.require('consumer.trustDomain', 'agency.example');
  });

  test('an exposure that it does not have', () => {
    expect(messageOf(() => contract.exposure('broker/insurances:80'))).toBe(
      "MESH1504 premium.json: field 'exposures' has no 'broker/insurances:80'; it has broker/insurances:8000, broker/quotes:9000/v1",
    );
    const empty = Contract.parse(writeContract({ ...document, exposures: [] }), 'empty.json');
    expect(messageOf(() => empty.exposure('a/b:1'))).toBe(
      "MESH1504 empty.json: field 'exposures' has no 'a/b:1'; it has none",
    );
  });
});

// biome-ignore lint/suspicious/noExplicitAny: an edited contract can be anything
type Edited = any;

interface Place {
  readonly steps: (string | number)[];
  readonly path: string;
}

/** JSON paths as messages name them, of everything that is no object or list, or an empty one. */
function leavesOf(value: unknown, at: Place = { steps: [], path: '' }): Place[] {
  const children = childrenOf(value, at);
  return children.length === 0 ? [at] : children.flatMap(([child, place]) => leavesOf(child, place));
}

/** JSON paths of objects and lists. */
function placesOf(value: unknown, at: Place = { steps: [], path: '' }): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return [at, ...childrenOf(value, at).flatMap(([child, place]) => placesOf(child, place))];
}

function childrenOf(value: unknown, { steps, path }: Place): [unknown, Place][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, child]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    const suffix = Array.isArray(value) ? `[${key}]` : path === '' ? key : `.${key}`;
    return [child, { steps: [...steps, step], path: path + suffix }];
  });
}

/** The contract is refused, and the message names the place of the edit, or something in or around it. */
function refusedNaming(edited: Edited, path: string): void {
  let error: unknown;
  try {
    Contract.parse(JSON.stringify(edited), 'premium.json');
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(MeshError);
  const { code, message } = error as MeshError;
  const field = /field '([^']*)' /.exec(message)?.[1] ?? '';
  if (path === 'version') expect([code, field]).toEqual(['MESH1502', 'version']);
  else {
    expect(code).toBe('MESH1503');
    // of a list that lost an item, the first that differs is named
    const list = path.replace(/\[\d+\]$/, '');
    expect(field.startsWith(list) || path.startsWith(field)).toBe(true);
  }
}

test('a mesh contract is not taken for the contract of a peering, nor the other way round', () => {
  expect(messageOf(() => Contract.parse('{"version":1,"mesh":"agency"}', 'agency.mesh.json'))).toBe(
    'MESH1502 agency.mesh.json: the file is a mesh contract, which MeshContract.file reads; expected a contract',
  );
  expect(messageOf(() => MeshContract.parse('{"version":2,"peering":"premium"}', 'premium.json'))).toBe(
    'MESH1502 premium.json: the file is the contract of a peering, which Contract.file reads; expected a mesh contract',
  );
});
