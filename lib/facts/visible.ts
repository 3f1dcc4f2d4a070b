/** Control characters, and those that turn the direction of what follows: terminals act on them, people do not see them. */
const UNSEEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** What nearly all texts are, and soon told. */
const PLAIN = /^[ -~]*$/;

/** A text in which everything is seen and nothing acts, on one line: `\u001b` in place of the character. */
export const visible = (text: string): string => (PLAIN.test(text) ? text : text.replace(UNSEEN, escaped));

/** The same of a text of several lines. */
export const visibleLines = (text: string): string =>
  text.replace(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : escaped(character)));

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
