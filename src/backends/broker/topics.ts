// MQTT's own limit on strings (3.1.1 section 1.5.3), and aedes's on levels, below EMQX's 128.
const MAX_BYTES = 65_535
const MAX_LEVELS = 100
// Filters are kept for as long as a session lives, and no real one is as long as MQTT allows.
const MAX_FILTER_BYTES = 4096

const utf8 = new TextEncoder()

/** Why nothing can be published to a topic, as a sentence for people; undefined when it can. */
export function topicNameProblem(topic: string): string | undefined {
  if (/[+#]/.test(topic)) return 'A topic to publish to holds no wildcards (+ or #).'
  if (topic.startsWith('$SYS/')) return 'Topics below $SYS/ are reserved for the broker.'
  return commonProblem(topic)
}

/** Why a topic filter can't be subscribed to, by MQTT 3.1.1 section 4.7; undefined when it can. */
export function topicFilterProblem(filter: string): string | undefined {
  const levels = filter.split('/')
  if (levels.some((level) => level.length > 1 && /[+#]/.test(level))) {
    return 'A wildcard (+ or #) fills a whole level of a topic filter.'
  }
  if (levels.slice(0, -1).includes('#')) return '# stands only at the end of a topic filter.'
  return commonProblem(filter)
}

function commonProblem(topic: string): string | undefined {
  if (topic === '') return 'A topic has at least one character.'
  if (topic.includes('\u0000')) return 'A topic holds no NUL character.'
  if (!topic.isWellFormed()) return 'A topic holds whole Unicode characters only.'
  if (utf8.encode(topic).length > MAX_BYTES) return `A topic has at most ${MAX_BYTES} bytes.`
  if (topic.split('/').length > MAX_LEVELS) return `A topic has at most ${MAX_LEVELS} levels.`
  return undefined
}

/** Whether a topic filter asks for a shared subscription (`$share/…`, or EMQX's `$queue/…`). */
export function isSharedFilter(filter: string): boolean {
  return filter.startsWith('$share/') || filter.startsWith('$queue/')
}

/**
 * Why an embedded broker can't serve a subscription, as a sentence for people; undefined when
 * it can. A filter has at most 4 KiB. The others are limits of aedes: it doesn't deliver to shared
 * subscriptions, what it publishes below $SYS is for itself, and it sends retained messages to
 * every new subscription.
 */
export function subscriptionProblem({
  topic,
  rh = 0,
}: {
  topic: string
  rh?: number
}): string | undefined {
  if (isSharedFilter(topic)) {
    return 'The embedded broker has no shared subscriptions. Connect the deployment to an EMQX for them.'
  }
  if (topic.startsWith('$SYS/')) return 'The embedded broker has no $SYS topics.'
  if (rh !== 0) return 'The embedded broker has no Retain Handling; "rh" must be 0.'
  if (utf8.encode(topic).length > MAX_FILTER_BYTES) {
    return `A topic filter of the embedded broker has at most ${MAX_FILTER_BYTES} bytes.`
  }
  return topicFilterProblem(topic)
}

/** Whether a topic is one that a filter subscribes to (MQTT 3.1.1 section 4.7). */
export function matchesFilter(topic: string, filter: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  // Character by character: most comparisons are over at the first ones, and there are many.
  let at = 0
  for (let i = 0; i < filter.length; i += 1) {
    const character = filter[i]
    if (character === '#') return true
    if (character === '+') {
      const end = topic.indexOf('/', at)
      at = end === -1 ? topic.length : end
    } else if (character === topic[at]) {
      at += 1
    } else {
      // a/# is a subscription to a as well.
      return at === topic.length && filter.slice(i) === '/#'
    }
  }
  return at === topic.length
}
