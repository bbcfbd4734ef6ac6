import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** What a deployed stage says of itself (infra/outputs.yml), by name. */
export type Stack = { readonly stage: string; readonly outputs: Readonly<Record<string, string>> };

/** null: nothing is deployed under this name. */
export async function findStack(stage: string, region: string): Promise<Stack | null> {
  const client = new CloudFormationClient({ region });
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: `pianola-${stage}` }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return {
      stage,
      outputs: Object.fromEntries(
        outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
      ),
    };
  } catch (error) {
    // There is no error of its own for it.
    if (error instanceof Error && / does not exist$/.test(error.message)) return null;
    throw new Error(`the stack pianola-${stage} in ${region} cannot be read`, { cause: error });
  } finally {
    client.destroy();
  }
}

export function output({ stage, outputs }: Stack, name: string): string {
  const value = outputs[name];
  if (!value) throw new Error(`pianola-${stage} has no output ${name}: deploy it anew with this version`);
  return value;
}
