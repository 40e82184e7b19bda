import { afterAll, beforeAll, describe } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { cutting } from './cutting.ts';
import { entering } from './entering.ts';
import { hearing } from './hearing.ts';
import { holding } from './holding.ts';
import { Stage } from './stage.ts';
import { talking } from './talking.ts';

describe.skipIf(chromiumPath === null)('the page in a browser', { timeout: 40_000 }, () => {
  const stage = new Stage();
  beforeAll(() => stage.open(), 60_000);
  afterAll(() => stage.close());

  describe('people who talk and write', () => talking(stage));
  describe('a board, and lines that are cut', () => cutting(stage));
  describe('what is held', () => holding(stage));
  describe('what is told', () => hearing(stage));
  describe('who comes in, and from where', () => entering(stage));
});
