/** How long it is known that a connection has punched, wherever that is kept: as long as API Gateway lets one last. */
export const MARK_MS = 7_200_000;
