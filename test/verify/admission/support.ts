import { Admission } from '../../../lib/verify/admission/admission';
import { pathText } from '../../../lib/verify/admission/path';
import type { Problem } from '../../../lib/verify/admission/problem';

const istio = new Admission(['istio-1.31']);

/** An object of Istio in namespace `prod`. */
export function object(
  apiVersion: string,
  kind: string,
  spec: unknown,
  metadata: object = {},
): Record<string, unknown> {
  return { apiVersion, kind, metadata: { name: 'a', namespace: 'prod', ...metadata }, spec };
}

/** Problems as `path message`, warnings marked as such. */
export function texts(problems: readonly Problem[]): string[] {
  return problems.map(
    ({ severity, path, message }) => `${severity === 'warning' ? 'warning: ' : ''}${pathText(path)} ${message}`,
  );
}

/** What a cluster with Istio 1.31 says of an object. */
export function said(apiVersion: string, kind: string, spec: unknown, metadata: object = {}): string[] {
  return texts(istio.judge(object(apiVersion, kind, spec, metadata)));
}
