/** The stack with what composes made from an image: what is called differently, and that nothing else is different. */
import { beforeAll, expect, test } from '@jest/globals';
import { type Described, describeStack } from './template.ts';

const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/pianola@sha256:${'0123456789abcdef'.repeat(4)}`;

let zipped: Described;
let imaged: Described;
beforeAll(async () => {
  zipped = await describeStack();
  imaged = await describeStack(`image=${IMAGE}`);
}, 120_000);

const KINDS = {
  compose: 'src/lambda/prepare.handler',
  continue: 'src/lambda/continue.handler',
} as const;

test.each(Object.entries(KINDS))(
  '%s is from the image where there is one, under another name, and from a zip where there is none',
  (name, handler) => {
    const { handler: none, image, name: called, ...rest } = imaged.functions[name]!;
    expect([none, image, called]).toEqual([
      null,
      { uri: IMAGE, command: [handler] },
      `pianola-dev-${name}-image`,
    ]);
    const { handler: own, image: no, name: usual, ...same } = zipped.functions[name]!;
    expect([own, no, usual]).toEqual([handler, null, `pianola-dev-${name}`]);
    expect(rest).toEqual(same);
  },
);

test('the other functions are from their zips, as they were', () => {
  const others = ({ functions }: Described) =>
    Object.fromEntries(Object.entries(functions).filter(([name]) => !(name in KINDS)));
  expect(others(imaged)).toEqual(others(zipped));
  expect(Object.keys(others(imaged))).toHaveLength(6);
});

const USUAL = /pianola-dev-(?:compose|continue)(?!-image)[a-z-]*/g;

test('timers, rights, logs and the dashboard follow to the other name, and nothing in the stack is different but that', () => {
  const text = JSON.stringify(imaged.resources);
  // The hour's own timer and two alarms are called after what they are for, and stay.
  expect(text.match(USUAL)?.sort()).toEqual([
    'pianola-dev-compose',
    'pianola-dev-compose-failed',
    'pianola-dev-continue-failed',
  ]);
  expect(imaged.resources.Resources.ComposeSchedule?.Properties?.Name).toBe('pianola-dev-compose');
  const renamed = text.replaceAll(/(pianola-dev-(?:compose|continue))-image/g, '$1');
  expect(JSON.parse(renamed)).toEqual(zipped.resources);
});

test.each([
  ['pianola:latest', 'give it as ECR names it and by its digest'],
  [IMAGE.replace(/@.*/, ':1'), 'give it as ECR names it and by its digest'],
  [IMAGE.replace('@', ':1@'), 'give it as ECR names it and by its digest'],
  [IMAGE.slice(0, -1), 'give it as ECR names it and by its digest'],
  [
    IMAGE.replace('eu-central-1', 'us-east-1'),
    'image is of us-east-1, and the stack of eu-central-1: Lambda takes images of its own Region; push it there',
  ],
])(
  'image=%s is refused: %s',
  async (image, says) => {
    const { stdout } = (await describeStack(`image=${image}`).catch((error: unknown) => error)) as {
      stdout: string;
    };
    expect(stdout).toContain(says);
  },
  60_000,
);
