/** Where the site lies: what every address of its own begins with. */
export const ROOT = globalThis.SITE_ROOT ?? '';
