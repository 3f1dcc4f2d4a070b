import type {
  CorsPolicy,
  HTTPFaultInjection,
  HTTPRedirect,
  HTTPRetry,
  HTTPRewrite,
  HTTPRoute,
  Percent,
} from '../../../../../imports/istio/networking';
import { each, type Path } from '../../path';
import { type Report, show } from '../../problem';
import { portReason, type Reason } from '../common/names';
import { regexReason } from '../common/regex';
import { countReason, durationReason, nanoseconds, refuse } from '../common/values';
import { GRPC_STATUS, HTTP_STATUS, METHODS, RETRY_ON } from './constants';
import { corsHeaderReason } from './headers';
import { patternReason } from './match';

/** `validation.validateCORSPolicy`. */
export function corsRules(cors: CorsPolicy | undefined, at: Path, report: Report): void {
  if (cors === undefined) return;
  cors.allowOrigins?.forEach((origin, i) => {
    const place = at.at('allowOrigins').at(i);
    if (!(origin.exact || origin.prefix || origin.regex))
      report.error(place, 'is empty, expected exact, prefix or regex');
    else if (origin.regex !== undefined) refuse(report, place.at('regex'), patternReason(origin.regex));
  });
  cors.allowMethods?.forEach((method, i) => {
    if (METHODS.has(method)) return;
    report.error(at.at('allowMethods').at(i), `is ${show(method)}, expected one of ${[...METHODS].join(', ')}`);
  });
  each(cors.allowHeaders, at.at('allowHeaders'), (name, item) => refuse(report, item, corsHeaderReason(name)));
  each(cors.exposeHeaders, at.at('exposeHeaders'), (name, item) => refuse(report, item, corsHeaderReason(name)));
  refuse(report, at.at('maxAge'), durationReason(cors.maxAge));
  const age = cors.maxAge === undefined ? undefined : nanoseconds(cors.maxAge);
  if (age !== undefined && age > 0n && age % 1_000_000_000n !== 0n) {
    report.error(at.at('maxAge'), `is ${show(cors.maxAge)}, expected whole seconds`);
  }
}

/** `validation.validateHTTPFaultInjection`, which drops warnings. */
export function faultRules(fault: HTTPFaultInjection | undefined, at: Path, report: Report): void {
  if (fault === undefined) return;
  const { abort, delay } = fault;
  if (abort === undefined && delay === undefined) report.error(at, 'is empty, expected abort or delay');
  refuse(report, at.at('abort').at('percentage'), fractionReason(abort?.percentage));
  if (abort?.grpcStatus !== undefined && !GRPC_STATUS.has(abort.grpcStatus)) {
    report.error(
      at.at('abort').at('grpcStatus'),
      `is ${show(abort.grpcStatus)}, expected a status of gRPC such as NOT_FOUND`,
    );
  }
  if (abort?.http2Error !== undefined)
    report.error(at.at('abort').at('http2Error'), 'is set, which istiod does not support');
  if (abort?.httpStatus !== undefined) refuse(report, at.at('abort').at('httpStatus'), statusReason(abort.httpStatus));
  refuse(report, at.at('delay').at('percentage'), fractionReason(delay?.percentage));
  refuse(report, at.at('delay').at('fixedDelay'), durationReason(delay?.fixedDelay));
  if (delay?.exponentialDelay !== undefined) {
    report.error(at.at('delay').at('exponentialDelay'), 'is set, which istiod does not support');
  }
}

/** `validation.validateHTTPRetry`. */
export function retryRules(retries: HTTPRetry | undefined, at: Path, report: Report): void {
  if (retries === undefined) return;
  const { attempts = 0, perTryTimeout, retryOn = '', retryRemoteLocalities } = retries;
  refuse(report, at.at('attempts'), countReason(attempts));
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn !== '' || retryRemoteLocalities !== undefined)) {
    report.error(at.at('attempts'), 'is 0, which switches retries off, but other fields say how to retry');
  }
  refuse(report, at.at('perTryTimeout'), durationReason(perTryTimeout));
  refuse(report, at.at('backoff'), durationReason(retries.backoff));
  for (const condition of retryOn === '' ? [] : retryOn.split(',')) {
    const status = /^[-+]?\d{1,9}$/.test(condition) ? Number(condition) : 0;
    if (HTTP_STATUS.has(status) || RETRY_ON.has(condition)) continue;
    report.error(
      at.at('retryOn'),
      `has ${show(condition)}, expected a status code or one of ${[...RETRY_ON].join(', ')}`,
    );
  }
}

/** `validation.validateHTTPRedirect`, which stops at the first problem. */
export function redirectRules(
  redirect: HTTPRedirect | undefined,
  matches: HTTPRoute['match'],
  at: Path,
  report: Report,
): void {
  if (redirect === undefined) return;
  const { uri, prefixRewrite, authority, port, derivePort, scheme, redirectCode } = redirect;
  if (uri && prefixRewrite) {
    report.error(at, 'sets uri and prefixRewrite, expected one of them');
  } else if (prefixRewrite && matches?.some((match) => match.uri !== undefined && match.uri.prefix === undefined)) {
    report.error(at.at('prefixRewrite'), 'is set, which needs every match of the uri to be by prefix');
  } else if (!uri && !prefixRewrite && !authority && port === undefined && derivePort === undefined && !scheme) {
    report.error(at, 'changes nothing, expected uri, prefixRewrite, authority, scheme, port or derivePort');
  } else if (redirectCode && (redirectCode < 300 || redirectCode > 399)) {
    report.error(at.at('redirectCode'), `is ${redirectCode}, expected a status code from 300 to 399`);
  } else if (scheme && scheme !== 'http' && scheme !== 'https') {
    report.error(at.at('scheme'), `is ${show(scheme)}, expected http or https`);
  } else if (port) {
    refuse(report, at.at('port'), portReason(port));
  }
}

/** `validation.validateHTTPRewrite`, which stops at the first problem. */
export function rewriteRules(rewrite: HTTPRewrite | undefined, at: Path, report: Report): void {
  if (rewrite === undefined) return;
  const { uri, uriRegexRewrite: regex, authority } = rewrite;
  if (uri && regex !== undefined) {
    report.error(at, 'sets uri and uriRegexRewrite, expected one of them');
  } else if (!uri && regex === undefined && !authority) {
    report.error(at, 'changes nothing, expected uri, uriRegexRewrite or authority');
  } else if (regex !== undefined) {
    if (!regex.match || !regex.rewrite) report.error(at.at('uriRegexRewrite'), 'lacks match or rewrite, expected both');
    else refuse(report, at.at('uriRegexRewrite').at('match'), regexReason(regex.match));
  }
}

/** `validation.validateHTTPStatus`. */
export function statusReason(status: number): Reason {
  return status >= 200 && status <= 600 ? undefined : `is ${status}, expected a status code from 200 to 599`;
}

/** `validation.validatePercentage`: Envoy counts millionths. */
function fractionReason(percentage: Percent | undefined): Reason {
  const { value = 0 } = percentage ?? {};
  if (value === 0 || (value >= 0.0001 && value <= 100)) return undefined;
  return `is ${value}, expected 0, or from 0.0001 to 100`;
}
