import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../lib/verify/judge';
import { readSnapshot } from '../../lib/verify/world/snapshot';
import { temporaryFolder } from '../support/model';

// Two meshes share the cluster `ocp`: `partner`, and `production`, which comes after it. All of them are judged.

function judged(...changes: readonly (readonly [file: string, from: string | RegExp, to: string])[]) {
  const folder = temporaryFolder();
  cpSync(join(__dirname, '../../dist/partner-agency/option-2-ossm'), folder, { recursive: true });
  for (const [file, from, to] of changes) {
    const path = join(folder, 'ocp', file);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(from);
    writeFileSync(path, text.replace(from, to));
  }
  return judge(readSnapshot(folder));
}

test('nothing is assumed of the meshes of a cluster, and nothing is wrong', () => {
  const { findings, assumptions } = judged();
  expect(findings).toEqual([]);
  expect(assumptions.join('\n')).not.toMatch(/has one mesh/);
});

test('mistakes of each are found', () => {
  const inProduction = judged([
    'production.premium.consumer.k8s.yaml',
    /sni: insurances\.partner\.example/,
    'sni: other.example',
  ]);
  expect(inProduction.findings.map(({ code }) => code)).toContain('MESH3100');
  const inPartner = judged([
    'partner.premium.provider.k8s.yaml',
    /principals:\n( +)- .*/,
    'principals:\n$1- other.example/ns/a/sa/b',
  ]);
  expect(inPartner.findings.map(({ code }) => code)).toContain('MESH3100');
});

test('what is not modelled is told of each, by the names of the cluster', () => {
  const custom = (namespace: string) =>
    `\n---\napiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: { name: own, namespace: ${namespace} }\nspec: { action: CUSTOM, provider: { name: x }, rules: [{}] }\n`;
  const { unmodelled } = judged(
    ['partner.premium.provider.k8s.yaml', /$/, custom('premium-broker')],
    ['production.premium.consumer.k8s.yaml', /$/, custom('prod-travel-agency')],
  );
  const policies = unmodelled.filter(({ object }) => object.startsWith('AuthorizationPolicy'));
  expect(policies.map(({ object }) => object)).toEqual([
    'AuthorizationPolicy premium-broker/own @ocp',
    'AuthorizationPolicy prod-travel-agency/own @ocp',
  ]);
});
