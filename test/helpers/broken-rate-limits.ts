import { ofRule } from './broken-contract.ts';
import type { Edit } from './contract-samples.ts';

const circles = 'paths/circles.yaml';
const health = 'paths/health.yaml';
const place = `${circles}#/post/x-rate-limit`;

const perCaller = { name: 'caller', per: 'caller', quota: 10, seconds: 60 };

function limits(...more: object[]) {
  return { counts: ['201'], limits: [perCaller, ...more] };
}

export const brokenRateLimits = ofRule('rate-limit', [
  {
    title: 'a 429 without a limit',
    edits: [[circles, ['post', 'x-rate-limit'], undefined]],
    at: `${circles}#/post/responses/429`,
    says: /^Remove 429 or add `x-rate-limit`/,
  },
  {
    title: 'a limit without a 429',
    edits: [[circles, ['post', 'responses', '429'], undefined]],
    at: `${circles}#/post/responses`,
    says: /^Declare 429/,
  },
  {
    title: 'a limit that the server does not know',
    edits: [[circles, ['post', 'x-rate-limit', 'limits', 0, 'per'], 'planet']],
    at: place,
    says: /^x-rate-limit: per must be address.*README/,
  },
  {
    title: 'a limit that counts an answer that is none',
    edits: [[circles, ['post', 'x-rate-limit', 'counts'], ['201', '418']]],
    at: place,
    says: /^Declare 418 or leave it out/,
  },
  {
    title: 'a limit by a field that the body has not',
    edits: [[circles, ['post', 'x-rate-limit'], limits({ ...perCaller, name: 'app', per: '{body.app}' })]],
    at: place,
    says: /\{body\.app\}, but the JSON request body has no `app`/,
  },
  {
    title: 'a limit by the caller where nobody signs in',
    edits: [
      [health, ['get', 'x-rate-limit'], { ...limits(), counts: ['200'] }],
      [health, ['get', 'responses', '429'], { $ref: '../components/responses/rate-limited.yaml' }],
      ...['RateLimit', 'RateLimit-Policy'].map((name): Edit => [
        health,
        ['get', 'responses', '200', 'headers', name],
        { $ref: '../components/headers/rate-limit.yaml' },
      ]),
    ],
    at: `${health}#/get/x-rate-limit`,
    says: /nobody signs in here/,
  },
  {
    title: 'an answer that does not tell what is left',
    edits: [[circles, ['post', 'responses', '201', 'headers', 'RateLimit'], undefined]],
    at: `${circles}#/post/responses/201`,
    says: /^Declare `RateLimit` among the headers/,
  },
  {
    title: 'a 429 that does not tell what holds',
    edits: [['components/responses/rate-limited.yaml', ['headers', 'RateLimit-Policy'], undefined]],
    at: 'components/responses/rate-limited.yaml#/',
    says: /^Declare `RateLimit-Policy` among the headers/,
  },
]);
