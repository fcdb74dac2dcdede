import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8 from taking what a call makes for something that stays. It learns from what outlives
 * its first collections, calls under way among them, and from then on makes such objects in the
 * old space, each of which holds all that its call made: in one process and not in the next, for
 * as long as it runs, collections then take eight times as long. For a process that serves calls;
 * code that V8 has optimised already keeps what it learned.
 */
export function keepCallsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring')
}
