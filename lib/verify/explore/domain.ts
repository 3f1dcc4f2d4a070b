import { push } from '../../facts/memo';
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
  private readonly byName = new Map<string, Caller[]>();

  constructor(
    public readonly callers: readonly Caller[],
    private readonly authorities: readonly string[] = [],
  ) {
    for (const caller of callers) {
      push(this.byName, `id ${caller.id}`, caller);
      for (const [world, names] of caller.names.entries()) {
        for (const name of new Set(names)) push(this.byName, `${world} ${name}`, caller);
      }
    }
  }

  /** Callers with some answers. */
  public callersWith(answers: readonly Answer[]): Caller[] {
    const { among, fits } = this.search(answers);
    return [...among].filter(fits);
  }

  /** The first of them; undefined where there is none. */
  public callerWith(answers: readonly Answer[]): Caller | undefined {
    const { among, fits } = this.search(answers);
    for (const one of among) if (fits(one)) return one;
    return undefined;
  }

  /** Where to look for callers: among the fewest of whom something is known to hold. */
  private search(answers: readonly Answer[]): { among: Iterable<Caller>; fits: (caller: Caller) => boolean } {
    const asked = answers.flatMap((one) => {
      const set = this.namedBy(one);
      return set ? [{ set, answer: one.answer }] : [];
    });
    let among: Iterable<Caller> = this.callers;
    let fewest = this.callers.length;
    for (const { set, answer } of asked) {
      if (!answer || set.size >= fewest) continue;
      among = set;
      fewest = set.size;
    }
    return { among, fits: (caller) => asked.every(({ set, answer }) => set.has(caller) === answer) };
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

  /** Callers of whom a question is answered with yes; undefined for a question about something else. */
  private namedBy({ question, world }: Answer): ReadonlySet<Caller> | undefined {
    if (question.about !== 'caller') return undefined;
    const { match, by } = question;
    const key = `${by ?? world} ${JSON.stringify(match)}`;
    let named = this.named.get(key);
    if (!named) {
      const valuesOf = ({ id, names }: Caller) => (by === 'id' ? [id] : (names[world] ?? []));
      const isExact = match.kind === 'exact' && !match.ignoreCase;
      named = new Set(
        isExact
          ? this.byName.get(`${by ?? world} ${match.value}`)
          : this.callers.filter((one) => valuesOf(one).some((value) => matchesText(match, value))),
      );
      this.named.set(key, named);
    }
    return named;
  }
}
