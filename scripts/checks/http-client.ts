import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { cases, readWithBoth } from '../../src/http-client/testing/differential.ts'
import { countArgument } from './count-argument.ts'

/**
 * Compares our HTTP client's parser with Node's: whatever ours accepts as a response, Node has to
 * read in the same way.
 *
 *   npm run check:http-client [-- RESPONSES]     SEED=… repeats a run
 */
const responses = countArgument(1_000_000)
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)
const BATCH = 20_000

let accepted = 0
for (let done = 0; done < responses; done += BATCH) {
  const count = Math.min(BATCH, responses - done)
  for (const one of fc.sample(cases, { numRuns: count, seed: seed + done })) {
    const read = await readWithBoth(one)
    if (!read) continue
    accepted += 1
    if (isDeepStrictEqual(read.ours, read.node)) continue
    process.stderr.write(
      `${JSON.stringify({ seed, ...one, bytes: one.bytes.toString('latin1') })}\n`,
    )
    process.stderr.write(`ours ${JSON.stringify(read.ours)}\nnode ${JSON.stringify(read.node)}\n`)
    process.exit(1)
  }
  process.stderr.write(`\r${done + count} of ${responses} responses`)
}
process.stdout.write(
  `\n${responses} responses, seed ${seed}: ours accepted ${accepted}, and Node read each the same\n`,
)
if (accepted < responses / 10) throw new Error('too few were accepted to compare anything')
