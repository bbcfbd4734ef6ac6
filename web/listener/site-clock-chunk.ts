/** What is loaded where a station says that the site has a clock: a bundle of its own. */
export { askSite } from './ask-site.ts';
export { requestSteps } from './request-steps.ts';
export { siteClock } from './site-clock.ts';
