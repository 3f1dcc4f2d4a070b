import path from 'node:path';
import { REPOSITORY } from '../../../testbed/bed/paths';
import type { Recording } from '../../../testbed/prediction/recording';
import { readRecording, recordingsIn, replay } from '../../../testbed/prediction/replay';
import { Tally } from '../../../testbed/prediction/tally';

// What real proxies answered, with the objects of the API servers at that moment: `testbed/recordings/README.md`.

const files = recordingsIn(path.join(REPOSITORY, 'testbed', 'recordings'));

const differences = (recording: Recording) =>
  replay(recording).flatMap(({ number, recorded: { call }, agreement }) =>
    agreement.kind === 'differs' ? [{ number, from: call.from, url: call.url, ...agreement }] : [],
  );

test.each(files.map((file) => [path.basename(file, '.json.gz'), file]))('%s is foreseen', (_, file) => {
  expect(differences(readRecording(file))).toEqual([]);
});

test('no recorded call is one that the model does not judge', () => {
  const tally = new Tally();
  for (const { agreement } of files.flatMap((file) => replay(readRecording(file)))) tally.add(agreement);
  expect(tally.agree).toBeGreaterThan(300);
  expect([...tally.unmodelled.keys()]).toEqual([]);
});

test('a recording in which somebody else answers is not foreseen', () => {
  const recording = readRecording(files.find((file) => file.includes('mtls-modes')) ?? '');
  const [first, ...others] = recording.calls;
  const wrong = { ...first, result: { ...first.result, code: 503 as const } };
  expect(differences({ ...recording, calls: [wrong, ...others] })).toMatchObject([{ number: 0, by: 'status' }]);
});
