import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docText, firstSentence, namesFromProtos } from '../../../../tools/import/names/proto';

/** Folders as in istio.io/api. */
function protos(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'protos-'));
  for (const folder of ['extensions', 'networking', 'security', 'telemetry', 'type']) mkdirSync(join(dir, folder));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, file), `syntax = "proto3";\n${text}`);
  return dir;
}

describe('namesFromProtos', () => {
  const dir = protos({
    'networking/rule.proto': `package istio.networking.v1;
      import "type/selector.proto";
      // Rule says what happens. It has more sentences.
      message Rule {
        // REQUIRED. Which workloads, by label.
        WorkloadSelector selector = 1;
        istio.type.v1.WorkloadSelector policy_selector = 2;
        Settings settings = 3;
        string old_name = 4 [json_name = "old_name"];
        // Seconds.
        int32 timeout = 5;
        message Settings { TLSmode mode = 1; Rule nested = 2; }
      }
      // How the connection is secured
      enum TLSmode { SIMPLE = 0; MUTUAL = 1; }
      message WorkloadSelector { map<string, string> labels = 1; }
      message NotReached { string a = 1; }`,
    'type/selector.proto': 'package istio.type.v1; message WorkloadSelector { map<string, string> match_labels = 1; }',
  });
  const graph = namesFromProtos(dir, ['Rule']);

  test('the spec of a kind is called Spec, a nested message has its parent in front', () => {
    expect(graph.kinds).toEqual({ Rule: 'istio.networking.v1.Rule' });
    expect(graph.types['istio.networking.v1.Rule']?.name).toBe('RuleSpec');
    expect(graph.types['istio.networking.v1.Rule.Settings']?.name).toBe('RuleSettings');
    expect(graph.types['istio.networking.v1.TLSmode']).toEqual({
      name: 'TLSmode',
      doc: 'How the connection is secured',
    });
  });

  test('of two messages with one name the one of istio.type is prefixed', () => {
    expect(graph.types['istio.networking.v1.WorkloadSelector']?.name).toBe('WorkloadSelector');
    expect(graph.types['istio.type.v1.WorkloadSelector']?.name).toBe('TypeWorkloadSelector');
  });

  test('fields by JSON name, with type and description', () => {
    expect(graph.types['istio.networking.v1.Rule']).toMatchObject({
      doc: 'Rule says what happens.',
      fields: {
        selector: { type: 'istio.networking.v1.WorkloadSelector', doc: 'Which workloads, by label.' },
        policySelector: { type: 'istio.type.v1.WorkloadSelector' },
        timeout: { doc: 'Seconds.' },
      },
    });
  });

  test('messages that no kind reaches are left out', () => {
    expect(Object.keys(graph.types)).toEqual([
      'istio.networking.v1.Rule',
      'istio.networking.v1.Rule.Settings',
      'istio.networking.v1.TLSmode',
      'istio.networking.v1.WorkloadSelector',
      'istio.type.v1.WorkloadSelector',
    ]);
  });

  test('a kind without a message is an error', () => {
    expect(() => namesFromProtos(dir, ['Nothing'])).toThrow(
      'kind Nothing: found 0 top-level messages of that name, expected one',
    );
  });
});

test('docText keeps the first paragraph, without markers for generators', () => {
  const comment =
    '<!-- crd generation tags\n+cue-gen:x\n-->\nOptional. the ports:\n+optional\n$hide_from_docs\nof it\n\nExample';
  expect(docText(comment)).toBe('The ports: of it');
  expect(docText('Requires mTLS')).toBe('Requires mTLS');
  expect(docText(null)).toBe('');
});

test('firstSentence is not fooled by abbreviations inside a word', () => {
  expect(firstSentence('See istio.io for more. And this.')).toBe('See istio.io for more.');
  expect(firstSentence('No full stop')).toBe('No full stop');
});
