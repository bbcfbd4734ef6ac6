import { theme } from './theme.ts';

const button = document.getElementById('theme') as HTMLButtonElement;
button.hidden = false;
theme(button, () => {});
