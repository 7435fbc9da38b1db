// What every program shares: the address of the server, and a check.
declare const process: { argv: string[] };

export const address = process.argv[2] ?? "";

export function expect(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${what}: ${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`);
  }
}
