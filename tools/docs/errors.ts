import type { CodeInfo } from '../../lib';
import { cell } from './markdown';

/** docs/errors.md: every code with why it exists and what to do. Each code is a heading, so `#mesh1001` leads to it. */
export function errorsPage(codes: Readonly<Record<string, CodeInfo>>): string {
  const sorted = Object.entries(codes).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [
    '<!-- Generated from lib/facts/codes.ts and lib/verify/rules by `npm run docs`. Do not edit. -->',
    '# Errors and findings',
    '',
    'Every message begins with a code: `MESH1104 <where>: <what was received, what was expected, the fix>`. A code',
    'never changes its meaning, so that a pipeline can filter on it. Codes from `MESH3001` on are findings: what only the',
    'whole fleet shows. A finding of severity `error` stops synthesis like any other error, a `warning` is printed and',
    'synthesis goes on. Nothing is written when something is wrong: `dist/` stays as it was.',
    '',
    '| Code | |',
    '|---|---|',
    ...sorted.map(([code, { title }]) => `| [${code}](#${code.toLowerCase()}) | ${cell(title)} |`),
  ];
  for (const [code, { title, why, fix, inProgram }] of sorted) {
    lines.push('', `## ${code}`, '', `**${capital(title)}.** ${capital(why)}.`, '', `*Fix:* ${fix}.`);
    if (inProgram !== undefined) lines.push('', `*In a program:* ${inProgram}.`);
  }
  return `${lines.join('\n')}\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
