/** Says on standard error that something takes long. */

/** After so long it is said. */
const silentMs = 2_000;

/** What `work` comes to; `say` is called if that has not come by then. */
export async function sayingSo<Outcome>(work: Promise<Outcome>, say: () => void): Promise<Outcome> {
  const timer = setTimeout(say, silentMs);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
