/**
 * Remembered outcomes in a snapshot. They are by far the most of it: those that say only `ok` go there
 * and back as numbers. The bytes are those of the list of records below.
 */
import type { Reader, Writer } from '@choir/bytes';
import {
  type Codec,
  holder,
  limits,
  list,
  localIdCodec,
  natural,
  position,
  record,
  text,
  union,
} from '@choir/protocol';
import { type Outcome, Outcomes } from './outcomes.ts';

/** They were accepted under the limits of messages, which change. */
const many = 2 ** 32;
const codeBytes = 200;
const messageBytes = 1_000;
const okTag = 1;

const holders = list(holder, limits.lockSetObjects);

const result = union({
  ok: [okTag, record({})],
  waiting: [2, record({ holders })],
  refused: [3, record({ code: text(codeBytes), message: text(messageBytes), holders })],
});

const outcome = record({ localId: localIdCodec, at: position, checksum: natural, result });
const records = list(outcome, many);

export const outcomesCodec: Codec<Outcomes> = {
  shape: records.shape,
  write(writer: Writer, value: Outcomes): void {
    writer.natural(value.count);
    value.visit(
      (localId, epoch, seq, checksum) => {
        writer.natural(localId);
        writer.natural(epoch);
        writer.natural(seq);
        writer.natural(checksum);
        writer.natural(okTag);
      },
      (other) => outcome.write(writer, other),
    );
  },
  read(reader: Reader): Outcomes {
    const outcomes = new Outcomes();
    const count = reader.count(many);
    for (let i = 0; i < count && !reader.failed; i += 1) {
      const one = outcome.read(reader);
      if (!reader.failed) outcomes.push(one as Outcome);
    }
    return outcomes;
  },
};
