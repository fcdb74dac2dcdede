import { benchCalls } from './calls.ts'
import { benchGuard, benchRecording } from './cost.ts'
import { catalogs, measureDecisions } from './decisions.ts'
import { benchLists } from './lists.ts'
import { say, shown, table } from './print.ts'
import { benchScroll } from './scroll.ts'
import { benchStart } from './start.ts'
import { benchTyping } from './typing.ts'

/**
 * Measures and prints, side by side in one run, on loopback:
 *
 *   npm run bench [-- calls|recording|guard|decisions|lists|scroll|typing|start …]
 *
 * All of it takes some twenty-five minutes, and wants a machine with nothing else to do. What isn't on
 * the machine (nginx, PostgreSQL, Chromium) is left out, with a word.
 */
const DECISION_MILLISECONDS = 1000

async function benchDecisions(): Promise<void> {
  const rows = Object.values(catalogs).map((catalogOf) => {
    const catalog = catalogOf()
    measureDecisions(catalog, DECISION_MILLISECONDS / 4)
    const rate = measureDecisions(catalog, DECISION_MILLISECONDS)
    return { operations: catalog.operations.length, rate }
  })
  say('Decisions by the access rules')
  table(
    ['', 'per second'],
    rows.map(({ operations, rate }) => [`with ${operations} operations`, shown(rate)]),
  )
}

const sections: Record<string, () => Promise<void>> = {
  calls: benchCalls,
  recording: benchRecording,
  guard: benchGuard,
  decisions: benchDecisions,
  lists: benchLists,
  scroll: benchScroll,
  typing: benchTyping,
  start: benchStart,
}

const wanted = process.argv.slice(2)
const unknown = wanted.find((name) => !Object.hasOwn(sections, name))
if (unknown !== undefined) {
  say(`There is no section ${unknown}. There are: ${Object.keys(sections).join(', ')}.`)
  process.exitCode = 2
} else {
  for (const [name, bench] of Object.entries(sections)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue
    await bench()
    say()
  }
}
