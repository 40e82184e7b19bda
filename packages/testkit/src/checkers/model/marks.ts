/** The mark of every chain (DESIGN, "Marks"): which entries decide a submission, and which do not. */
import type { RecordOf } from '../vocabulary.ts';

export type Submit = Extract<RecordOf<'entry'>, { command: 'submit' }>;

/** `void`: not of the current session. `early`: its predecessor is missing. */
export type Standing = 'void' | 'duplicate' | 'early' | 'decided';

export class Marks {
  readonly #marks = new Map<string, number>();

  of(client: string, group: string): number {
    return this.#marks.get(`${client} ${group}`) ?? 0;
  }

  standing(submit: Submit, currentSession: number | null): Standing {
    if (submit.session !== currentSession) return 'void';
    const mark = this.of(submit.client, submit.group);
    if (submit.localId <= mark) return 'duplicate';
    return submit.previous === mark ? 'decided' : 'early';
  }

  move(submit: Submit): void {
    this.#marks.set(`${submit.client} ${submit.group}`, submit.localId);
  }
}
