/** Lambda: the packaged functions, each instance a process of its own, with what the template says of them and no more. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningFunction, startFunction } from '../../tests/lambda/function.ts';
import { readZip } from '../../tests/lambda/unzip.ts';
import { type Hosts, placed } from './hosts.ts';
import type { Answer, Functions } from './lambda.ts';
import type { Ledger } from './ledger.ts';
import type { Metrics } from './metrics.ts';
import type { Queues } from './queues.ts';
import type { Resource, Stack } from './template.ts';

type Instance = { readonly running: RunningFunction; busy: boolean; read: number; killed: boolean };
export type FunctionsConfig = {
  /** With the artefacts, a zip a function. */
  readonly directory: string;
  readonly hosts: Hosts;
  /** Instances of the account: ten where it is new. */
  readonly concurrency: number;
  /** Instances of a function that answers at once, which this machine bears; more calls wait. */
  readonly instancesEach: number;
  /** Besides what the template says: where AWS's own endpoints are. */
  readonly environment: Readonly<Record<string, string>>;
  readonly queues: Queues;
  readonly metrics: Metrics;
  readonly complain: (what: string) => void;
};

/** Waits before the two repetitions of an asynchronous event that failed ("Asynchronous invocation"). */
const RETRIES_MS = [60_000, 120_000];
/** Of an event that found no instance: it is tried for as long as its age allows. */
const AGAIN_MS = 1_000;
/** What may take longer than this, seconds, is never kept waiting for another of its kind. */
const LONG_S = 60;

export function functions(stack: Stack, book: Ledger, config: FunctionsConfig): Functions {
  const { directory, hosts, concurrency, instancesEach, queues, metrics, complain } = config;
  const all = stack.ofType('AWS::Lambda::Function');
  const instances = new Map<string, Instance[]>(all.map(({ id }) => [id, []]));
  const told = new Map(all.map(({ id }) => [stack.ref(id), { invoked: 0, failed: 0, throttled: 0 }]));
  const written = new Map<string, string>();
  /** Unpacked once: all instances answer to this process while they are made. */
  const artefacts = new Map<string, ReturnType<typeof readZip>>();
  const closing = new AbortController();
  const known = (name: string): Resource | undefined =>
    all.find(({ id }) => [stack.ref(id), stack.attribute(id, 'Arn')].includes(name));
  const working = () => [...instances.values()].flat().filter(({ busy }) => busy).length;
  /** Of instances that are being made. */
  let making = 0;

  async function make({ id, properties }: Resource): Promise<Instance> {
    const name = stack.ref(id);
    const role = stack
      .ofType('AWS::IAM::Role')
      .find((each) => stack.attribute(each.id, 'Arn') === properties.Role);
    if (!role) throw new Error(`${id} has no role of this stack: ${properties.Role}`);
    writesLogs(name, role.id);
    const { accessKeyId, secretAccessKey, sessionToken } = book.credentialsOf(role.id);
    const own = Object.entries((properties.Environment?.Variables ?? {}) as Record<string, string>);
    const zip = join(directory, String(properties.Code.S3Key).split('/').at(-1)!);
    const files = artefacts.get(zip) ?? readZip(zip);
    artefacts.set(zip, files);
    const running = await startFunction({
      files: await files,
      handler: properties.Handler,
      memoryMb: properties.MemorySize,
      environment: {
        ...Object.fromEntries(own.map(([key, value]) => [key, placed(String(value), hosts)])),
        AWS_REGION: stack.place.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_LAMBDA_FUNCTION_NAME: name,
        ...config.environment,
      },
    });
    book.touch(id);
    return { running, busy: false, read: 0, killed: false };
  }
  /** Lambda writes the logs of a function in its name; where the group is missing, it may not make one. */
  function writesLogs(name: string, role: string): void {
    const group = stack
      .ofType('AWS::Logs::LogGroup')
      .find((each) => stack.ref(each.id) === `/aws/lambda/${name}`);
    if (group) book.touch(group.id);
    else complain(`there is no log group /aws/lambda/${name}: what it writes is lost`);
    const { region, account } = stack.place;
    const resource = `arn:aws:logs:${region}:${account}:log-group:/aws/lambda/${name}:log-stream:made-up`;
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
      book.ask(role, { action, resource, context: {} });
  }

  /** One after the other: each takes a processor for a second or more. */
  let before: Promise<unknown> = Promise.resolve();
  const waiting = new Map<string, (() => void)[]>();
  const made = new Map<string, number>();

  async function taken(resource: Resource): Promise<Instance | null> {
    const { id, properties } = resource;
    const mine = () => instances.get(id)!;
    const reserved = properties.ReservedConcurrentExecutions as number | undefined;
    const here = mine().filter(({ busy }) => busy).length;
    if (working() + making >= concurrency || (reserved !== undefined && here >= reserved)) return null;
    for (;;) {
      const idle = mine().find(({ busy, killed }) => !busy && !killed);
      if (idle) {
        idle.busy = true;
        return idle;
      }
      // What answers at once waits for the instances that this machine bears; AWS would make another.
      const isShort = properties.Timeout < LONG_S;
      if (!isShort || mine().length + (made.get(id) ?? 0) < instancesEach) break;
      await new Promise<void>((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]));
      if (closing.signal.aborted) return null;
    }
    making++;
    made.set(id, (made.get(id) ?? 0) + 1);
    const turn = before.then(() => make(resource));
    before = turn.catch(() => {});
    try {
      const instance = await turn;
      instance.busy = true;
      mine().push(instance);
      return instance;
    } finally {
      making--;
      made.set(id, made.get(id)! - 1);
    }
  }
  const next = (id: string) => waiting.get(id)?.shift()?.();

  async function invoke(name: string, event: unknown, requestId: string = randomUUID()): Promise<Answer> {
    const resource = known(name);
    if (!resource) return { ok: false, error: `Function not found: ${name}`, throttled: false };
    const counts = told.get(stack.ref(resource.id))!;
    const instance = await taken(resource);
    if (!instance) {
      counts.throttled++;
      metrics.count('AWS/Lambda', 'Throttles', {});
      return { ok: false, error: 'Rate Exceeded.', throttled: true };
    }
    counts.invoked++;
    const timeoutMs = Number(resource.properties.Timeout) * 1_000;
    const over = new AbortController();
    // Copies: whatever a function does to its event, nobody else sees.
    const answered = instance.running.invoke(structuredClone(event), { requestId, timeoutMs });
    const late = sleep(timeoutMs, null, { signal: over.signal }).then(
      () => Promise.reject(new Error(`Task timed out after ${timeoutMs / 1_000} seconds`)),
      () => new Promise<never>(() => {}),
    );
    try {
      return { ok: true, payload: await Promise.race([answered, late]) };
    } catch (error) {
      counts.failed++;
      metrics.count('AWS/Lambda', 'Errors', { FunctionName: stack.ref(resource.id) });
      const { message } = error as Error;
      if (/^Task timed out|the function died/.test(message)) await drop(resource.id, instance);
      return { ok: false, error: message, throttled: false };
    } finally {
      over.abort();
      instance.busy = false;
      keepLogs(resource.id, instance);
      next(resource.id);
    }
  }
  function keepLogs(id: string, instance: Instance): void {
    const unread = instance.running.output().slice(instance.read);
    // A line that is not whole yet is read when it is.
    const fresh = unread.slice(0, unread.lastIndexOf('\n') + 1);
    instance.read += fresh.length;
    metrics.read(fresh);
    written.set(stack.ref(id), (written.get(stack.ref(id)) ?? '') + fresh);
  }
  async function drop(id: string, instance: Instance): Promise<void> {
    if (instance.killed) return;
    instance.killed = true;
    instances.set(
      id,
      instances.get(id)!.filter((other) => other !== instance),
    );
    await instance.running.stop();
  }

  async function later(resource: Resource, event: unknown): Promise<void> {
    const name = stack.ref(resource.id);
    const setting = stack
      .ofType('AWS::Lambda::EventInvokeConfig')
      .find(({ properties }) => known(properties.FunctionName) === resource);
    if (setting) book.touch(setting.id);
    const {
      MaximumRetryAttempts = 2,
      MaximumEventAgeInSeconds = 21_600,
      DestinationConfig,
    } = setting?.properties ?? {};
    const [queuedAt, requestId] = [Date.now(), randomUUID()];
    const isTooOld = () => Date.now() - queuedAt > MaximumEventAgeInSeconds * 1_000;
    let error = '';
    for (let attempt = 0; attempt <= MaximumRetryAttempts && !isTooOld(); ) {
      const answer = await invoke(name, event, requestId);
      if (answer.ok || closing.signal.aborted) return;
      ({ error } = answer);
      if (!answer.throttled) attempt++;
      const wait = answer.throttled ? AGAIN_MS : (RETRIES_MS[attempt - 1] ?? 0);
      if (attempt <= MaximumRetryAttempts) await sleep(wait, null, { signal: closing.signal });
    }
    complain(`an event of ${name} was given up: ${error.split('\n')[0]}`);
    const to = DestinationConfig?.OnFailure?.Destination as string | undefined;
    const role = stack
      .ofType('AWS::IAM::Role')
      .find((each) => stack.attribute(each.id, 'Arn') === resource.properties.Role);
    if (to)
      queues.send(
        role!.id,
        to,
        JSON.stringify({ requestPayload: event, responsePayload: { errorMessage: error } }),
      );
  }

  return {
    told,
    invoke,
    invokeLater(name, event) {
      const resource = known(name);
      if (!resource) return complain(`an event of ${name} was taken, which is no function`);
      later(resource, event).catch((error: unknown) => {
        if (!closing.signal.aborted) complain(`an event of ${name}: ${String(error)}`);
      });
    },
    async kill(name) {
      const resource = known(name);
      const busy = instances.get(resource?.id ?? '')?.filter((instance) => instance.busy) ?? [];
      for (const instance of busy) await drop(resource!.id, instance);
      return busy.length;
    },
    working: (name) =>
      name === undefined
        ? working()
        : (instances.get(known(name)?.id ?? '')?.filter(({ busy }) => busy).length ?? 0),
    logs() {
      for (const [id, mine] of instances) for (const instance of mine) keepLogs(id, instance);
      return Object.fromEntries(written);
    },
    async close() {
      closing.abort();
      for (const [, resolves] of waiting) for (const resolve of resolves.splice(0)) resolve();
      for (const [id, mine] of instances) for (const instance of [...mine]) await drop(id, instance);
    },
  };
}
