/** One line for what is being done, written over where somebody looks on; it goes where no results go. */
export function showProgress(text: string): void {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r\u001b[K${text}`);
  else if (text !== '') stderr.write(`${text}\n`);
}
