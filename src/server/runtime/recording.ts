import { setImmediate as turn } from 'node:timers/promises'
import { UsageRecorder } from '../../gateway/usage/usage-recorder.ts'
import type { Store } from '../../store/store.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { repeat } from './run-every.ts'

// A crash loses what wasn't written yet: at most ten seconds are promised. Who looks at a key
// after a call wants to see it sooner.
const WRITE_SOONEST = 2000
const WRITE_LATEST = 7000
// With thousands of keys in use a write takes long, and all the calls of a key in it are one row:
// the longer the wait, the fewer rows a call. So writing takes about a twentieth of the time.
const WAIT_BY_TIME_TAKEN = 20
const AGE_EVERY = 3_600_000

type RecordingPorts = {
  store: Store
  now: () => Date
  onError: (error: unknown) => void
  metrics: Pick<Metrics, 'timeWork'>
}

/** The record of use of a running server. */
export type Recording = {
  recorder: UsageRecorder
  /** Writes what is left. Before the store closes. */
  stop(): Promise<void>
}

/** Records calls in memory, writes them to the store every few seconds, and lets them age. */
export function startRecording({ store, now, onError, metrics }: RecordingPorts): Recording {
  const recorder = new UsageRecorder({
    now,
    async write(batch) {
      await store.usage.add(batch)
      // Calls that came meanwhile go first: SQLite keeps all of the process waiting.
      await turn()
    },
    onError,
  })
  const write = () => metrics.timeWork('usage.write', () => recorder.flush())
  const every = (took: number) =>
    Math.max(WRITE_SOONEST, Math.min(took * WAIT_BY_TIME_TAKEN, WRITE_LATEST))
  const stopWriting = repeat(write, { every, onError })
  const age = () => metrics.timeWork('usage.age', () => store.usage.age(now()))
  const stopAgeing = repeat(age, { every: AGE_EVERY, atOnce: true, onError })
  return {
    recorder,
    async stop() {
      await Promise.all([stopWriting(), stopAgeing()])
      await recorder.flush().catch(onError)
    },
  }
}
