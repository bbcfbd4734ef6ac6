/** Listens at a page's loudspeaker. */

/** Run in a page before its own scripts: the loudest that has gone to the loudspeaker since it was last asked. */
export function tapSound(): void {
  const world = globalThis as unknown as { loudest: number };
  world.loudest = 0;
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...to: unknown[]) => AudioNode;
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, ...to: unknown[]) {
      if (to[0] instanceof AudioDestinationNode && this.context instanceof AudioContext) {
        const tap = this.context.createAnalyser();
        connect.call(this, tap);
        const samples = new Float32Array(tap.fftSize);
        setInterval(() => {
          tap.getFloatTimeDomainData(samples);
          for (const sample of samples) world.loudest = Math.max(world.loudest, Math.abs(sample));
        }, 10);
      }
      return connect.apply(this, to);
    },
  });
}
