/** Files that a visitor chooses, or drops anywhere on the page. */

/** @param input shown by nobody: the button opens it */
export function takeFiles(input: HTMLInputElement, button: HTMLElement, onFile: (file: File) => void): void {
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  const { classList } = document.body;
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    take(input.files);
    // The same file can be chosen again.
    input.value = '';
  });
  for (const over of ['dragenter', 'dragover'] as const)
    document.addEventListener(over, (event) => {
      event.preventDefault();
      classList.add('over');
    });
  document.addEventListener('dragleave', () => classList.remove('over'));
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    classList.remove('over');
    take(event.dataTransfer?.files);
  });
}
