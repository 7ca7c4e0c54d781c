export interface SwiftServer {
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  stop(): Promise<void>;
}

export function startSwift(options: { readonly cacheDir: string }): Promise<SwiftServer>;
