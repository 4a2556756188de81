import type { RequestHandler } from 'express';
import { invalid, type Problem } from '../../src/core/errors.ts';
import { answerWith } from './answer.ts';
import { usual, type AnswersOf } from './examples.ts';

/** Whoever asks for a certain answer gets it, whatever else they send: `Prefer: code=409, example=slug_taken`. */
export function answerAsPreferred(answersOf: AnswersOf): RequestHandler {
  return (request, response, next) => {
    const { code, example } = preferences(request.get('Prefer'));
    const exchange = { request, response, next };
    if (code === undefined && example === undefined) {
      next();
      return;
    }
    const answers = answersOf(request.operation);
    const answer = code === undefined ? usual(answers) : answers.get(Number(code));
    if (!answer) throw notThere(`code ${code}`, answers.keys());
    if (example !== undefined && !answer.bodies.has(example))
      throw notThere(`example ${example}`, answer.bodies.keys());
    if (answer.status === 304) {
      request.headers['if-none-match'] = '*';
      answerWith(usual(answers), exchange);
    } else answerWith(answer, exchange, example);
  };
}

/** In the form of RFC 7240, section 2. */
function preferences(header = ''): { code?: string; example?: string } {
  const pairs = header.split(/[,;]/).map((part) => {
    const [name = '', value = ''] = part.trim().split(/ *= */);
    return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
  });
  return Object.fromEntries(pairs) as { code?: string; example?: string };
}

function notThere(what: string, all: Iterable<number | string>): Problem {
  const list = [...all].filter((each) => each !== '').join(', ') || 'none with a name';
  return invalid([{ in: 'header', path: 'Prefer', message: `asks for ${what}; there is ${list}` }]);
}
