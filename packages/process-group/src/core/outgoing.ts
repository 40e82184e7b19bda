/**
 * What a member has said and its processor has not been given, in its order.
 *
 * Q4 Answers that wait here are bounded in bytes. Hearing never waits for them: what makes room here is that the members acknowledge what they
 *    hear, so members that heard nothing until they are rid of their answers could wait for each other for ever.
 */
import { Fifo } from '@choir/ftmp';
import type { Submission } from './effects.ts';
import { answersBytesMax, failuresBytesMax } from './limits.ts';

/** What it takes to keep one, beside its bytes. */
export const submissionBytes = 128;

export class Outgoing {
  readonly #submissions = new Fifo<Submission>();
  #bytes = 0;

  get length(): number {
    return this.#submissions.length;
  }

  push(submission: Submission): void {
    this.#submissions.push(submission);
    this.#bytes += submissionBytes + submission.bytes.length;
  }

  shift(): Submission | undefined {
    const submission = this.#submissions.shift();
    if (submission !== undefined) this.#bytes -= submissionBytes + submission.bytes.length;
    return submission;
  }

  /** Whether another answer may wait here, however long it is. */
  get hasRoomForAnswer(): boolean {
    return this.#bytes < answersBytesMax;
  }

  /** Whether it may wait here that something is not answered. */
  get hasRoomForFailure(): boolean {
    return this.#bytes < failuresBytesMax;
  }
}
