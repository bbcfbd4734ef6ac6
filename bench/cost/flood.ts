/**
 * The most that strangers can make a stage cost in an hour, by its throttles: what a route takes a second, all of it valid, all of it
 * answered. What the gateway refuses is not billed (as AWS says of throttled requests; not seen).
 */
import { ASSUMED_MS, CONNECTION_ROW_BYTES, LOG_BYTES } from '../../src/publish/cost.ts';
import { PRICES } from '../../src/publish/prices.ts';

/** Requests a second, sustained; a burst is over within seconds. `others`: joins, resumes, handshakes and whatever else. */
export type FloodRates = { readonly pings: number; readonly punches: number; readonly others: number };
/** GB. */
export type FloodMemory = { readonly message: number; readonly connect: number };

const HOUR_S = 3_600;
/** A connection on which nothing is said is closed by the gateway after ten minutes: none is there without a request in that time. */
const IDLE_S = 600;
/** Hello, and the two minutes of music that are ahead. */
const JOIN_ANSWERS = 2;
/** Asked and answered. */
const PING_MESSAGES = 2;
/** The row of a hole, and the count of all. */
const PUNCH_WRITES = 2;

/** In US dollars an hour, each kind at its route's full rate, and the most that all together come to. */
export function floodUsdPerHour(rates: FloodRates, memory: FloodMemory) {
  const call = (ms: number, gigabytes: number) =>
    PRICES.lambdaRequest +
    (ms / 1000) * gigabytes * PRICES.lambdaGbSecond +
    (LOG_BYTES / 2 ** 30) * PRICES.logsGb;
  const rowWrites = Math.max(1, Math.ceil(CONNECTION_ROW_BYTES / 1024)) * PRICES.dynamoWriteUnit;
  const each = {
    ping: PING_MESSAGES * PRICES.gatewayMessage + call(ASSUMED_MS.ping, memory.message),
    punch:
      PING_MESSAGES * PRICES.gatewayMessage +
      call(ASSUMED_MS.join, memory.message) +
      PUNCH_WRITES * PRICES.dynamoWriteUnit,
    join: (1 + JOIN_ANSWERS) * PRICES.gatewayMessage + call(ASSUMED_MS.join, memory.message) + rowWrites,
    // Handshake at the edge, admitted, and forgotten again.
    connect:
      PRICES.cloudFrontRequest +
      call(ASSUMED_MS.connect, memory.connect) +
      call(ASSUMED_MS.disconnect, memory.connect) +
      rowWrites,
  };
  const anHour = (rate: number, usd: number) => rate * HOUR_S * usd;
  const pings = anHour(rates.pings, each.ping);
  const punches = anHour(rates.punches, each.punch);
  const others = anHour(rates.others, Math.max(each.join, each.connect));
  const held = (rates.pings + rates.punches + rates.others) * IDLE_S;
  const connections = held * 60 * PRICES.gatewayConnectionMinute;
  return { pings, punches, others, connections, everything: pings + punches + others + connections };
}

/** Seconds until the alarm on messages goes off for a flood of pings alone: it looks at the sum of a period. @returns null: never */
export function alarmedAfterS(
  { pings }: FloodRates,
  alarm: { readonly Threshold: number; readonly Period: number },
): number | null {
  return pings * PING_MESSAGES * alarm.Period > alarm.Threshold ? alarm.Period : null;
}
