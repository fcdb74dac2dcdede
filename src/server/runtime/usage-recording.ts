import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { UsageRecorder } from '../../gateway/usage/usage-recorder.ts'
import type { Store } from '../../store/store.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { runEvery } from './run-every.ts'

// A crash loses at most what wasn't written yet; ten seconds are documented. People who look at a
// key after a call want to see it sooner.
const WRITE_INTERVAL_MIN_MS = 2000
const WRITE_INTERVAL_MAX_MS = 7000
// Write batching: calls of a key and hour are one row, so longer intervals write fewer rows per
// call. Writing takes at most about a twentieth of the time.
const INTERVAL_PER_WRITE_TIME = 20
const ROLL_UP_INTERVAL_MS = 3_600_000

type UsageRecordingPorts = {
  store: Store
  now: () => Date
  onError: (error: unknown) => void
  metrics: Pick<Metrics, 'timeWork'>
}

/** Usage recording of a running server. */
export type UsageRecording = {
  recorder: UsageRecorder
  /** Writes what is left. To be called before the store is closed. */
  stop(): Promise<void>
}

/** Counts calls in memory, writes them to the store every few seconds, and rolls up old hours. */
export function startUsageRecording({
  store,
  now,
  onError,
  metrics,
}: UsageRecordingPorts): UsageRecording {
  const recorder = new UsageRecorder({
    now,
    async write(batch) {
      await store.usage.add(batch)
      // SQLite blocks the process, so waiting calls run between two writes.
      await yieldToEventLoop()
    },
    onError,
  })
  const write = () => metrics.timeWork('usage.write', () => recorder.flush())
  const intervalMs = (took: number) =>
    Math.max(WRITE_INTERVAL_MIN_MS, Math.min(took * INTERVAL_PER_WRITE_TIME, WRITE_INTERVAL_MAX_MS))
  const stopWriting = runEvery(write, { intervalMs, onError })
  const rollUp = () => metrics.timeWork('usage.age', () => store.usage.age(now()))
  const stopRollUp = runEvery(rollUp, {
    intervalMs: ROLL_UP_INTERVAL_MS,
    immediately: true,
    onError,
  })
  return {
    recorder,
    async stop() {
      await Promise.all([stopWriting(), stopRollUp()])
      await recorder.flush().catch(onError)
    },
  }
}
