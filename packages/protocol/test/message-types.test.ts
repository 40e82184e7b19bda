/** The types that the table gives: exact, flat and readable. Wrong types fail to compile. */
import { describe, expectTypeOf, it } from 'vitest';
import type {
  ClientId,
  Delivery,
  Event,
  FromClient,
  GroupName,
  JoinTarget,
  LocalId,
  LockSetId,
  Position,
  SubmissionBody,
  UpdateKind,
} from '../src/index.ts';

describe('types that follow from the table', () => {
  it('a record has read-only fields, and optional ones may be absent', () => {
    expectTypeOf<JoinTarget>().toEqualTypeOf<{
      readonly group: GroupName;
      readonly name: string;
      readonly created: number;
      readonly after?: Position;
    }>();
    // @ts-expect-error absent is not undefined
    const target: Pick<JoinTarget, 'after'> = { after: undefined };
    void target;
  });

  it('a union is told apart by its kind and flat', () => {
    expectTypeOf<Extract<Event, { kind: 'bcast' }>>().toEqualTypeOf<{
      readonly kind: 'bcast';
      readonly senderId: ClientId;
      readonly localId: LocalId;
      readonly exclusive: boolean;
      readonly data: Uint8Array;
    }>();
    expectTypeOf<Extract<FromClient, { kind: 'bye' }>>().toEqualTypeOf<{ readonly kind: 'bye' }>();
    expectTypeOf<SubmissionBody['kind']>().toEqualTypeOf<
      | 'message'
      | 'lock_request'
      | 'lock_release'
      | 'lock_cancel'
      | 'lock_break'
      | 'leave'
      | 'rename'
      | 'properties'
      | 'create'
      | 'delete'
    >();
    expectTypeOf<
      Extract<SubmissionBody, { kind: 'lock_break' }>['lockSet']
    >().toEqualTypeOf<LockSetId>();
  });

  it('a choice is its words, a list is read-only', () => {
    expectTypeOf<UpdateKind>().toEqualTypeOf<'INC' | 'NEW'>();
    expectTypeOf<Delivery['events']>().toEqualTypeOf<readonly Event[]>();
    expectTypeOf<Delivery['at']>().toEqualTypeOf<Position>();
  });
});
