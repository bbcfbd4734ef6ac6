import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium may already be installed. */
const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/**
 * PIANOLA_BROWSER in the environment, else an installed Chromium, else the one that comes from npm.
 * @param flags for Chromium, beside our own
 */
export async function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const installed = process.env.PIANOLA_BROWSER || INSTALLED.find(existsSync);
  return chromium.launch({
    executablePath: installed ?? (await packagedChromium()),
    args: [...FLAGS, ...flags],
  });
}

/** Linux on x64 only; elsewhere install a Chromium and name it by PIANOLA_BROWSER. */
async function packagedChromium(): Promise<string> {
  // Makes the package unpack the system libraries that bare machines lack (libnss3 among them).
  process.env.AWS_EXECUTION_ENV ??= 'AWS_Lambda_nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  return packaged.executablePath();
}
