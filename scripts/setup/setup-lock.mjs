import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

// Longer than any set-up takes, so an older lock was left by a process that was killed.
const STALE_AFTER_MS = 10 * 60_000
const POLL_MS = 200

/** A lock file: two commands that start together set up one after the other. */
export class SetupLock {
  #file
  #isHeld = false

  constructor(file) {
    this.#file = file
  }

  /** Waits until this process holds the lock; `onWait` is called once if another one holds it. */
  acquire(onWait) {
    if (this.#isHeld) return
    mkdirSync(dirname(this.#file), { recursive: true })
    for (let attempt = 0; !this.#tryAcquire(); attempt += 1) {
      if (attempt === 0) onWait()
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS)
    }
    this.#isHeld = true
    process.once('exit', () => this.release())
  }

  release() {
    if (this.#isHeld) rmSync(this.#file, { force: true })
    this.#isHeld = false
  }

  #tryAcquire() {
    try {
      writeFileSync(this.#file, String(process.pid), { flag: 'wx' })
      return true
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (this.#isStale()) rmSync(this.#file, { force: true })
    return false
  }

  #isStale() {
    try {
      if (Date.now() - statSync(this.#file).mtimeMs > STALE_AFTER_MS) return true
      const owner = Number(readFileSync(this.#file, 'utf8'))
      // Another container can reuse process ids, this process's among them.
      if (owner === process.pid) return true
      process.kill(owner, 0)
      return false
    } catch (error) {
      // EPERM: the owner is alive and belongs to another user.
      return error.code !== 'EPERM'
    }
  }
}
