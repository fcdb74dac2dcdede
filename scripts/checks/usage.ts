import assert from 'node:assert/strict'
import { compareUsage } from '../../test/harness/usage-load.ts'

/** Whether the record of use is exact after as many calls as are promised. Takes minutes. */
const CALLS = 100_000
const KEYS = 50

const { made, recorded, seconds } = await compareUsage(CALLS, KEYS)
assert.deepEqual(recorded, made)
const total = Object.entries(recorded)
  .filter(([name]) => !name.includes(' from '))
  .reduce((sum, [, count]) => sum + count, 0)
assert.equal(total, CALLS)
const count = (value: number) => Math.round(value).toLocaleString('en')
process.stdout.write(
  `${count(total)} calls by ${KEYS} keys in ${count(seconds)} s: ${count(Object.keys(made).length)} sums, each exact\n`,
)
