import type { Rule } from '../rule';
import { aliasWithoutRouting } from './alias-without-routing';
import { clearTextPeering } from './clear-text-peering';
import { cutCallers } from './cut-callers';
import { decodablePath } from './decodable-path';
import { optionalClientCertificate } from './optional-client-certificate';
import { writtenTwice } from './written-twice';

/** All rules, in the order in which their findings are told. */
export const RULES: readonly Rule[] = [
  aliasWithoutRouting,
  clearTextPeering,
  writtenTwice,
  optionalClientCertificate,
  cutCallers,
  decodablePath,
];
