import { auth, secretmanager, type secretmanager_v1 } from '@googleapis/secretmanager';
import crc32c from 'crc-32/crc32c.js';
import pRetry from 'p-retry';
import type { Secret, SecretManagerSettings } from './secret-settings.ts';
import { SettingError } from './settings.ts';

/** In milliseconds, all but `retries`. */
export interface Patience {
  /** For one answer. */
  readonly timeout: number;
  readonly retries: number;
  /** Before the first repetition; twice as long before each further one. */
  readonly minTimeout: number;
}

/** Half a minute at most for a secret. */
const usualPatience: Patience = { timeout: 5_000, retries: 4, minTimeout: 250 };

type Client = secretmanager_v1.Secretmanager;

/**
 * Reads secrets from GCP Secret Manager, as the account that the surroundings give.
 * @returns the values by the names of their settings
 * @throws {SettingError} which names the secret and what to do, and never shows a value
 */
export async function fetchSecrets(
  { projectId, endpoint, secrets }: SecretManagerSettings,
  { timeout, ...repetition } = usualPatience,
): Promise<Record<string, string>> {
  const client = secretmanager({ version: 'v1', auth: await signIn(projectId), rootUrl: endpoint });
  const values: Record<string, string> = {};
  for (const secret of secrets) {
    try {
      values[secret.setting] = await pRetry(() => readVersion(client, projectId, secret, timeout), {
        ...repetition,
        shouldRetry: ({ error }) => isPassing(error),
      });
    } catch (error) {
      throw unreadable(projectId, secret, error as Error);
    }
  }
  return values;
}

/** The token is asked for at once, so that a failure to get one is told from a refusal. */
async function signIn(projectId: string) {
  try {
    const scopes = 'https://www.googleapis.com/auth/cloud-platform';
    // A project is named so that none is looked for, with programs that may be slow.
    const account = new auth.GoogleAuth({ projectId, scopes });
    await account.getAccessToken();
    return account;
  } catch (error) {
    throw new SettingError(
      `SECRETS_PROJECT_ID ${projectId} needs Google Cloud credentials (${oneLine(error as Error)}): please run on Google Cloud, or run gcloud auth application-default login.`,
    );
  }
}

async function readVersion(
  client: Client,
  projectId: string,
  { secret, version }: Secret,
  timeout: number,
): Promise<string> {
  const name = `projects/${projectId}/secrets/${secret}/versions/${version}`;
  // The client's own repetitions and time limit do not go together: a time that is over stays over.
  const signal = AbortSignal.timeout(timeout);
  const { data } = await client.projects.secrets.versions
    .access({ name }, { retry: false, signal })
    .catch((error: unknown) => {
      throw signal.aborted ? new Error(`no answer within ${timeout} ms`) : error;
    });
  const bytes = Buffer.from(data.payload?.data ?? '', 'base64');
  if (data.payload?.dataCrc32c !== String(crc32c.buf(bytes) >>> 0))
    throw new Error('what arrived does not fit its checksum');
  return bytes.toString();
}

function statusOf(error: Error): number | undefined {
  return (error as { status?: number }).status;
}

/** No answer, or one that may be another the next time. */
function isPassing(error: Error): boolean {
  const status = statusOf(error);
  return status === undefined || status === 408 || status === 429 || status >= 500;
}

function unreadable(projectId: string, { setting, secret, version }: Secret, error: Error): SettingError {
  const advice: Record<number, string> = {
    403: 'grant this account the role roles/secretmanager.secretAccessor on it',
    404: `add it there, or leave ${setting} out of SECRETS`,
  };
  const help = isPassing(error) ? 'try again later' : advice[statusOf(error) ?? 0];
  return new SettingError(
    `${setting} cannot be read from secret ${secret}, version ${version}, of project ${projectId} (${oneLine(error)})${help === undefined ? '' : `: please ${help}`}.`,
  );
}

function oneLine({ message }: Error): string {
  return message.replaceAll(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '');
}
