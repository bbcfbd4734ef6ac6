/** A part of the graph that sound runs through, asked for a block of frames at a time by what it is connected to. */

/** One channel or two, of BLOCK frames each; null: silence. Nobody but who made it writes into it. */
export type Block = readonly Float32Array[] | null;

/** Frames that are rendered at once: the piano is told of the time, and tells what comes, once a block. */
export const BLOCK = 8_192;

/** What a node must know of the whole. */
export type World = {
  readonly sampleRate: number;
  /** The first frame of the block that is being rendered. */
  readonly frame: number;
  /** Told of what is to be done when the block is rendered. */
  later(what: () => void): void;
};

export abstract class Node {
  protected readonly world: World;
  private readonly inputs = new Set<Node>();
  private readonly outputs = new Set<Node>();
  private madeOf = -1;
  private made: Block = null;

  constructor(world: World) {
    this.world = world;
  }

  connect<N extends Node>(to: N): N {
    to.inputs.add(this);
    this.outputs.add(to);
    return to;
  }

  disconnect(): void {
    for (const output of this.outputs) output.inputs.delete(this);
    this.outputs.clear();
  }

  /** This block's sound: the same whoever asks. */
  block(): Block {
    if (this.madeOf !== this.world.frame) {
      this.madeOf = this.world.frame;
      this.made = this.render();
    }
    return this.made;
  }

  protected abstract render(): Block;

  /** The sum of what is connected; where one of it has two channels, what has one goes to both. */
  protected heard(): Block {
    const blocks = [...this.inputs].map((input) => input.block()).filter((block) => block !== null);
    if (blocks.length < 2) return blocks[0] ?? null;
    const channels = Math.max(...blocks.map((block) => block.length));
    return Array.from({ length: channels }, (_, c) => {
      const sum = new Float32Array(BLOCK);
      for (const block of blocks) {
        const channel = block[Math.min(c, block.length - 1)]!;
        for (let i = 0; i < BLOCK; i++) sum[i]! += channel[i]!;
      }
      return sum;
    });
  }
}

/** Both channels of a block; of one, twice the same. */
export const bothOf = (block: NonNullable<Block>): readonly [Float32Array, Float32Array] => [
  block[0]!,
  block[1] ?? block[0]!,
];
