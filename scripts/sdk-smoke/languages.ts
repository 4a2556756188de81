import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from './workshop.ts';

/** What becomes of a generated client. */
export interface Language {
  /** The program without which it is not tried. */
  readonly needs: string;
  /** Builds the client, and the program that uses it, as strictly as the language can. */
  readonly compile: (workshop: Workshop) => Promise<unknown>;
  /** Runs that program, in the workshop; without it the client is compiled and no more. */
  readonly command?: readonly [program: string, ...rest: string[]];
}

const modules = join(import.meta.dirname, '../../node_modules');
const maven = ['mvn', '--quiet', '--batch-mode'] as const;
const classes = 'client/target/*:client/target/lib/*';
const withoutTests = ['-DskipTests', '-Dmaven.javadoc.skip', '-Dmaven.source.skip'];

/** In the order in which they are tried. Where a language is missing, its client is generated and no more. */
export const languages: Readonly<Record<string, Language>> = {
  typescript: {
    needs: 'npm',
    compile: async ({ folder, client, run }) => {
      await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
      await run('npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', client);
      const strictly = ['--strict', '--module', 'nodenext', '--target', 'es2023'];
      const types = ['--types', 'node', '--typeRoots', join(modules, '@types')];
      await run(process.execPath, join(modules, 'typescript/bin/tsc'), ...strictly, ...types, 'smoke.ts');
    },
    command: [process.execPath, 'smoke.js'],
  },
  python: {
    needs: 'python3',
    compile: async ({ client, run }) => {
      await run('python3', '-m', 'venv', 'venv');
      await run('venv/bin/pip', 'install', '--quiet', '--force-reinstall', client);
      await run(
        'venv/bin/python',
        '-W',
        'error',
        '-m',
        'compileall',
        '-q',
        '-f',
        join(client, 'tripod_client'),
        'smoke.py',
      );
    },
    command: ['venv/bin/python', '-W', 'error', 'smoke.py'],
  },
  go: {
    needs: 'go',
    compile: async ({ client, run }) => {
      await run('go', '-C', client, 'vet', './...');
      await run('go', 'vet', '.');
      await run('go', 'build', '-o', 'smoke', '.');
    },
    command: ['./smoke'],
  },
  java: {
    needs: 'mvn',
    compile: async ({ run }) => {
      await run(...maven, '-f', 'client', ...withoutTests, 'package');
      await run(...maven, '-f', 'client', 'dependency:copy-dependencies', '-DoutputDirectory=target/lib');
      await run('javac', '-Xlint:all', '-Werror', '-cp', classes, '-d', '.', 'Smoke.java');
    },
    command: ['java', '-cp', `.:${classes}`, 'Smoke'],
  },
  rust: {
    needs: 'cargo',
    compile: ({ run }) => run('cargo', 'build', '--quiet'),
    command: ['target/debug/smoke'],
  },
  kotlin: { needs: 'mvn', compile: ({ run }) => run(...maven, 'compile') },
  php: {
    needs: 'php',
    compile: ({ client, run }) =>
      run('find', join(client, 'lib'), '-name', '*.php', '-exec', 'php', '-l', '{}', '+'),
  },
};
