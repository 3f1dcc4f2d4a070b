const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML and SVG hold it. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
