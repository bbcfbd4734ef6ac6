/** What the stack's own files say of rates, memory and the alarm on messages: nothing here is written a second time. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FloodMemory, FloodRates } from './flood.ts';

/** Tags of CloudFormation's short forms, of which nothing here is asked. */
const customTags = ['!Ref', '!Sub', '!GetAtt', '!If', '!Not', '!Equals', '!Or', '!Join'].flatMap((tag) =>
  (['scalar', 'map', 'seq'] as const).map((collection) => ({
    tag,
    ...(collection === 'scalar' ? { resolve: (text: string) => text } : { collection }),
  })),
);
const read = (file: string) =>
  parse(readFileSync(file, 'utf8'), { customTags, merge: true, logLevel: 'error' });

/** Numbers, or parameters as the framework has them: `${param:pingsPerSecond}`. */
const numberOf = (text: number | string, params: Readonly<Record<string, number | string>>): number => {
  const name = /^\$\{param:(\w+)\}$/.exec(String(text))?.[1];
  const value = Number(name === undefined ? text : params[name]);
  if (!Number.isFinite(value)) throw new Error(`no number: ${text}`);
  return value;
};

export function stackRates(): {
  rates: FloodRates;
  memory: FloodMemory;
  alarm: { Threshold: number; Period: number };
} {
  const { params, functions } = read('serverless.yml');
  const { DefaultRouteSettings, RouteSettings } =
    read('infra/websocket.yml').Resources.WebsocketStage.Properties;
  const rate = (settings: { ThrottlingRateLimit: number | string }) =>
    numberOf(settings.ThrottlingRateLimit, params.default);
  const gigabytes = (name: string) => numberOf(functions[name].memorySize, params.default) / 1024;
  const { Threshold, Period } = read('infra/alarms.yml').Resources.MessagesAlarm.Properties;
  return {
    rates: {
      pings: rate(RouteSettings.ping),
      punches: rate(RouteSettings.punch),
      others: rate(DefaultRouteSettings),
    },
    memory: { message: gigabytes('message'), connect: gigabytes('connect') },
    alarm: { Threshold, Period },
  };
}
