import { Construct, type IConstruct } from 'constructs';
import { MeshError } from '../facts/error';
import { OPEN, UNANSWERED } from '../verify/proof/findings';
import { RULES } from '../verify/rules';
import type { Acceptance } from '../verify/suppress/acceptance';
import type { Policy } from '../verify/verdict';
import { isFindingCode, OWN_CODE } from './finding-code';

/** Errors that no rule finds: calls that do not do what is stated, objects that a cluster refuses. */
const ERRORS: readonly string[] = [UNANSWERED, OPEN, 'MESH4010'];

/** What a program says of findings: which are meant, and which stop synthesis. */
export class FindingPolicy implements Policy {
  public readonly acceptances: Acceptance[] = [];
  public readonly raised = new Set<string>();

  /** @param fleet whose findings these are. */
  constructor(private readonly fleet: IConstruct) {}

  /** @throws MESH2017 for an unknown code, an error, nothing that has a name, or no reason. */
  public accept(code: string, about: IConstruct | string, reason: string): void {
    const where = `accept(${JSON.stringify(code)})`;
    checkCode(code, where);
    if (ERRORS.includes(code) || RULES.some((rule) => rule.code === code && rule.severity === 'error')) {
      throw new MeshError('MESH2017', where, `${code} is an error; expected a warning or info: correct what is wrong`);
    }
    if (typeof reason !== 'string' || reason.trim() === '') {
      throw new MeshError('MESH2017', where, `the reason is ${show(reason)}; say why the finding is meant`);
    }
    this.acceptances.push({ code, about: this.aboutOf(about, where), reason });
  }

  private aboutOf(about: IConstruct | string, where: string): Acceptance['about'] {
    if (typeof about === 'string' && about.trim() !== '') return { name: about };
    const isConstruct = Construct.isConstruct(about);
    if (isConstruct && about !== this.fleet && about.node.root === this.fleet) return { path: about.node.path };
    const received = !isConstruct ? show(about) : about === this.fleet ? 'the whole fleet' : 'a construct elsewhere';
    throw new MeshError(
      'MESH2017',
      where,
      `it is about ${received}; expected a construct in the fleet, or a name as the finding gives it, such as 'Gateway istio-system/public'`,
    );
  }

  /** @throws MESH2017 for an unknown code. */
  public raise(code: string): void {
    if (code !== 'warning') checkCode(code, `raise(${JSON.stringify(code)})`);
    this.raised.add(code);
  }
}

function checkCode(code: string, where: string): void {
  if (typeof code === 'string' && isFindingCode(code)) return;
  throw new MeshError(
    'MESH2017',
    where,
    `the code is ${show(code)}; expected one of docs/errors.md, or of your own checks: ${OWN_CODE}`,
  );
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
