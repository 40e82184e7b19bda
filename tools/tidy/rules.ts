// What a page of conventions would have to ask for, asked for by a test.

export type Place = 'src' | 'test' | 'other';

type LineRule = {
  readonly forbidden: RegExp;
  readonly why: string;
  /** Where it holds; everywhere when absent. */
  readonly places?: readonly Place[];
};

const linesMax = 400;
const drawers = /[/-](utils?|helpers?|misc|types|common|constants|shared|managers?)(\.tsx?$|\/)/i;

const code = ['src', 'test'] as const;
const lineRules: readonly LineRule[] = [
  {
    forbidden: /biome-ignore.*\b(noExplicitAny|noNonNullAssertion|noImportCycles)\b/,
    places: code,
    why: 'a silenced linter: parse an unknown, narrow, or cut the cycle instead',
  },
  { forbidden: /@ts-(ignore|nocheck)/, why: 'a silenced compiler', places: code },
  // A test may expect an error: that is how it proves that a type forbids something.
  { forbidden: /@ts-expect-error/, why: 'a silenced compiler', places: ['src'] },
  {
    forbidden: /\b(TODO|FIXME|XXX)\b/,
    why: 'unfinished: finish it or open an issue',
    places: code,
  },
  {
    forbidden: /\b(test|it|describe)(\.\w+)*\.(only|skip|todo)\b/,
    why: 'a weakened test',
    places: code,
  },
  { forbidden: /\bMath\.random\b/, why: 'randomness is a parameter', places: code },
  {
    forbidden: /\bsleep\(|setTimeout\(\s*(resolve|done|r)\b|node:timers\/promises/,
    why: 'a sleep in a test: wait for the event, or move virtual time',
    places: ['test'],
  },
  { forbidden: /(^|[^\w.$}/])\/(work|home|root|Users)\/\w/, why: 'a path of one machine' },
  { forbidden: /\bregistry\.[a-z]+\.(org|com)\b|"resolved": "[a-z]+:/, why: 'a registry host' },
  { forbidden: /^(<{7}|>{7}) /, why: 'a merge that was not finished' },
];

export function placeOf(path: string): Place {
  const found = /^(?:packages|examples)\/[^/]+\/(src|test)\//.exec(path)?.[1];
  return found === 'src' || found === 'test' ? found : 'other';
}

/** What is untidy in one file, as `path:line why`. */
export function judge(path: string, text: string): readonly string[] {
  const place = placeOf(path);
  const lines = text.split('\n');
  const wrong: string[] = [];
  if (place === 'src' && lines.length - 1 > linesMax) {
    wrong.push(`${path}:${linesMax + 1} is longer than ${linesMax} lines`);
  }
  if (place !== 'other' && drawers.test(path)) {
    wrong.push(`${path}:1 is named after nothing: name the noun of the domain`);
  }
  const rules = lineRules.filter(({ places }) => places === undefined || places.includes(place));
  for (const [index, line] of lines.entries()) {
    for (const { forbidden, why } of rules) {
      if (forbidden.test(line)) wrong.push(`${path}:${index + 1} ${why}`);
    }
  }
  return wrong;
}
