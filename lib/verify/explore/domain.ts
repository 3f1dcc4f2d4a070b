import type { Question } from '../run/origin';
import { matchesText } from '../view/condition';
import { inCidr } from '../world/addresses';
import type { Answer, Caller } from './cells';

/** Authority that nobody believes. */
export const NOBODY = 'an authority that nobody believes';

/** An address of nobody (RFC 5737). */
const SOMEWHERE = '203.0.113.1';

/** What callers may be: one of some workloads, or somebody with a certificate of one of some authorities. */
export class Domain {
  private readonly named = new Map<string, ReadonlySet<Caller>>();

  constructor(
    public readonly callers: readonly Caller[],
    private readonly authorities: readonly string[] = [],
  ) {}

  /** Callers with some answers. */
  public callersWith(answers: readonly Answer[]): Caller[] {
    const asked = answers.filter(({ question }) => question.about === 'caller');
    return this.callers.filter((one) => asked.every((answer) => this.isNamed(one, answer)));
  }

  /** The first of them; undefined where there is none. */
  public callerWith(answers: readonly Answer[]): Caller | undefined {
    const asked = answers.filter(({ question }) => question.about === 'caller');
    return this.callers.find((one) => asked.every((answer) => this.isNamed(one, answer)));
  }

  /** Authorities with some answers. */
  public rootsWith(answers: readonly Answer[]): string[] {
    return [...this.authorities, NOBODY].filter((root) =>
      answers.every(({ question, answer }) => question.about !== 'root' || question.roots.includes(root) === answer),
    );
  }

  /** An address with some answers; undefined where nobody finds one. */
  public addressWith(answers: readonly Answer[]): string | undefined {
    const asked = answers.filter(({ question }) => question.about === 'address');
    const blocks = asked.map(({ question }) => (question as Extract<Question, { block: string }>).block);
    return [SOMEWHERE, ...blocks.map((block) => block.split('/')[0])].find((ip) =>
      asked.every(({ answer }, index) => inCidr(ip, blocks[index]) === answer),
    );
  }

  private isNamed(caller: Caller, { question, world, answer }: Answer): boolean {
    if (question.about !== 'caller') return true;
    const { match, by } = question;
    const key = `${by ?? world} ${JSON.stringify(match)}`;
    let named = this.named.get(key);
    if (!named) {
      const valuesOf = ({ id, names }: Caller) => (by === 'id' ? [id] : (names[world] ?? []));
      named = new Set(this.callers.filter((one) => valuesOf(one).some((value) => matchesText(match, value))));
      this.named.set(key, named);
    }
    return named.has(caller) === answer;
  }
}
