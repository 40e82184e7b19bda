/** Something that happens now and then, and what is to be done when it happens next. */
export class Moment<Who = void> {
  #acts: ((who: Who) => void)[] = [];

  atNext(act: (who: Who) => void): void {
    this.#acts.push(act);
  }

  /** It happens, to this one. What an act leaves to be done is for the time after. */
  happens(who: Who): void {
    for (const act of this.#acts.splice(0)) act(who);
  }

  /** Nothing is to be done any more. */
  clear(): void {
    this.#acts = [];
  }
}
