import type { Finding } from '../../lib/facts/finding';
import { type Acceptance, isAccepted } from '../../lib/verify/suppress/acceptance';
import { type Policy, verdictOn } from '../../lib/verify/verdict';

const finding = (code: string, severity: Finding['severity'], ...objects: string[]): Finding => ({
  code,
  severity,
  objects,
  message: `${code} in ${objects}`,
  atRuntime: 'nothing works',
  fix: 'repair it',
});

const noPaths = () => [];

function verdict(found: Finding[], { acceptances = [], raised = new Set() }: Partial<Policy>, pathsOf = noPaths) {
  return verdictOn(found, { acceptances, raised }, pathsOf);
}

describe('an acceptance', () => {
  const named = (name: string): Acceptance => ({ code: 'MESH3001', about: { name }, reason: 'meant' });
  const at = (path: string): Acceptance => ({ code: 'MESH3001', about: { path }, reason: 'meant' });
  const accepts = (acceptance: Acceptance, object: string, pathsOf: (object: string) => string[] = noPaths) =>
    isAccepted(acceptance, finding('MESH3001', 'warning', object), pathsOf);

  test.each([
    'Gateway istio-system/public @east',
    'Gateway istio-system/public',
    'istio-system/public @east',
    'istio-system/public',
  ])('names an object as the finding does, or shorter: %s', (name) => {
    expect(accepts(named(name), 'Gateway istio-system/public @east')).toBe(true);
  });

  test.each([
    'Gateway',
    'public',
    'istio-system',
    'istio-system/public @west',
    'Gateway istio-system/public @eas',
    '@east',
  ])('does not take an object for a part of its name: %s', (name) => {
    expect(accepts(named(name), 'Gateway istio-system/public @east')).toBe(false);
  });

  test('names what a mesh has', () => {
    expect(accepts(named('shop/logs'), 'Service shop/logs of east/shop')).toBe(true);
    expect(accepts(at('east/shop'), 'Service shop/logs of east/shop')).toBe(true);
    expect(accepts(at('east'), 'Service shop/logs of east/shop')).toBe(true);
    // A construct with the name of a namespace.
    expect(accepts(at('shop'), 'Service shop/logs of east/shop')).toBe(false);
  });

  test('takes what is in a construct: the finding names it, or an object that it writes', () => {
    const premium = at('peering premium');
    expect(accepts(premium, 'peering premium')).toBe(true);
    expect(accepts(premium, 'peering premium-2')).toBe(false);
    const pathsOf = (object: string) => (object === 'ServiceEntry a/b @east' ? ['peering premium/consumer/entry'] : []);
    expect(accepts(premium, 'ServiceEntry a/b @east', pathsOf)).toBe(true);
    expect(accepts(premium, 'ServiceEntry a/c @east', pathsOf)).toBe(false);
  });

  test('takes a peering for itself, wherever it stands, and not a cluster or mesh of its name', () => {
    expect(accepts(at('east'), 'peering east')).toBe(false);
    expect(accepts(at('peering east'), 'mesh east')).toBe(false);
    expect(accepts(at('east/peering bank'), 'peering east/bank')).toBe(true);
    expect(accepts(at('east'), 'peering east/bank')).toBe(true);
  });

  test('is about one code', () => {
    expect(isAccepted(named('premium'), finding('MESH3004', 'warning', 'peering premium'), noPaths)).toBe(false);
  });
});

describe('a verdict', () => {
  const accept = (code: string, name: string): Acceptance => ({
    code,
    about: { name },
    reason: 'until 2027: mainframe',
  });

  test('stops for errors, tells warnings and then infos, and lists what is accepted with the reason', () => {
    const found = [
      finding('A', 'info', 'peering a'),
      finding('B', 'warning', 'peering b'),
      finding('B', 'warning', 'peering c'),
      finding('C', 'error', 'peering d'),
    ];
    const { errors, told, accepted } = verdict(found, { acceptances: [accept('B', 'c')] });
    expect(errors).toEqual([found[3]]);
    expect(told).toEqual([found[1], found[0]]);
    expect(accepted).toEqual([
      { code: 'B', objects: ['peering c'], message: 'B in peering c', reason: 'until 2027: mainframe' },
    ]);
  });

  test('never accepts an error, and says that the acceptance met nothing', () => {
    const found = [finding('C', 'error', 'peering d')];
    const { errors, told } = verdict(found, { acceptances: [accept('C', 'd')] });
    expect(errors).toEqual(found);
    expect(told).toEqual([
      {
        code: 'MESH2018',
        severity: 'warning',
        objects: [],
        message: "C is accepted for 'd', but there is no such warning or info",
        atRuntime: 'nothing happens; a later finding of that name would go unnoticed',
        fix: 'remove the acceptance, or correct its code or name',
      },
    ]);
  });

  test('names the construct of an acceptance that met nothing', () => {
    const { told } = verdict([], { acceptances: [{ code: 'B', about: { path: 'premium' }, reason: 'meant' }] });
    expect(told[0].message).toBe("B is accepted for construct 'premium', but there is no such warning or info");
  });

  test('raises findings by code, infos too, and all warnings; what is accepted is not raised', () => {
    const found = [
      finding('A', 'info', 'peering a'),
      finding('B', 'warning', 'peering b'),
      finding('B', 'warning', 'peering c'),
    ];
    const codes = (raised: string[], acceptances: Acceptance[] = []) =>
      verdict(found, { raised: new Set(raised), acceptances }).errors.map(({ code, objects }) => `${code} ${objects}`);
    expect(codes([])).toEqual([]);
    expect(codes(['A'])).toEqual(['A peering a']);
    expect(codes(['warning'])).toEqual(['B peering b', 'B peering c']);
    expect(codes(['B'], [accept('B', 'c')])).toEqual(['B peering b']);
    expect(codes(['warning'], [accept('B', 'gone')])).toEqual(['B peering b', 'B peering c', 'MESH2018 ']);
  });
});
