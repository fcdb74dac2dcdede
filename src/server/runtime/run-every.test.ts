import { expect, test } from 'vitest'
import { runEvery } from './run-every.ts'

test('goes on where a run fails, never twice at a time, and waits for the last one', async () => {
  const errors: unknown[] = []
  const thrice = Promise.withResolvers<void>()
  let [runs, running, most] = [0, 0, 0]
  const stop = runEvery(
    async () => {
      runs += 1
      running += 1
      most = Math.max(most, running)
      if (runs === 3) thrice.resolve()
      await new Promise((resolve) => setTimeout(resolve, 5))
      running -= 1
      throw new Error(`run ${runs}`)
    },
    { intervalMs: 1, onError: (error) => errors.push(error) },
  )
  await thrice.promise
  await stop()
  expect([runs, running, most, errors.length]).toEqual([3, 0, 1, 3])
})

test('starts at once where it should', async () => {
  let runs = 0
  const work = async () => {
    runs += 1
  }
  const onError = () => {}
  await runEvery(work, { intervalMs: 1000, onError })()
  await runEvery(work, { intervalMs: 1000, immediately: true, onError })()
  expect(runs).toBe(1)
})

test('is told how long a run took where the wait depends on it', async () => {
  const taken: number[] = []
  const thrice = Promise.withResolvers<void>()
  const stop = runEvery(() => new Promise((resolve) => setTimeout(resolve, 5)), {
    intervalMs: (took) => {
      if (taken.push(took) === 3) thrice.resolve()
      return 1
    },
    onError: () => {},
  })
  await thrice.promise
  await stop()
  expect(taken[0]).toBe(0)
  expect(taken.slice(1).every((took) => took > 0)).toBe(true)
})
