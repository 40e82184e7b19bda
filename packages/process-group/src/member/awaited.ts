/** What calls of this process await of the group, beside room and replies: the group is heard meanwhile, even if nobody reads its events. */
import type { GroupError } from '../group-error.ts';

export class Awaited {
  readonly #rejects = new Set<(error: GroupError) => void>();

  get count(): number {
    return this.#rejects.size;
  }

  /** The outcome, or what `fail` says before. */
  async outcome<Outcome>(outcome: Promise<Outcome>): Promise<Outcome> {
    const failed = Promise.withResolvers<never>();
    this.#rejects.add(failed.reject);
    try {
      return await Promise.race([outcome, failed.promise]);
    } finally {
      this.#rejects.delete(failed.reject);
    }
  }

  fail(error: GroupError): void {
    for (const reject of this.#rejects) reject(error);
  }
}
