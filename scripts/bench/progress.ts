let shown = '';

/** What is being done, written over where somebody looks on, and once for each subject elsewhere. */
export function showProgress(subject: string, step = ''): void {
  const { stderr } = process;
  if (stderr.isTTY) stderr.write(`\r\u001b[K${subject}${step && `: ${step}`}`);
  else if (subject !== shown && subject !== '') stderr.write(`${subject}\n`);
  shown = subject;
}
