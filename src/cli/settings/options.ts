/** Settings as options of the command line: the same forms, and the same words where one is wrong. */
import { InvalidArgumentError } from 'commander';
import { addressesSetting, hostSetting, urlSetting } from './settings.ts';

const optionOf =
  <T>(parse: (text: string) => T) =>
  (text: string): T => {
    try {
      return parse(text);
    } catch (error) {
      const { message } = error as Error;
      throw new InvalidArgumentError(message.endsWith('.') ? message : `It is wrong: ${message}.`);
    }
  };

export const urlOption = optionOf(urlSetting);
export const hostOption = optionOf(hostSetting);
export const addressesOption = optionOf(addressesSetting);
