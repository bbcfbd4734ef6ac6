/** All that we demand of the stack, beside what cfn-lint, checkov and cdk-nag do: each with the sentence that holds. */
import type { Described } from '../template.ts';
import { untold, unwatched } from './alarms.ts';
import {
  missingRoutes,
  muteRoutes,
  unawaited,
  unawaitedRights,
  uncallable,
  unthrottled,
} from './gateways.ts';
import { dangling } from './references.ts';
import { wrongRights, wrongTakers } from './rights.ts';
import { lostEvents, unguarded, unwoken } from './wakes.ts';

export const DEMANDS: readonly (readonly [string, (stack: Described) => string[]])[] = [
  ['what is named is there', dangling],
  ['each thing that is said has a route', missingRoutes],
  ['what is asked is answered', muteRoutes],
  ['a stage is made after every route and every answer, in one deployment', unawaited],
  ['what AWS looks at when another thing is made is there before it', unawaitedRights],
  ['the gateway may call the function behind each route', uncallable],
  ['each stage has a rate, and what can be flooded one of its own', unthrottled],
  ['each role may do what its function does, and nothing else', wrongRights],
  ['each role is for one service', wrongTakers],
  ['what fails three times lies in a queue', lostEvents],
  ['the hour, and what arrives, wake somebody', unwoken],
  ['nothing is spoken to in the clear, and the site is read by CloudFront alone', unguarded],
  ['an alarm looks at each thing that goes wrong', unwatched],
  ['each alarm tells the topic, which tells an address', untold],
];

/** Whether somebody complains. */
export const isMissed = (stack: Described): boolean => DEMANDS.some(([, look]) => look(stack).length > 0);
