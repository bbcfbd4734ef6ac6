/** Whose name requests to AWS are signed with. */

/** What the SDK's providers resolve to. They keep it for as long as it is valid, and fetch it anew by themselves. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
};
export type CredentialProvider = (options?: { readonly forceRefresh?: boolean }) => Promise<Credentials>;

/** Where both are from: the configuration of any client of the SDK has them. */
export type Identity = {
  readonly region: () => Promise<string>;
  readonly credentials: CredentialProvider;
};
