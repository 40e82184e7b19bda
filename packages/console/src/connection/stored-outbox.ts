/** The outbox of this window, which outlives the page: what is pending in it is sent by the next one. */
import { ChoirError } from '@choir/client';
import { BrowserOutbox } from '@choir/client/browser';

const name = 'console';

export type Opened = {
  /** Null: this browser, or this window of it, keeps nothing. */
  readonly outbox: BrowserOutbox | null;
  /** For people; empty when all is well. */
  readonly problem: string;
};

export async function openOutbox(): Promise<Opened> {
  try {
    const outbox = await BrowserOutbox.open(name, {
      whenInUse: 'another',
      whenDamaged: 'set_aside',
    });
    const count = outbox.damaged.length;
    const problem =
      count === 0 ? '' : `${count} of your changes could not be read and were set aside.`;
    return { outbox, problem };
  } catch (error) {
    if (!(error instanceof ChoirError)) throw error;
    const problem = `${error.message} What waits to be sent is lost when this page is closed.`;
    return { outbox: null, problem };
  }
}

/** Forgets who this window was, with all that it had pending. */
export async function forgetOutbox(): Promise<void> {
  await BrowserOutbox.delete(name);
}
