import { document, operations } from '../helpers/contract.ts';
import { problemFindings, type Received } from './check-answer.ts';
import type { Deployment } from './deployment.ts';
import { differences } from './differences.ts';

type Look = (deployment: Deployment) => Promise<string[]>;

const stranger = 'https://no-such-page.invalid';

/** What holds whatever the operation. @param origin of a page that is to call, if there is one */
export function aboutAll(origin: string | undefined): Readonly<Record<string, Look>> {
  return origin === undefined ? always : { ...always, [`web pages of ${origin}`]: mayCall(origin) };
}

const always: Readonly<Record<string, Look>> = {
  'the contract it serves': async ({ ask }) => {
    const { body } = await ask({ path: '/openapi.json' });
    return differences(document, body);
  },

  'a path that is not there': async ({ ask }) => refused(await ask({ path: '/api/no-such-path' }), 404),

  'GET where there is none': async ({ ask }) => {
    const findings = [];
    for (const [path, methods] of withoutGet()) {
      const received = await ask({
        path: path.replaceAll(/\{\w+\}/g, '00000000-0000-7000-8000-000000000000'),
      });
      const allowed = received.headers.get('Allow')?.split(/, */).sort().join(', ');
      const found = refused(received, 405);
      if (received.status === 405 && allowed !== [...methods, 'OPTIONS'].sort().join(', '))
        found.push(`allows ${allowed ?? 'nothing'}`);
      findings.push(...found.map((finding) => `${path}: ${finding}`));
    }
    return findings;
  },

  'web pages of strangers': async (deployment) => {
    const allowed = await preflight(deployment, stranger);
    return [stranger, '*'].includes(allowed ?? '') ? ['may call'] : [];
  },
};

function mayCall(origin: string): Look {
  return async (deployment) => ((await preflight(deployment, origin)) === origin ? [] : ['may not call']);
}

async function preflight({ ask }: Deployment, origin: string): Promise<string | null> {
  const headers = { Origin: origin, 'Access-Control-Request-Method': 'PATCH' };
  const { headers: answered } = await ask({ method: 'OPTIONS', path: '/api/auth/me', headers });
  return answered.get('Access-Control-Allow-Origin');
}

function refused(received: Received, status: number): string[] {
  return received.status === status
    ? problemFindings(received)
    : [`answered ${received.status}, not ${status}`];
}

function withoutGet(): [path: string, methods: string[]][] {
  const methods = new Map<string, string[]>();
  for (const { path, method } of operations.values())
    methods.set(path, [...(methods.get(path) ?? []), method]);
  return [...methods].filter(([, all]) => !all.includes('GET'));
}
