import { parseCrds } from '../../../../tools/import/crd';
import { renderRules } from '../../../../tools/import/render/cel';
import { crd } from '../fixtures';

function render(...rules: string[]): string {
  const validations = rules.map((rule) => `{ rule: ${JSON.stringify(rule)} }`).join(', ');
  const spec = `x-kubernetes-validations: [${validations}]\nproperties: { mode: { type: string } }`;
  return renderRules(new Map([['b', parseCrds(crd({ kind: 'Thing', spec }), 'f')]]));
}

test('every rule has a predicate, and only what they use is imported', () => {
  const text = render('has(self.mode)', 'self.size() > 0');
  expect(text).toContain(`import { has, size } from './library';`);
  expect(text).toContain(`  [\n    "has(self.mode)",\n    (self) => has(self, 'mode'),\n  ],\n`);
  expect(text.indexOf('has(self.mode)')).toBeLessThan(text.indexOf('self.size()'));
});

test('a rule about a change holds for a new object', () => {
  expect(render('self == oldSelf')).toContain('    "self == oldSelf",\n    transition,\n');
});

test('a rule without a translation names bundle, kind, place and rule', () => {
  expect(() => render('self.format()')).toThrow(
    `bundle b, Thing, spec: rule 'self.format()': format() with 1 values is not supported; extend tools/import/cel`,
  );
});
