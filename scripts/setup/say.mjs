/** Prints one line about the set-up; standard output belongs to the command that is started. */
export function say(line) {
  process.stderr.write(`latchkey: ${line}\n`)
}

/** Prints one line and ends the process with a failure. */
export function stop(line) {
  say(line)
  process.exit(1)
}
