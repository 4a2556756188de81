import { dirname } from 'node:path';
import ts from 'typescript';

/** Compiles a project to JavaScript and declarations. @throws {Error} with all that is wrong with it */
export function compile(project: string, outDir: string): void {
  const { config } = ts.readConfigFile(project, (path) => ts.sys.readFile(path)) as { config: object };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(project));
  const program = ts.createProgram(fileNames, { ...options, outDir });
  // In declarations, TypeScript leaves the names of its own files, which not all editors follow.
  const { diagnostics } = program.emit(undefined, (path, text) => {
    const published = path.endsWith('.d.ts') ? text.replaceAll(/(from '\.\/[^']+)\.ts'/g, "$1.js'") : text;
    ts.sys.writeFile(path, published);
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0)
    throw new Error(
      ts.formatDiagnostics(problems, {
        getCanonicalFileName: (path) => path,
        getCurrentDirectory: () => dirname(project),
        getNewLine: () => '\n',
      }),
    );
}
