/** Labels or annotations of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Whether all labels of a selector are among `labels`; an empty selector selects everything. */
export function selects(selector: Labels | undefined, labels: Labels): boolean {
  for (const key in selector) if (labels[key] !== selector[key]) return false;
  return true;
}
