import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/** Asks a function to do something, and does not wait for it; Lambda queues the event and retries a crash. */
export const invokeLater =
  (client: LambdaClient, functionName: string) =>
  async (event: object): Promise<void> => {
    try {
      await client.send(
        new InvokeCommand({
          FunctionName: functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify(event),
        }),
      );
    } catch (cause) {
      throw new Error(`${functionName} could not be invoked`, { cause });
    }
  };

/** Waits for so many answers at once, which takes as many instances: they are warm for the minutes that follow. */
export const warmUp =
  (client: LambdaClient, functionNames: readonly string[], instances: number) => async (): Promise<void> => {
    const Payload = JSON.stringify({ warm: true });
    const calls = functionNames.flatMap((FunctionName) =>
      Array.from({ length: instances }, () => client.send(new InvokeCommand({ FunctionName, Payload }))),
    );
    await Promise.all(calls);
  };
