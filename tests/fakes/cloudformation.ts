import { type FakeServer, serveFake } from './http.ts';

export type FakeCloudFormation = FakeServer & {
  /** Outputs of the stacks that are there, by the stack's name. */
  readonly stacks: Map<string, Readonly<Record<string, string>>>;
};

/** What we use of CloudFormation: a stack's outputs. It speaks XML, and calls an unknown stack a validation error. */
export async function fakeCloudFormation(): Promise<FakeCloudFormation> {
  const stacks: FakeCloudFormation['stacks'] = new Map();
  const server = await serveFake((request, response) => {
    const form = new URLSearchParams(request.body.toString());
    const name = form.get('StackName') ?? '';
    const outputs = form.get('Action') === 'DescribeStacks' ? stacks.get(name) : undefined;
    response.setHeader('content-type', 'text/xml');
    if (!outputs) {
      response
        .writeHead(400)
        .end(
          `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
        );
      return;
    }
    const members = Object.entries(outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name}</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><CreationTime>2026-11-21T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  return { ...server, stacks };
}
