import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Finding } from '../../lib/facts/finding';
import { Cluster } from '../../lib/fleet/cluster';
import { Fleet } from '../../lib/fleet/fleet';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { SynthError } from '../../lib/synth/synth-error';
import { Testing } from '../../lib/testing';
import { filesOf, temporaryFolder } from '../support/model';

const warning: Finding = {
  code: 'OWN1',
  severity: 'warning',
  objects: ['peering premium'],
  message: 'premium is odd',
  atRuntime: 'nothing works',
  fix: 'repair it',
};

function newFleet(outdir = temporaryFolder()) {
  let printed = '';
  const fleet = new Fleet({ outdir, print: (text) => (printed += text) });
  new Cluster(fleet, 'c1');
  const premium = new Construct(fleet, 'peering premium');
  fleet.addCheck(() => [warning]);
  return { fleet, premium, printed: () => printed };
}

test.each(['construct', 'name'])('an accepted finding is not printed, but counted; fleet.json lists it (%s)', (by) => {
  const { fleet, premium, printed } = newFleet();
  fleet.accept('OWN1', by === 'construct' ? premium : 'premium', 'until 2027: mainframe');
  fleet.synth();
  expect(printed()).not.toContain('premium is odd');
  expect(printed()).toContain('1 cluster in 0 files, 1 accepted finding\n');
  expect(JSON.parse(filesOf(fleet.outdir)['fleet.json'])).toMatchObject({
    accepted: [
      { code: 'OWN1', objects: ['peering premium'], message: 'premium is odd', reason: 'until 2027: mainframe' },
    ],
  });
});

test('a construct stands for the objects that it writes', () => {
  const { fleet, premium } = newFleet();
  const cluster = fleet.node.findChild('c1') as Cluster;
  const chart = new MeshChart(premium, 'consumer', { cluster, mesh: 'shop', file: 'shop.premium.consumer' });
  new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } });
  fleet.addCheck(() => [{ ...warning, code: 'OWN2', objects: ['ConfigMap ns/a @c1'] }]);
  const left = () => fleet.review().findings.map(({ code }) => code);
  expect(left()).toEqual(['OWN1', 'OWN2']);
  fleet.accept('OWN2', premium, 'meant');
  expect(left()).toEqual(['OWN1']);
});

test('without acceptances the facts say nothing of them', () => {
  const { fleet, printed } = newFleet();
  fleet.synth();
  expect(printed()).toContain('warning OWN1: premium is odd');
  expect(fleet.review().facts).not.toHaveProperty('accepted');
});

test('an acceptance that meets nothing is a warning', () => {
  const { fleet, printed } = newFleet();
  fleet.accept('MESH3001', 'premum', 'meant');
  fleet.synth();
  expect(printed()).toContain(
    "warning MESH2018: MESH3001 is accepted for 'premum', but there is no such warning or info\n",
  );
});

test('a raised finding stops synthesis, an accepted one does not', () => {
  const { fleet, premium } = newFleet();
  fleet.raise('OWN1');
  expect(() => fleet.synth()).toThrow(SynthError);
  expect(() => fleet.synth()).toThrow('error OWN1: premium is odd');
  expect(filesOf(fleet.outdir)).toEqual({});
  fleet.accept('OWN1', premium, 'meant');
  fleet.synth();
});

test('all warnings can be raised', () => {
  const { fleet } = newFleet();
  fleet.raise('warning');
  expect(() => Testing.synth(fleet)).toThrow('error OWN1: premium is odd');
});

describe('what is refused', () => {
  const { fleet, premium } = newFleet();
  const elsewhere = new Construct(newFleet().fleet, 'elsewhere');
  const about =
    "expected a construct in the fleet, or a name as the finding gives it, such as 'Gateway istio-system/public'";

  test.each<[string, () => void, string]>([
    [
      'an unknown code',
      () => fleet.accept('MESH9999', premium, 'meant'),
      'MESH2017 accept("MESH9999"): the code is "MESH9999"; expected one of docs/errors.md, or of your own checks',
    ],
    ['no code', () => fleet.accept('', premium, 'meant'), 'MESH2017 accept(""): the code is ""; expected'],
    [
      'the code of an error',
      () => fleet.accept('MESH3003', premium, 'meant'),
      'MESH2017 accept("MESH3003"): MESH3003 is an error; expected a warning or info: correct what is wrong',
    ],
    [
      'no reason',
      () => fleet.accept('MESH3001', premium, ' '),
      'MESH2017 accept("MESH3001"): the reason is " "; say why the finding is meant',
    ],
    [
      'a reason from an unset variable',
      () => fleet.accept('MESH3001', premium, undefined as unknown as string),
      'the reason is undefined; say why',
    ],
    ['the whole fleet', () => fleet.accept('MESH3001', fleet, 'meant'), `it is about the whole fleet; ${about}`],
    [
      'a construct of another fleet',
      () => fleet.accept('MESH3001', elsewhere, 'meant'),
      `it is about a construct elsewhere; ${about}`,
    ],
    ['no name', () => fleet.accept('MESH3001', '', 'meant'), `it is about ""; ${about}`],
    [
      'null',
      () => fleet.accept('MESH3001', null as unknown as string, 'meant'),
      `MESH2017 accept("MESH3001"): it is about null; ${about}`,
    ],
    [
      'to raise a word that is near the one that is meant, which would raise nothing',
      () => fleet.raise('warnings'),
      'MESH2017 raise("warnings"): the code is "warnings"; expected one of docs/errors.md, or of your own checks: capitals and a number, such as \'SHOP001\'',
    ],
    ['to raise a code in small letters', () => fleet.raise('mesh3001'), 'MESH2017 raise("mesh3001"): the code is'],
    [
      'to raise an unknown code',
      () => fleet.raise('MESH3xxx'),
      'MESH2017 raise("MESH3xxx"): the code is "MESH3xxx"; expected one of docs/errors.md, or of your own checks',
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});
