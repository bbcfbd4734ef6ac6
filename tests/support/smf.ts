/** Builds MIDI files byte by byte, so that they can be wrong in exactly one way. */
export const smf = (options: {
  format?: number;
  tracks: readonly (readonly number[])[];
  declared?: number;
  division?: number;
  headerLength?: number;
  before?: readonly number[];
}): Uint8Array => {
  const {
    format = 0,
    tracks,
    declared = tracks.length,
    division = 480,
    headerLength = 6,
    before = [],
  } = options;
  const header = [...ascii('MThd'), ...u32(headerLength), ...u16(format), ...u16(declared), ...u16(division)];
  const chunks = tracks.flatMap((body) => [...ascii('MTrk'), ...u32(body.length), ...body]);
  return Uint8Array.from([...header, ...before, ...chunks]);
};

export const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0));
export const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
export const u32 = (value: number): number[] => [...u16(Math.floor(value / 65536)), ...u16(value % 65536)];

export const END_OF_TRACK = [0, 0xff, 0x2f, 0];
/** Middle C for one quarter, velocity 64. */
export const ONE_NOTE = [0, 0x90, 60, 64, 0x83, 0x60, 0x80, 60, 0];
