import type { Files } from './modules';
import type { Problem } from './problem';

/** Lines that git leaves where two sides of a merge disagree; seven signs, and for the ends the name of a side. */
const MARKER = /^(?:<{7} .+|>{7} .+|={7})$/;

/** Places where a merge was not finished. A line of seven equal signs alone underlines a title in some texts. */
export function unmergedProblems(files: Files): Problem[] {
  return [...files].flatMap(([path, text]) => {
    if (!/^<{7} /m.test(text) && !/^>{7} /m.test(text)) return [];
    return text
      .split('\n')
      .flatMap((line, index) =>
        MARKER.test(line)
          ? [{ where: `${path}:${index + 1}`, message: `holds '${line}' of an unfinished merge; choose a side` }]
          : [],
      );
  });
}
