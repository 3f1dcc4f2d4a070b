import type { Labels } from '../../facts/labels';

/** A selector of Kubernetes over labels. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** Whether labels fulfil a selector; an empty selector selects everything. */
export function fulfils({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const isThere = key in labels;
      if (operator === 'Exists') return isThere;
      if (operator === 'DoesNotExist') return !isThere;
      return (operator === 'In') === (isThere && values.includes(labels[key]));
    })
  );
}
